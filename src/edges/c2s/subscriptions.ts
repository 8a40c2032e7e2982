import { HubError } from '../../domain/errors.js';
import { Jid } from '../../domain/jid.js';
import type { RosterItem } from '../../domain/roster-item.js';
import type { SubscriptionType } from '../../domain/subscription.js';
import { subscriptionState } from '../../domain/subscription.js';
import type { SubscriptionChange } from '../../services/roster/change-subscription.js';
import type { Log } from '../../system/log.js';
import { type Element, element } from '../../xmpp/element.js';
import { NS } from '../../xmpp/namespaces.js';
import type { Peer } from '../../xmpp/peer.js';
import type { Router } from '../../xmpp/router.js';
import { failureReply } from '../../xmpp/stanza.js';
import { accountPeer } from './account-peer.js';
import type { RosterPorts } from './ports.js';
import type { Resource } from './resource.js';
import type { ResourceTable } from './resource-table.js';
import type { RosterPush } from './roster-push.js';

/** The stanzas that change subscriptions, for the accounts of the domain (RFC 6121 §3). */
export class Subscriptions {
  private readonly table: ResourceTable;
  private readonly change: RosterPorts['change'];
  private readonly push: RosterPush;
  private readonly router: Router;
  private readonly log: Log;

  constructor(
    table: ResourceTable,
    change: RosterPorts['change'],
    push: RosterPush,
    router: Router,
    log: Log,
  ) {
    this.table = table;
    this.change = change;
    this.push = push;
    this.router = router;
    this.log = log;
  }

  /** A client sends one; errors come back to it. Addresses become bare (RFC 6121 §3.1.2). */
  outbound(stanza: Element, type: SubscriptionType, resource: Resource): void {
    const contact = Jid.parse(stanza.attribute('to') ?? '').toBare();
    const own = resource.jid.toBare();
    if (contact.bare === own.bare) return;
    const sent = stanza.withAttributes({ from: own.bare, to: contact.bare });
    this.change.run(own.local, { direction: 'outbound', type, contact: contact.bare }).then(
      (change) => this.sendOut(sent, type, contact, own, change, resource),
      (error: unknown) => {
        this.report(error);
        resource.send(failureReply(stanza.withAttributes({ from: own.bare }), error));
      },
    );
  }

  private sendOut(
    sent: Element,
    type: SubscriptionType,
    contact: Jid,
    own: Jid,
    change: SubscriptionChange,
    resource: Resource,
  ): void {
    const lost = type === 'unsubscribed' && subscriptionState(change.before).from === 'yes';
    if (lost) this.tellPresence(own, contact.bare, false);
    if (change.passes) this.router.route(sent, resource);
    this.push.changed(own.local, change.before, change.item);
    if (type === 'subscribed' && change.passes) this.tellPresence(own, contact.bare, true);
  }

  /** One comes to an account of the domain from a contact, as its edge verified it. */
  inbound(stanza: Element, type: SubscriptionType, to: Jid, from: Peer): void {
    const own = to.toBare();
    const contact = from.jid.bare;
    if (contact === own.bare) return;
    const got = stanza.withAttributes({ from: contact, to: own.bare });
    this.change.run(own.local, { direction: 'inbound', type, contact }).then(
      (change) => this.takeIn(got, type, own, contact, change),
      (error: unknown) => {
        this.report(error);
        from.send(failureReply(stanza, error));
      },
    );
  }

  private takeIn(
    got: Element,
    type: SubscriptionType,
    own: Jid,
    contact: string,
    change: SubscriptionChange,
  ): void {
    if (change.agrees) this.say('subscribed', own, contact);
    if (change.passes) {
      const receivers =
        type === 'subscribe' ? this.table.available(own.local) : this.table.interested(own.local);
      for (const resource of receivers) resource.send(got);
    }
    this.push.changed(own.local, change.before, change.item);
    const lost = type === 'unsubscribe' && subscriptionState(change.before).from === 'yes';
    if (lost) this.tellPresence(own, contact, false);
  }

  /** Ends what an item that is deleted recorded (RFC 6121 §2.5.2). */
  ended(own: Jid, item: RosterItem): void {
    const state = subscriptionState(item);
    if (state.to !== 'no') this.say('unsubscribe', own, item.jid);
    if (state.from === 'yes') this.tellPresence(own, item.jid, false);
    if (state.from !== 'no') this.say('unsubscribed', own, item.jid);
  }

  /** The requests that wait for an answer of the account are shown again to a resource (RFC 6121 §3.1.3). */
  showPending(items: Iterable<RosterItem>, resource: Resource): void {
    for (const item of items) {
      if (item.pendingIn)
        resource.send(
          element('presence', NS.client, { type: 'subscribe', from: item.jid, to: resource.jid.bare }),
        );
    }
  }

  /** The contact hears of the available resources that they are there, or are not for it any more. */
  private tellPresence(own: Jid, contact: string, available: boolean): void {
    for (const resource of this.table.available(own.local)) {
      const presence = available
        ? (resource.presence ?? element('presence', NS.client)).withAttributes({ to: contact })
        : element('presence', NS.client, { type: 'unavailable', from: resource.jid.full, to: contact });
      this.router.route(presence, resource);
    }
  }

  /** The server sends a contact a stanza for an account, as the account. */
  say(type: SubscriptionType, own: Jid, contact: string): void {
    this.router.route(
      element('presence', NS.client, { type, from: own.bare, to: contact }),
      accountPeer(own),
    );
  }

  private report(error: unknown): void {
    if (!(error instanceof HubError))
      this.log.error('A subscription could not be changed.', { error: String(error) });
  }
}
