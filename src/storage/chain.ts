import { createHash } from 'node:crypto';
import type { Change } from './backend.js';
import { decodeRecord, encodeRecord } from './record.js';
import { addSum, type Tallies, type Tally } from './tally.js';

/** What the last batch left behind, and the tally of all records, the store's own not counted. */
export interface ChainHead extends Tally {
  /** The batch's number, counted from 1 without gaps; 0 before the first. */
  readonly seq: number;
  /** The rolling hash over all batches up to here. */
  readonly hash: string;
}

/** One batch in the chain. */
export interface ChainLink {
  /** How many records it wrote or deleted. */
  readonly ops: number;
  /** A hash over what it wrote. */
  readonly digest: string;
  /** The rolling hash up to and with this batch. */
  readonly hash: string;
}

/** Where the kept part of the chain begins: the batch before its first link. */
export interface ChainAnchor {
  readonly seq: number;
  readonly hash: string;
}

/** Where the chain begins and ends. */
export interface Chain {
  readonly anchor: ChainAnchor;
  readonly head: ChainHead;
}

/** What one batch changes. */
export interface BatchContent {
  readonly changes: readonly Change[];
  /** By how much the tables grow. */
  readonly growth: Tallies;
}

/** The store's own records, `m!`: none of them belongs to a table. */
export const metaKeys = {
  schema: 'm!schema',
  instance: 'm!instance',
  head: 'm!seq',
  anchor: 'm!anchor',
} as const;

/** Before each link's number. */
export const LINK_PREFIX = 's!';

/** Links are deleted this many at a time, so that most batches delete none. */
const TRIM_STEP = 256;

/** The key of a batch's link. */
export function linkKey(seq: number): string {
  return LINK_PREFIX + seq.toString().padStart(16, '0');
}

/** The chain of a new store. */
export function newChain(instance: string): Chain {
  const hash = digestOf(instance);
  return { anchor: { seq: 0, hash }, head: { seq: 0, hash, records: 0, sum: 0 } };
}

/** The rolling hash after a link. */
export function rollHash(before: string, ops: number, digest: string): string {
  return digestOf(`${before} ${ops} ${digest}`);
}

/**
 * Adds a batch to the chain: the new chain, and the changes of the store's own records that go into the same batch.
 * `keep` is how many links stay; `get` reads a record. Throws a RecordError if the link that becomes the anchor is
 * damaged.
 */
export function extendChain(
  chain: Chain,
  batch: BatchContent,
  keep: number,
  get: (key: string) => string | undefined,
): { readonly chain: Chain; readonly changes: readonly Change[] } {
  const seq = chain.head.seq + 1;
  const ops = batch.changes.length;
  const digest = digestOf(batch.changes.map(changeText).join('\n'));
  const hash = rollHash(chain.head.hash, ops, digest);
  const { records, sum } = batch.growth.total();
  const head: ChainHead = {
    seq,
    hash,
    records: chain.head.records + records,
    sum: addSum(chain.head.sum, sum),
  };
  const link: ChainLink = { ops, digest, hash };
  const trimmed = trim(chain.anchor, seq, keep, get);
  return {
    chain: { anchor: trimmed.anchor, head },
    changes: [record(linkKey(seq), link), record(metaKeys.head, head), ...trimmed.changes],
  };
}

/** A change that writes a value. */
export function record(key: string, value: unknown): Change {
  return { key, raw: encodeRecord(key, value) };
}

function trim(
  anchor: ChainAnchor,
  seq: number,
  keep: number,
  get: (key: string) => string | undefined,
): { readonly anchor: ChainAnchor; readonly changes: readonly Change[] } {
  const last = seq - keep;
  if (last - anchor.seq < TRIM_STEP) return { anchor, changes: [] };
  const raw = get(linkKey(last));
  // A hole in the chain is damage; what is left of it stays for whoever looks into it.
  if (raw === undefined) return { anchor, changes: [] };
  const moved: ChainAnchor = { seq: last, hash: decodeRecord<ChainLink>(linkKey(last), raw).hash };
  const changes: Change[] = [record(metaKeys.anchor, moved)];
  for (let old = anchor.seq + 1; old <= last; old++) changes.push({ key: linkKey(old), raw: undefined });
  return { anchor: moved, changes };
}

// The record's own checksum stands for its key and value.
function changeText({ key, raw }: Change): string {
  return raw === undefined ? `-${key}` : `+${raw.slice(0, 8)}`;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
