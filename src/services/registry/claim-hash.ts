import { createHash } from 'node:crypto';
import type { NodeAddress } from '../../domain/node-address.js';
import { sameAddress } from '../../domain/node-address.js';
import { canonicalTags, type Tag } from '../../domain/tag.js';
import type { Thing } from '../../domain/thing.js';
import { claims } from '../../storage/keys.js';
import type { Transaction } from '../../storage/store.js';

/** What of a thing its claims are found by. */
type Claimable = NodeAddress & Pick<Thing, 'claimHash' | 'otherHashes'>;

/** Hex SHA-256 of what a claim must match exactly: KEY itself stays out of every index. */
export function claimHash(tags: readonly Tag[]): string {
  return createHash('sha256').update(canonicalTags(tags)).digest('hex');
}

/** Lists the thing where its claims look for it, in place of where it was listed before. */
export async function relistClaims(
  transaction: Transaction,
  before: Claimable | undefined,
  thing: Claimable | undefined,
): Promise<void> {
  const old = hashesOf(before);
  const now = hashesOf(thing);
  for (const hash of old) if (!now.includes(hash) && before) await unlist(transaction, hash, before);
  for (const hash of now) if (!old.includes(hash) && thing) await list(transaction, hash, thing);
}

function hashesOf(thing: Claimable | undefined): string[] {
  return thing === undefined ? [] : [...new Set([thing.claimHash, ...(thing.otherHashes ?? [])])];
}

async function list(transaction: Transaction, hash: string, thing: NodeAddress): Promise<void> {
  const listed = (await transaction.get(claims, hash)) ?? [];
  if (!listed.some((other) => sameAddress(other, thing)))
    transaction.put(claims, hash, [...listed, addressOf(thing)]);
}

async function unlist(transaction: Transaction, hash: string, thing: NodeAddress): Promise<void> {
  const listed = (await transaction.get(claims, hash)) ?? [];
  const rest = listed.filter((other) => !sameAddress(other, thing));
  if (rest.length === 0) transaction.delete(claims, hash);
  else transaction.put(claims, hash, rest);
}

/** The address alone, of anything that has one. */
export function addressOf({ jid, nodeId, sourceId, cacheType }: NodeAddress): NodeAddress {
  return { jid, nodeId, sourceId, cacheType };
}
