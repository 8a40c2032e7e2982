import { rows } from '../../src/dialects/table.js';
import type { Example } from './examples.js';
import { fragments } from './fragments.js';

/** What sees to an example: a row of the dialects, a check of a fragment, the hub itself, or nothing yet. */
export type Account = 'row' | 'fragment' | 'hub' | 'not yet';

const PROVISIONING = 'what a thing may be read and told, and by whom, comes with provisioning';
const TOKENS = 'tokens come with provisioning';
const PRIVILEGES = 'rights of users and services come with provisioning';
const FRIENDS = 'friends of things that speak Simple IoT come with provisioning';

/** Examples that wait for their operation, and why. */
export const notYet: Readonly<Record<string, string>> = {
  'xep-0324/token-04': TOKENS,
  'xep-0324/token-05': TOKENS,
  'xep-0324/token-06': TOKENS,
  'xep-0324/token-07': TOKENS,
  'xep-0324/token-08': TOKENS,
  'xep-0324/token-09': TOKENS,
  'xep-0324/can-read-14': PROVISIONING,
  'xep-0324/can-read-15': PROVISIONING,
  'xep-0324/can-read-16': PROVISIONING,
  'xep-0324/can-control-17': PROVISIONING,
  'xep-0324/can-control-18': PROVISIONING,
  'xep-0324/can-control-19': PROVISIONING,
  'xep-0324/token-21': TOKENS,
  'xep-0324/access-22': PRIVILEGES,
  'xep-0324/privilege-23': PRIVILEGES,
  'xep-0324/privilege-24': PRIVILEGES,
  'siot/subscribe-08': FRIENDS,
  'siot/is-friend-09': FRIENDS,
  'siot/is-friend-10': FRIENDS,
  'siot/is-friend-11': FRIENDS,
  'siot/is-friend-12': FRIENDS,
  'siot/pending-13': FRIENDS,
  'siot/pending-14': FRIENDS,
  'siot/pending-15': FRIENDS,
  'siot/friend-states-16': FRIENDS,
  'siot/friend-states-17': FRIENDS,
  'siot/friend-states-18': FRIENDS,
};

/** Presence of the hub in Simple IoT, played in `siot.test.ts`. */
export const played: readonly string[] = ['siot/subscribe-03', 'siot/subscribe-04'];

/** Whether the dialects have a row for it: then it is read and written by that. */
export function hasRow({ specification, operation }: Example): boolean {
  const dialect = specification === 'siot' ? 'siot' : 'xmpp';
  return rows.some((row) => row.generation === dialect && row.operation === operation);
}

/** Everything that sees to an example; exactly one does where all is well. */
export function accountsOf(example: Example): Account[] {
  const accounts: Account[] = [];
  if (hasRow(example)) accounts.push('row');
  if (example.id in fragments) accounts.push('fragment');
  if (example.operation === 'disco' || played.includes(example.id)) accounts.push('hub');
  if (example.id in notYet) accounts.push('not yet');
  return accounts;
}
