import type { Backend, Entry } from './backend.js';
import { type ChainLink, LINK_PREFIX } from './chain.js';
import { ChainWalk } from './chain-walk.js';
import { META_PREFIX, type Meta, newMeta, readMeta } from './meta.js';
import { decodeRecord, verifyRecord } from './record.js';
import type { Views } from './views.js';

/** What is known of a store from outside its database. */
export interface Witness {
  /** The store's id, if that is known. */
  readonly instance: string | undefined;
  /** The number of a batch that is on the disk; later ones may be there too. */
  readonly seq: number;
}

/** What a check of the whole database found. */
export interface Loaded {
  readonly meta: Meta;
  /** What is wrong, in words; empty for sound data. */
  readonly problems: readonly string[];
}

/**
 * Reads the whole database once: checks the chain, the counts, every checksum, and that each key is found; feeds the
 * views. An empty database becomes a new store with the id `newInstance`, unless a witness knows of an older one.
 * Rejects with a StartFailure `newer-data` if the data needs a newer program.
 */
export async function load(
  backend: Backend,
  views: Views,
  witness: Witness | undefined,
  newInstance: string,
): Promise<Loaded> {
  const problems: string[] = [];
  const meta = readMeta(backend, problems);
  const fresh = newMeta(newInstance);
  if (meta === undefined && problems.length === 0) {
    if (witness === undefined && (await isEmpty(backend, problems))) {
      await backend.commit(fresh.changes);
      return { meta: fresh.meta, problems };
    }
    problems.push('the records in which the store describes itself are missing');
  }
  const walk = new ChainWalk((meta ?? fresh.meta).chain);
  await readAll(backend, views, walk, problems);
  // Without the store's own records there is nothing to compare with.
  if (meta !== undefined) problems.push(...walk.problems());
  if (witness !== undefined) problems.push(...missed(meta, witness));
  return { meta: meta ?? fresh.meta, problems };
}

async function isEmpty(backend: Backend, problems: string[]): Promise<boolean> {
  try {
    for await (const slice of backend.scan({ from: '', to: undefined, slice: 1 })) return slice.length === 0;
    return true;
  } catch (error) {
    problems.push(`reading is not possible: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

function missed(meta: Meta | undefined, witness: Witness): string[] {
  if (meta === undefined) return witness.seq > 0 ? [`${witness.seq} batches had been written`] : [];
  if (witness.instance !== undefined && witness.instance !== meta.instance)
    return ['these are the records of another store'];
  const lost = witness.seq - meta.chain.head.seq;
  return lost > 0 ? [`the last ${lost} of ${witness.seq} batches are missing`] : [];
}

async function readAll(backend: Backend, views: Views, walk: ChainWalk, problems: string[]): Promise<void> {
  try {
    for await (const slice of backend.scan({ from: '', to: undefined })) {
      // A scan does not look at LevelDB's filters; where one is damaged, a read by the key misses the record.
      const found = backend.getMany(slice.map(([key]) => key));
      for (const entry of slice) readEntry(entry, views, walk, problems);
      const lost = (await found).filter((raw, i) => raw !== slice[i]?.[1]).length;
      if (lost > 0) problems.push(`${lost} records are not found by their keys`);
    }
  } catch (error) {
    problems.push(`reading stopped early: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function readEntry([key, raw]: Entry, views: Views, walk: ChainWalk, problems: string[]): void {
  try {
    if (key.startsWith(LINK_PREFIX)) walk.link(key, decodeRecord<ChainLink>(key, raw));
    else if (key.startsWith(META_PREFIX)) verifyRecord(key, raw);
    else {
      walk.record(raw);
      verifyRecord(key, raw);
      views.tell(key, raw);
    }
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
  }
}
