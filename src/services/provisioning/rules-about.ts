import type { NodeAddress } from '../../domain/node-address.js';
import type { Rule, RuleKind } from '../../domain/rule.js';
import { rules, things } from '../../storage/keys.js';
import type { Transaction } from '../../storage/store.js';

/** The rules about a thing as the transaction sees them: memory lags behind what is on its way to the disk. */
export async function rulesAbout(
  transaction: Transaction,
  thing: NodeAddress,
  kind: RuleKind,
): Promise<readonly Rule[]> {
  const found: Rule[] = [];
  const prefix = `${things.encode(thing)}\u0000${kind}\u0000`;
  for await (const [, rule] of transaction.scan(rules, { prefix })) found.push(rule);
  return found;
}
