import type { Caller } from '../../domain/command.js';
import { ownerManners } from '../../storage/keys.js';
import type { Transaction } from '../../storage/store.js';

/** Remembers how an owner's program talks, so that questions reach him in its words. */
export function rememberManner(transaction: Transaction, caller: Caller): void {
  if (caller.dialect === undefined) return;
  transaction.put(ownerManners, caller.jid, { generation: caller.dialect, hub: caller.hub });
}
