import { HubError } from '../../domain/errors.js';
import { Jid } from '../../domain/jid.js';
import type { RosterItem } from '../../domain/roster-item.js';
import { isSubscriptionType } from '../../domain/subscription.js';
import type { RosterDirectory } from '../../services/roster/roster-directory.js';
import { type Element, element } from '../../xmpp/element.js';
import { NS } from '../../xmpp/namespaces.js';
import type { Router } from '../../xmpp/router.js';
import { failureReply } from '../../xmpp/stanza.js';
import type { Resource } from './resource.js';
import type { ResourceTable } from './resource-table.js';
import type { Subscriptions } from './subscriptions.js';

/** Most addresses that one resource may tell of its presence without a subscription. */
const MAX_DIRECTED = 1000;

/** The presence that clients of the domain send (RFC 6121 §4). */
export class PresenceDesk {
  private readonly table: ResourceTable;
  private readonly directory: RosterDirectory;
  private readonly subscriptions: Subscriptions;
  private readonly router: Router;
  private readonly reachable: (resource: Resource) => void;

  /** `reachable` is called when a resource became available that was not. */
  constructor(
    table: ResourceTable,
    directory: RosterDirectory,
    subscriptions: Subscriptions,
    router: Router,
    reachable: (resource: Resource) => void,
  ) {
    this.table = table;
    this.directory = directory;
    this.subscriptions = subscriptions;
    this.router = router;
    this.reachable = reachable;
  }

  /** Takes a presence stanza of a client, `from` stamped. */
  take(stanza: Element, resource: Resource): void {
    try {
      const type = stanza.attribute('type');
      if (stanza.attribute('to') !== undefined) this.direct(stanza, type, resource);
      else if (type === undefined) this.available(stanza, resource);
      else if (type === 'unavailable') this.unavailable(stanza, resource);
      else if (type !== 'error' && type !== 'probe')
        throw new HubError('bad-request', 'Presence of this type needs a receiver.');
    } catch (error) {
      if (stanza.attribute('type') !== 'error') resource.send(failureReply(stanza, error));
      if (!(error instanceof HubError)) throw error;
    }
  }

  /** The stream is over: whoever saw the resource available hears that it is not any more (RFC 6121 §4.5.4). */
  ended(resource: Resource): void {
    this.unavailable(
      element('presence', NS.client, { type: 'unavailable', from: resource.jid.full }),
      resource,
    );
  }

  private direct(stanza: Element, type: string | undefined, resource: Resource): void {
    if (isSubscriptionType(type)) {
      this.subscriptions.outbound(stanza, type, resource);
      return;
    }
    const to = Jid.parse(stanza.attribute('to') ?? '');
    if (type === undefined) {
      const directed = resource.directed ?? new Set();
      if (directed.size >= MAX_DIRECTED && !directed.has(to.full)) throw new HubError('limit-reached');
      resource.directed = directed.add(to.full);
    } else if (type === 'unavailable') resource.directed?.delete(to.full);
    else if (type !== 'error' && type !== 'probe')
      throw new HubError('bad-request', 'There is no presence of this type.');
    this.router.route(stanza, resource);
  }

  private available(stanza: Element, resource: Resource): void {
    resource.priority = priorityOf(stanza);
    const first = resource.presence === undefined;
    resource.presence = stanza;
    const roster = this.directory.of(resource.jid.local);
    this.broadcast(stanza, roster.values(), resource);
    for (const other of this.table.available(resource.jid.local))
      other.send(stanza.withAttributes({ to: resource.jid.bare }));
    if (first) this.arrive(roster, resource);
  }

  /** What follows initial presence: who else is here, who is available, who asks (RFC 6121 §4.2.2, §4.3). */
  private arrive(roster: ReadonlyMap<string, RosterItem>, resource: Resource): void {
    for (const other of this.table.available(resource.jid.local)) {
      if (other !== resource && other.presence !== undefined)
        resource.send(other.presence.withAttributes({ to: resource.jid.full }));
    }
    for (const { jid, subscription } of roster.values()) {
      if (subscription === 'to' || subscription === 'both')
        this.router.route(
          element('presence', NS.client, { type: 'probe', from: resource.jid.full, to: jid }),
          resource,
        );
    }
    this.subscriptions.showPending(roster.values(), resource);
    this.reachable(resource);
  }

  private unavailable(stanza: Element, resource: Resource): void {
    const was = resource.presence;
    const directed = resource.directed;
    resource.presence = undefined;
    resource.priority = 0;
    resource.directed = undefined;
    const roster = this.directory.of(resource.jid.local);
    if (was !== undefined) {
      this.broadcast(stanza, roster.values(), resource);
      for (const other of this.table.available(resource.jid.local))
        other.send(stanza.withAttributes({ to: resource.jid.bare }));
    }
    for (const to of directed ?? []) {
      if (was === undefined || !seesPresence(roster.get(Jid.parse(to).bare)))
        this.router.route(stanza.withAttributes({ to }), resource);
    }
  }

  private broadcast(stanza: Element, roster: Iterable<RosterItem>, resource: Resource): void {
    for (const item of roster) {
      if (seesPresence(item)) this.router.route(stanza.withAttributes({ to: item.jid }), resource);
    }
  }
}

/** Whether the contact gets the account's presence. */
export function seesPresence(item: RosterItem | undefined): boolean {
  return item?.subscription === 'from' || item?.subscription === 'both';
}

/** The priority of a presence stanza, 0 if it has none. Refuses what is no whole number from −128 to 127. */
function priorityOf(stanza: Element): number {
  const text = stanza.child('priority')?.text().trim();
  if (text === undefined || text === '') return 0;
  const priority = /^[+-]?\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  if (!(priority >= -128 && priority <= 127))
    throw new HubError('bad-request', 'A priority is a whole number from -128 to 127.');
  return priority;
}
