import type { Assurance } from '../domain/command.js';
import type { Jid } from '../domain/jid.js';
import type { Element } from './element.js';

/** Which door a stanza came through. */
export type Edge = 'c2s' | 'link-local' | 'uplink' | 'component' | 'local';

/** Who is at the other end of an edge. */
export interface Peer {
  /** The peer's full JID as the edge verified it. */
  readonly jid: Jid;
  readonly edge: Edge;
  readonly assurance: Assurance;
  /** The TLS certificate that the peer showed: its SHA-256 fingerprint in lower-case hex. Without one it showed none. */
  readonly certificate?: string | undefined;
  /** Hands a stanza to the peer. Never throws; a stanza to a closed peer is dropped. */
  send(stanza: Element): void;
  /** The same where a stream may have to be opened first: resolves with whether the stanza left. Never rejects. */
  deliver?(stanza: Element): Promise<boolean>;
}
