import type { NodeAddress } from './node-address.js';

/**
 * Something that a thing or an owner must be told, kept until it is acknowledged: an iq until its answer, a message
 * until it is handed to a stream.
 */
export interface Notice {
  /** Position in the outbox; notices to one receiver leave in this order. */
  readonly seq: number;
  /** Bare JID of the receiver. */
  readonly to: string;
  readonly body: NoticeBody;
  /** Waits until the notice with this number is acknowledged, or the later one that took its place. */
  readonly after?: number;
  readonly createdAt: number;
}

/** What a notice says. `ask` holds every question about a thing that came up since the owner was last told. */
export type NoticeBody =
  | {
      readonly operation: 'claimed';
      readonly thing: NodeAddress;
      readonly owner: string;
      readonly public: boolean;
    }
  | { readonly operation: 'removed' | 'disowned'; readonly thing: NodeAddress; readonly owner: string }
  | { readonly operation: 'clear-cache'; readonly thing: NodeAddress }
  | { readonly operation: 'friend' | 'unfriend'; readonly thing: NodeAddress; readonly jid: string }
  | {
      readonly operation: 'ask';
      readonly thing: NodeAddress;
      readonly questions: readonly { readonly number: number; readonly caller: string }[];
    }
  | { readonly operation: 'tell'; readonly text: string };
