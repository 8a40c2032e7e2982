import { createHash } from 'node:crypto';
import type { NodeAddress } from '../../domain/node-address.js';
import { sameAddress } from '../../domain/node-address.js';
import { canonicalTags, type Tag } from '../../domain/tag.js';
import { claims } from '../../storage/keys.js';
import type { Transaction } from '../../storage/store.js';

/** Hex SHA-256 of what a claim must match exactly: KEY itself stays out of every index. */
export function claimHash(tags: readonly Tag[]): string {
  return createHash('sha256').update(canonicalTags(tags)).digest('hex');
}

/** Lists the thing among those that a claim with this hash can mean. */
export async function listClaim(transaction: Transaction, hash: string, thing: NodeAddress): Promise<void> {
  const listed = (await transaction.get(claims, hash)) ?? [];
  if (!listed.some((other) => sameAddress(other, thing)))
    transaction.put(claims, hash, [...listed, addressOf(thing)]);
}

/** Takes the thing off that list. */
export async function unlistClaim(transaction: Transaction, hash: string, thing: NodeAddress): Promise<void> {
  const listed = (await transaction.get(claims, hash)) ?? [];
  const rest = listed.filter((other) => !sameAddress(other, thing));
  if (rest.length === 0) transaction.delete(claims, hash);
  else transaction.put(claims, hash, rest);
}

/** The address alone, of anything that has one. */
export function addressOf({ jid, nodeId, sourceId, cacheType }: NodeAddress): NodeAddress {
  return { jid, nodeId, sourceId, cacheType };
}
