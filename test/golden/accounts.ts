import { rows } from '../../src/dialects/table.js';
import { type Example, specifications } from './examples.js';
import { fragments } from './fragments.js';

/** What sees to an example: a row of the dialects, a check of a fragment, or the hub itself. */
export type Account = 'row' | 'fragment' | 'hub';

/** Presence in Simple IoT, played in `siot.test.ts`. */
export const played: readonly string[] = ['siot/subscribe-03', 'siot/subscribe-04', 'siot/subscribe-08'];

/** Whether the dialects have a row for it: then it is read and written by that. */
export function hasRow({ specification, operation }: Example): boolean {
  const { dialect } = specifications[specification];
  return rows.some((row) => row.generation === dialect && row.operation === operation);
}

/** Everything that sees to an example; exactly one does where all is well. */
export function accountsOf(example: Example): Account[] {
  const accounts: Account[] = [];
  if (hasRow(example)) accounts.push('row');
  if (example.id in fragments) accounts.push('fragment');
  if (example.operation === 'disco' || played.includes(example.id)) accounts.push('hub');
  return accounts;
}
