import type { TokenRecord } from '../../domain/certificate.js';
import { certificates, tokens } from '../../storage/keys.js';
import type { Transaction } from '../../storage/store.js';
import { announceIdentities } from './announce-identities.js';

/**
 * Ends the tokens of an account that is removed (bare JID): who gets the name later is somebody else. `at` in
 * milliseconds since 1970.
 */
export async function endTokensOf(transaction: Transaction, jid: string, at: number): Promise<void> {
  const ended = await tokensWhere(transaction, ({ by }) => by === jid);
  for (const [hash, token] of ended) await dropToken(transaction, hash, token);
  const fingerprints = new Set(ended.map(([, { fingerprint }]) => fingerprint));
  if (fingerprints.size > 0) await announceIdentities(transaction, fingerprints, at);
}

/** The tokens that the transaction sees: memory does not know those on their way to the disk. */
export async function tokensWhere(
  transaction: Transaction,
  wanted: (token: TokenRecord) => boolean,
): Promise<[string, TokenRecord][]> {
  const found: [string, TokenRecord][] = [];
  for await (const [hash, token] of transaction.scan(tokens)) if (wanted(token)) found.push([hash, token]);
  return found;
}

/** Takes a token out, and its certificate with the last one, unless an owner's word about that must stay. */
export async function dropToken(
  transaction: Transaction,
  hash: string,
  { fingerprint }: TokenRecord,
): Promise<void> {
  transaction.delete(tokens, hash);
  const certificate = await transaction.get(certificates, fingerprint);
  if (certificate === undefined) return;
  const left = certificate.tokens - 1;
  if (left <= 0 && certificate.revoked === undefined) transaction.delete(certificates, fingerprint);
  else transaction.put(certificates, fingerprint, { ...certificate, tokens: Math.max(left, 0) });
}
