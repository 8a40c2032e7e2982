import { deviceAddress, type NodeAddress, sameAddress } from '../../domain/node-address.js';
import type { Thing } from '../../domain/thing.js';
import { questions, rules, things } from '../../storage/keys.js';
import type { Transaction } from '../../storage/store.js';
import { joinKey } from '../../storage/table.js';
import { withdrawQuestion } from '../provisioning/withdraw-question.js';
import { addressOf } from './claim-hash.js';

/**
 * Forgets what was decided about a thing, and about the device it stands behind, once nothing there is of the owner who
 * decided any more.
 */
export async function forgetDecisions(transaction: Transaction, gone: Thing): Promise<void> {
  let alone = true;
  for await (const [, other] of transaction.scan(things, { prefix: `${joinKey([gone.jid])}\u0000` })) {
    if (sameAddress(other, gone)) continue;
    if (other.owner === gone.owner) return forgetAbout(transaction, addressOf(gone), () => true);
    alone = false;
  }
  await forgetAbout(transaction, addressOf(gone), () => true);
  await forgetAbout(transaction, deviceAddress(gone.jid), (owner) => alone || owner === gone.owner);
}

async function forgetAbout(
  transaction: Transaction,
  thing: NodeAddress,
  decidedBy: (owner: string) => boolean,
): Promise<void> {
  const prefix = `${things.encode(thing)}\u0000`;
  for await (const [key, rule] of transaction.scan(rules, { prefix })) {
    if (decidedBy(rule.by)) transaction.delete(rules, key);
  }
  for await (const [, question] of transaction.scan(questions, { prefix })) {
    if (decidedBy(question.owner)) await withdrawQuestion(transaction, question);
  }
}
