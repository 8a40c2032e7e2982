import { createHash } from 'node:crypto';
import type { NodeAddress } from '../../domain/node-address.js';
import { canonicalTags, type Tag } from '../../domain/tag.js';
import type { Thing } from '../../domain/thing.js';
import { type ClaimKey, claims, things } from '../../storage/keys.js';
import type { Transaction } from '../../storage/store.js';
import { joinKey } from '../../storage/table.js';

/** What of a thing its claims are found by. */
type Claimable = NodeAddress & Pick<Thing, 'claimHash' | 'otherHashes' | 'owner'>;

/** Hex SHA-256 of what a claim must match exactly: KEY itself stays out of every index. */
export function claimHash(tags: readonly Tag[]): string {
  return createHash('sha256').update(canonicalTags(tags)).digest('hex');
}

/** Lists the thing where its claims look for it, in place of where it was listed before. */
export function relistClaims(
  transaction: Transaction,
  before: Claimable | undefined,
  thing: Claimable | undefined,
): void {
  for (const key of keysOf(before)) transaction.delete(claims, key);
  for (const key of keysOf(thing)) {
    // What was not there before was in no list: that need not be looked up.
    if (before === undefined) transaction.add(claims, key, true);
    else transaction.put(claims, key, true);
  }
}

/** A thing that this hash claims and that is this owner's (bare JID), or nobody's where he is `undefined`. */
export async function findClaimed(
  transaction: Transaction,
  hash: string,
  owner: string | undefined,
): Promise<Thing | undefined> {
  const prefix = `${joinKey([hash, owner ?? ''])}\u0000`;
  // There may be thousands with the same tags; one is enough.
  for await (const [key] of transaction.scan(claims, { prefix, limit: 1 }))
    return transaction.get(things, key.thing);
  return undefined;
}

function keysOf(thing: Claimable | undefined): ClaimKey[] {
  if (thing === undefined) return [];
  const owner = thing.owner ?? '';
  const hashes = new Set([thing.claimHash, ...(thing.otherHashes ?? [])]);
  return [...hashes].map((hash) => ({ hash, owner, thing: addressOf(thing) }));
}

/** The address alone, of anything that has one. */
export function addressOf({ jid, nodeId, sourceId, cacheType }: NodeAddress): NodeAddress {
  return { jid, nodeId, sourceId, cacheType };
}
