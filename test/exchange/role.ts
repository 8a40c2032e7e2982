import type { Element } from '../../src/xmpp/element.js';

/** Somebody of a story, however he comes to the hub. */
export interface Role {
  /** His address: the full one of a connection, or the bare one of a presence. */
  readonly jid: string;
  /** Comes, by a login or by being announced. */
  arrives(password?: string): Promise<void>;
  /** Goes in order. */
  leaves(): Promise<void>;
  /** Sends one stanza, written as XML. */
  sends(xml: string): void;
  /** Waits for a stanza that fits the pattern, and takes it. Rejects with all that came instead. */
  receives(pattern: string): Promise<Element>;
  /** What came and nothing took. */
  readonly unread: readonly Element[];
}
