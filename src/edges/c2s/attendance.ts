import { HubError } from '../../domain/errors.js';
import type { Jid } from '../../domain/jid.js';
import type { Log } from '../../system/log.js';
import type { Element } from '../../xmpp/element.js';
import type { Router } from '../../xmpp/router.js';
import type { AccountManagement } from './account-management.js';
import type { PresenceDesk } from './presence-desk.js';
import type { ClientDesk, Resource } from './resource.js';
import type { ResourceTable } from './resource-table.js';

/** Who is here: resources come, send, and go. */
export class Attendance implements ClientDesk {
  private readonly table: ResourceTable;
  private readonly desk: PresenceDesk;
  private readonly management: AccountManagement;
  private readonly router: Router;
  private readonly gone: (resource: Resource) => void;
  private readonly log: Log;

  /** `gone` is called once for each resource whose stream is over. */
  constructor(
    table: ResourceTable,
    desk: PresenceDesk,
    management: AccountManagement,
    router: Router,
    gone: (resource: Resource) => void,
    log: Log,
  ) {
    this.table = table;
    this.desk = desk;
    this.management = management;
    this.router = router;
    this.gone = gone;
    this.log = log;
  }

  /** How many resources an account has bound beside this one, which would give way. */
  countBeside(jid: Jid): number {
    return this.table.of(jid.local).filter((other) => other.jid.resource !== jid.resource).length;
  }

  /** A resource is bound. One of the same full JID gives way to it (RFC 6120 §7.7.2.2). */
  arrive(resource: Resource): void {
    const old = this.table.find(resource.jid.local, resource.jid.resource);
    if (old !== undefined) {
      this.leave(old);
      old.stream.fail('conflict', 'Another client took this resource.');
    }
    this.table.add(resource);
  }

  /** A resource's stream is over, or will be at once. Doing it twice does nothing. */
  leave(resource: Resource): void {
    if (!this.table.remove(resource)) return;
    try {
      this.desk.ended(resource);
    } catch (error) {
      this.log.error('The end of a client could not be told.', { error: String(error) });
    }
    this.gone(resource);
  }

  request(stanza: Element, resource: Resource): void {
    if (this.management.take(stanza, resource)) return;
    const addressed =
      stanza.attribute('to') === undefined ? stanza.withAttributes({ to: resource.jid.bare }) : stanza;
    this.router.route(addressed, resource);
  }

  presence(stanza: Element, resource: Resource): void {
    try {
      this.desk.take(stanza, resource);
    } catch (error) {
      if (!(error instanceof HubError))
        this.log.error('A presence stanza failed inside the hub.', { error: String(error) });
    }
  }
}
