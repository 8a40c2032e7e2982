import type { Peer } from '../xmpp/peer.js';

/** The sessions of an edge. */
export interface Sessions {
  /** All sessions of a bare JID that are logged in. */
  sessionsOf(bare: string): readonly Peer[];
  /** Those of them that are available, best priority first. */
  availableOf(bare: string): readonly Peer[];
}

/** Through which session a bare JID is reached: the one that last asked the hub something, else an available one. */
export class Contacts {
  private readonly lastToAsk = new Map<string, Peer>();
  private readonly sessions: Sessions;

  constructor(sessions: Sessions) {
    this.sessions = sessions;
  }

  /** A peer was answered. */
  asked(peer: Peer): void {
    this.lastToAsk.set(peer.jid.bare, peer);
  }

  /** A peer is gone. */
  gone(peer: Peer): void {
    if (this.lastToAsk.get(peer.jid.bare)?.jid.full === peer.jid.full) this.lastToAsk.delete(peer.jid.bare);
  }

  /** The session that takes requests for this bare JID. */
  reach(bare: string): Peer | undefined {
    const last = this.lastToAsk.get(bare);
    if (last !== undefined && this.sessions.sessionsOf(bare).some((peer) => peer.jid.full === last.jid.full))
      return last;
    return this.sessions.availableOf(bare)[0];
  }

  /** Whether somebody is there to read a message. */
  reads(bare: string): boolean {
    return this.sessions.availableOf(bare).length > 0;
  }
}
