import type { Account } from '../../domain/account.js';
import type { Random } from '../../system/random.js';
import { base32 } from '../../system/random.js';

/**
 * Makes the keys that are kept of a password, with fresh salts. Rejects with not-acceptable for a password that cannot
 * be one: empty, longer than 1023 bytes, or with characters that SASLprep prohibits.
 */
export type DeriveKeys = (password: string) => Promise<Account['scram']>;

/** A password of 100 random bits that a person can type: four groups of five letters and digits. */
export function generatePassword(random: Random): string {
  const text = base32(random.bytes(13)).slice(0, 20);
  return [0, 5, 10, 15].map((at) => text.slice(at, at + 5)).join('-');
}
