import type { Tokens } from '../domain/access.js';

/**
 * Who reads or sets something of a thing. Where the thing must read or set something of others for that, it passes this on:
 * then those decide on his behalf, and he answers for his tokens [0324 3.1.3, 6.6].
 */
export interface Requester {
  /** Full JID. */
  readonly jid: string;
  /** The tokens that came with his request. */
  readonly tokens: Tokens;
}
