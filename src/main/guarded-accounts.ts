import type { Jid } from '../domain/jid.js';
import type { Guard } from '../services/provisioning/guard.js';
import type { Element } from '../xmpp/element.js';
import type { Peer } from '../xmpp/peer.js';
import type { Destination } from '../xmpp/router.js';
import { errorReply, mayFail } from '../xmpp/stanza.js';

/** Presence that ends something never does harm. */
const PARTING: ReadonlySet<string> = new Set(['unsubscribe', 'unsubscribed', 'unavailable', 'error']);

/** The local accounts, things among them behind their guard. */
export class GuardedAccounts implements Destination {
  private readonly accounts: Destination;
  private readonly guard: Guard;

  constructor(accounts: Destination, guard: Guard) {
    this.accounts = accounts;
    this.guard = guard;
  }

  serves(to: Jid): boolean {
    return this.accounts.serves(to);
  }

  receive(stanza: Element, to: Jid, peer: Peer): void {
    const from = peer.jid.bare;
    const type = stanza.attribute('type') ?? '';
    const parting = stanza.name === 'presence' && PARTING.has(type);
    if (peer.assurance === 'local' || parting || this.guard.allows(from, to.bare)) {
      this.accounts.receive(stanza, to, peer);
      return;
    }
    this.guard.refused(from, to.bare);
    if (stanza.name === 'presence') {
      if (type === 'subscribe') this.guard.asksFor(to.bare, from);
    } else if (mayFail(stanza)) {
      // What nobody answers and what is kept away look the same, so that strangers learn nothing of the thing.
      peer.send(errorReply(stanza, 'service-unavailable'));
    }
  }
}
