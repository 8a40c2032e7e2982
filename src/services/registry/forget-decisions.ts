import { deviceAddress, type NodeAddress, sameAddress } from '../../domain/node-address.js';
import type { Thing } from '../../domain/thing.js';
import { questions, rules, things } from '../../storage/keys.js';
import type { Transaction } from '../../storage/store.js';
import { joinKey } from '../../storage/table.js';
import { withdrawQuestion } from '../provisioning/withdraw-question.js';
import { addressOf } from './claim-hash.js';

/**
 * Forgets what was decided about a thing, and about the device it stands behind, once nothing there is of the owner who
 * decided any more. Whether a device lost rules that has other things still: its cache is to be cleared.
 */
export async function forgetDecisions(transaction: Transaction, gone: Thing): Promise<boolean> {
  const device = deviceAddress(gone.jid);
  let alone = true;
  let shared = false;
  for await (const [, other] of transaction.scan(things, { prefix: `${joinKey([gone.jid])}\u0000` })) {
    if (sameAddress(other, gone)) continue;
    alone = false;
    shared = other.owner === gone.owner;
    if (shared) break;
  }
  const own = await forgetAbout(transaction, addressOf(gone), () => true);
  if (shared) return own && sameAddress(gone, device);
  const common = await forgetAbout(transaction, device, (owner) => alone || owner === gone.owner);
  return !alone && (common || (own && sameAddress(gone, device)));
}

/** Whether there were rules. */
async function forgetAbout(
  transaction: Transaction,
  thing: NodeAddress,
  decidedBy: (owner: string) => boolean,
): Promise<boolean> {
  const prefix = `${things.encode(thing)}\u0000`;
  let found = false;
  for await (const [key, rule] of transaction.scan(rules, { prefix })) {
    if (!decidedBy(rule.by)) continue;
    transaction.delete(rules, key);
    found = true;
  }
  for await (const [, question] of transaction.scan(questions, { prefix })) {
    if (decidedBy(question.owner)) await withdrawQuestion(transaction, question);
  }
  return found;
}
