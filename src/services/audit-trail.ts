import type { AuditEntry } from '../domain/audit.js';
import { audits, counters } from '../storage/keys.js';
import type { Transaction } from '../storage/store.js';

/** Writes a line of the audit in the same transaction as what it tells of. */
export async function appendAudit(transaction: Transaction, entry: AuditEntry): Promise<void> {
  const number = ((await transaction.get(counters, 'audit')) ?? 0) + 1;
  transaction.put(counters, 'audit', number);
  transaction.add(audits, number, entry);
}
