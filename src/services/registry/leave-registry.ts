import { deviceAddress } from '../../domain/node-address.js';
import type { Thing } from '../../domain/thing.js';
import { notices, things } from '../../storage/keys.js';
import type { Transaction } from '../../storage/store.js';
import { notify } from '../notices.js';
import { addressOf, relistClaims } from './claim-hash.js';
import { forgetDecisions } from './forget-decisions.js';

/** Takes a thing out of the registry within the transaction, with whatever was decided about it. `at` is now. */
export async function leaveRegistry(transaction: Transaction, thing: Thing, at: number): Promise<void> {
  relistClaims(transaction, thing, undefined);
  transaction.delete(things, addressOf(thing));
  if (thing.disowning !== undefined) transaction.delete(notices, thing.disowning);
  if (!(await forgetDecisions(transaction, thing))) return;
  const body = { operation: 'clear-cache', thing: deviceAddress(thing.jid) } as const;
  await notify(transaction, { to: thing.jid, body, createdAt: at });
}
