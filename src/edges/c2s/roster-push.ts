import type { RosterItem } from '../../domain/roster-item.js';
import type { Random } from '../../system/random.js';
import { type Element, element } from '../../xmpp/element.js';
import { NS } from '../../xmpp/namespaces.js';
import type { ResourceTable } from './resource-table.js';

/** Tells an account's interested resources of changes to its roster (RFC 6121 §2.1.6). */
export class RosterPush {
  private readonly table: ResourceTable;
  private readonly random: Random;

  constructor(table: ResourceTable, random: Random) {
    this.table = table;
    this.random = random;
  }

  /** Pushes the difference between two states of an item, if a client can see one. */
  changed(account: string, before: RosterItem | undefined, after: RosterItem | undefined): void {
    const [old, now] = [visible(before), visible(after)];
    if (now !== undefined && !sameView(old, now)) this.push(account, rosterItem(now));
    else if (now === undefined && old !== undefined) this.removed(account, old.jid);
  }

  /** Pushes an item whatever it was before. */
  set(account: string, item: RosterItem): void {
    this.push(account, rosterItem(item));
  }

  /** Pushes that a contact is gone. */
  removed(account: string, jid: string): void {
    this.push(account, element('item', NS.roster, { jid, subscription: 'remove' }));
  }

  /** A push carries no `from`: clients ignore one that has another address than they expect. */
  private push(account: string, item: Element): void {
    const query = element('query', NS.roster, {}, item);
    for (const resource of this.table.interested(account)) {
      resource.send(
        element('iq', NS.client, { type: 'set', id: this.random.id(), to: resource.jid.full }, query),
      );
    }
  }
}

/** A roster item as clients see it (RFC 6121 §2.1.2). */
export function rosterItem(item: RosterItem): Element {
  const { jid, name, subscription, ask } = item;
  return element(
    'item',
    NS.roster,
    { jid, name, subscription, ask: ask ? 'subscribe' : undefined },
    ...item.groups.map((group) => element('group', NS.roster, {}, group)),
  );
}

function visible(item: RosterItem | undefined): RosterItem | undefined {
  return item?.listed ? item : undefined;
}

function sameView(a: RosterItem | undefined, b: RosterItem): boolean {
  return a !== undefined && a.subscription === b.subscription && a.ask === b.ask;
}
