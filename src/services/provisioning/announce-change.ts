import type { NodeAddress } from '../../domain/node-address.js';
import type { Transaction } from '../../storage/store.js';
import { notify } from '../notices.js';

/** Whom a thing befriends and leaves because a rule changed; both may be empty. Bare JIDs. */
export interface FriendshipChange {
  readonly friends?: readonly string[];
  readonly strangers?: readonly string[];
}

/**
 * Tells the thing of a changed rule: first to forget its cached answers, and once it has acknowledged that, whom to
 * befriend or to leave. The other way round it would act on a cached answer [0324 3.2.3, 3.2.4, 3.5.1].
 */
export async function announceChange(
  transaction: Transaction,
  thing: NodeAddress,
  { friends = [], strangers = [] }: FriendshipChange,
  createdAt: number,
): Promise<void> {
  const to = thing.jid;
  const after = await notify(transaction, { to, body: { operation: 'clear-cache', thing }, createdAt });
  for (const jid of friends)
    await notify(transaction, { to, body: { operation: 'friend', thing, jid }, createdAt, after });
  for (const jid of strangers)
    await notify(transaction, { to, body: { operation: 'unfriend', thing, jid }, createdAt, after });
}
