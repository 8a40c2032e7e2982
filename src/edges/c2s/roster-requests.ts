import { HubError } from '../../domain/errors.js';
import { Jid } from '../../domain/jid.js';
import type { SetItem } from '../../services/roster/set-item.js';
import { type Element, element } from '../../xmpp/element.js';
import { NS } from '../../xmpp/namespaces.js';
import type { RosterPorts } from './ports.js';
import type { Resource } from './resource.js';
import { type RosterPush, rosterItem } from './roster-push.js';
import type { Subscriptions } from './subscriptions.js';

/** What a client asks of its own roster (RFC 6121 §2). */
export class RosterRequests {
  private readonly rosters: RosterPorts;
  private readonly push: RosterPush;
  private readonly subscriptions: Subscriptions;

  constructor(rosters: RosterPorts, push: RosterPush, subscriptions: Subscriptions) {
    this.rosters = rosters;
    this.push = push;
    this.subscriptions = subscriptions;
  }

  /** The whole roster; from now on the resource gets pushes. */
  get(_query: Element, resource: Resource): Element {
    resource.interested = true;
    const items = [...this.rosters.directory.of(resource.jid.local).values()];
    return element('query', NS.roster, {}, ...items.filter(({ listed }) => listed).map(rosterItem));
  }

  /** Adds, changes or removes one contact. Resolves when that is on the disk and pushed. */
  async set(query: Element, resource: Resource): Promise<undefined> {
    const [item, second] = query.elements();
    if (item === undefined || second !== undefined || !item.is('item', NS.roster))
      throw new HubError('bad-request', 'A roster set has exactly one item.');
    const own = resource.jid.toBare();
    const contact = Jid.parse(item.attribute('jid') ?? '');
    if (contact.resource !== '') throw new HubError('bad-request', 'A contact is a bare address.');
    if (contact.bare === own.bare) throw new HubError('not-allowed', 'You are no contact of your own.');
    if (item.attribute('subscription') === 'remove') {
      const removed = await this.rosters.remove.run(own.local, contact.bare);
      this.push.removed(own.local, contact.bare);
      this.subscriptions.ended(own, removed);
    } else this.push.set(own.local, await this.rosters.set.run(own.local, readItem(item, contact)));
    return undefined;
  }
}

function readItem(item: Element, contact: Jid): SetItem {
  const name = item.attribute('name');
  const groups = item.elements().filter((child) => child.is('group', NS.roster));
  return {
    jid: contact.bare,
    ...(name !== undefined && { name }),
    groups: groups.map((group) => group.text()),
  };
}
