import type { Jid } from '../../domain/jid.js';
import type { Peer } from '../../xmpp/peer.js';

/** An account as the sender of what the server says for it: its bare JID. Nobody answers such stanzas. */
export function accountPeer(jid: Jid): Peer {
  return { jid, edge: 'c2s', assurance: 'sasl', send: () => undefined };
}
