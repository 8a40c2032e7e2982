import type { NodeAddress } from '../../domain/node-address.js';
import type { Rule } from '../../domain/rule.js';
import { rules, things } from '../../storage/keys.js';
import type { Transaction } from '../../storage/store.js';
import { announceChange } from '../provisioning/announce-change.js';

/**
 * Certificates speak for somebody no more, or again: what has rules about them, or about users of their services,
 * forgets its cached answers [0324 3.1.3, 3.5.1].
 */
export async function announceIdentities(
  transaction: Transaction,
  fingerprints: ReadonlySet<string>,
  at: number,
): Promise<void> {
  const concerned = new Map<string, NodeAddress>();
  for await (const [, rule] of transaction.scan(rules)) {
    if (fingerprints.has(fingerprintOf(rule.subject) ?? ''))
      concerned.set(things.encode(rule.thing), rule.thing);
  }
  for (const thing of concerned.values()) await announceChange(transaction, thing, {}, at);
}

/** The certificate that a rule is about; a user is one of a service. */
function fingerprintOf(subject: Rule['subject']): string | undefined {
  if (subject.kind === 'service' || subject.kind === 'device') return subject.identity;
  return subject.kind === 'user' ? serviceOf(subject.identity) : undefined;
}

/** The fingerprint of the service whose user this is: `SERVICE-FINGERPRINT/NAME`. */
export function serviceOf(user: string): string {
  return user.slice(0, Math.max(user.indexOf('/'), 0));
}
