import type { Peer } from '../xmpp/peer.js';
import type { Sessions } from './contacts.js';

type PeerListener = (peer: Peer) => void;

/** A way to things and people: the sessions it has, and word of those that come and go. */
export interface Edge extends Sessions {
  onReachable(listener: PeerListener): void;
  onGone(listener: PeerListener): void;
}

/** All ways to things and people. One who is reached by several is reached by the one that was added first. */
export class Edges implements Sessions {
  private readonly edges: Edge[] = [];

  /** Adds a way; those added first come first. */
  add(edge: Edge): void {
    this.edges.push(edge);
  }

  sessionsOf(bare: string): readonly Peer[] {
    return this.edges.flatMap((edge) => edge.sessionsOf(bare));
  }

  availableOf(bare: string): readonly Peer[] {
    return this.edges.flatMap((edge) => edge.availableOf(bare));
  }
}
