import { Jid } from '../domain/jid.js';
import type { RosterItem } from '../domain/roster-item.js';
import type { Element } from '../xmpp/element.js';
import { element } from '../xmpp/element.js';
import { NS } from '../xmpp/namespaces.js';
import type { Peer } from '../xmpp/peer.js';
import type { Router } from '../xmpp/router.js';

/**
 * The registry as a contact [0347 5.3]: it asks back first and accepts once it was accepted, in the order that clients
 * rely on. It has no presence of its own, and keeps no state: who accepted whom stands in the account's roster.
 */
export class HubPresence {
  private readonly router: Router;
  private readonly rosterItem: (account: Jid, contact: string) => RosterItem | undefined;

  /** `rosterItem` finds the contact (bare JID) in the roster of a local account. */
  constructor(router: Router, rosterItem: (account: Jid, contact: string) => RosterItem | undefined) {
    this.router = router;
    this.rosterItem = rosterItem;
  }

  /** Takes a presence stanza that somebody sent to the hub. */
  receive(stanza: Element, to: Jid, peer: Peer): void {
    const from = Jid.parse(peer.jid.bare);
    const item = this.rosterItem(from, to.bare);
    switch (stanza.attribute('type')) {
      case 'subscribe': {
        const accepted = item?.subscription === 'from' || item?.subscription === 'both';
        this.send(accepted ? 'subscribed' : 'subscribe', to, from);
        return;
      }
      case 'subscribed':
        if (item?.ask) this.send('subscribed', to, from);
        return;
      case 'unsubscribe':
        this.send('unsubscribed', to, from);
        this.send('unsubscribe', to, from);
        return;
      default:
    }
  }

  /** Asks for the presence of a thing that does not let the hub see it yet. */
  follow(thing: Jid, hub: Jid): void {
    const subscription = this.rosterItem(thing, hub.bare)?.subscription;
    if (subscription !== 'from' && subscription !== 'both') this.send('subscribe', hub, thing);
  }

  private send(type: string, hub: Jid, to: Jid): void {
    const self: Peer = { jid: hub.toBare(), edge: 'local', assurance: 'local', send: () => undefined };
    this.router.route(element('presence', NS.client, { type, from: hub.bare, to: to.bare }), self);
  }
}
