import type { Peer } from '../xmpp/peer.js';

/** The sessions of an edge. */
export interface Sessions {
  /** All sessions of a bare JID that are logged in. */
  sessionsOf(bare: string): readonly Peer[];
  /** Those of them that are available, best priority first. */
  availableOf(bare: string): readonly Peer[];
}

/** A session, and whether it is known to be a thing: one that asked the hub what only things ask. */
export interface Contact {
  readonly peer: Peer;
  readonly known: boolean;
}

/** Through which session a thing (bare JID) is reached: the one that last spoke as a thing, else those available. */
export class Contacts {
  private readonly lastToAsk = new Map<string, Peer>();
  private readonly sessions: Sessions;

  constructor(sessions: Sessions) {
    this.sessions = sessions;
  }

  /** A peer asks, or was answered, what only things ask. Whether it is another than before. */
  asked(peer: Peer): boolean {
    // Its answer may have come after its end: what is gone would never be forgotten.
    if (this.lastToAsk.get(peer.jid.bare) === peer || !this.isHere(peer)) return false;
    this.lastToAsk.set(peer.jid.bare, peer);
    return true;
  }

  /** A peer is gone. */
  gone(peer: Peer): void {
    if (this.lastToAsk.get(peer.jid.bare) === peer) this.lastToAsk.delete(peer.jid.bare);
  }

  /** The sessions that requests for this bare JID go to, the most likely first. */
  reach(bare: string): readonly Contact[] {
    const last = this.lastToAsk.get(bare);
    const others = this.sessions.availableOf(bare).filter((peer) => peer !== last);
    const contacts = others.map((peer) => ({ peer, known: false }));
    return last === undefined ? contacts : [{ peer: last, known: true }, ...contacts];
  }

  /** Whether this session is still there. */
  isHere(peer: Peer): boolean {
    return this.sessions.sessionsOf(peer.jid.bare).includes(peer);
  }
}
