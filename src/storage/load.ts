import type { Backend, Entry } from './backend.js';
import { LINK_PREFIX } from './chain.js';
import { Feed } from './feed.js';
import { afterPrefix } from './key-order.js';
import { type Meta, newMeta, readMeta } from './meta.js';
import { RecordCheck } from './record-check.js';
import type { Snapshots } from './snapshots.js';
import type { View } from './store.js';
import { Tallies, tallyProblem } from './tally.js';
import type { Views } from './views.js';

/** What is known of a store from outside its database. */
export interface Witness {
  /** The store's id, if that is known. */
  readonly instance: string | undefined;
  /** The number of a batch that is on the disk; later ones may be there too. */
  readonly seq: number;
}

/** What a start works with. */
export interface LoadParts {
  readonly backend: Backend;
  readonly views: Views;
  readonly witness: Witness | undefined;
  /** Where views are kept in files, if anywhere. */
  readonly snapshots: Snapshots | undefined;
  /** The id of the store if it is a new one. */
  readonly newInstance: string;
  /** Up to so many records every key is looked up before the start is through; above, in the background. */
  readonly lookUpTo: number;
  /** Hears how many records there are to read, and then of each slice that was. */
  readonly progress: { begin(records: number): void; read(records: number): void };
}

/** What a start found. */
export interface Loaded {
  readonly meta: Meta;
  /** What is wrong, in words; empty for sound data. */
  readonly problems: readonly string[];
  /** The records of each table. */
  readonly tallies: Tallies;
  /** Whether nothing is left to check. */
  readonly complete: boolean;
}

/**
 * Checks the data and feeds the views. Where files hold what views knew at the last stop, only the chain of batches
 * and the tables of the other views are read; else the whole database is, once. An empty database becomes a new store,
 * unless a witness knows of an older one. Rejects with a StartFailure `newer-data` if the data needs a newer program.
 */
export async function load(parts: LoadParts): Promise<Loaded> {
  const { backend, witness } = parts;
  const problems: string[] = [];
  const meta = readMeta(backend, problems);
  for (const view of parts.views.kept()) view.clear();
  if (meta === undefined) return loadUnknown(parts, problems);
  const kept = await parts.snapshots?.restore(parts.views.kept(), meta);
  const loaded = kept === undefined ? await loadWhole(parts, meta) : await loadRest(parts, meta, kept);
  if (witness === undefined) return loaded;
  return { ...loaded, problems: [...loaded.problems, ...missed(meta, witness)] };
}

/** What files gave back. */
export interface Restored {
  /** The views that know their records now. */
  readonly views: ReadonlySet<View>;
  /** The records of each table as they were at the last stop, which is now. */
  readonly tallies: Tallies;
}

async function loadUnknown(parts: LoadParts, problems: string[]): Promise<Loaded> {
  const { backend, witness } = parts;
  const fresh = newMeta(parts.newInstance);
  if (problems.length === 0) {
    if (witness === undefined && (await isEmpty(backend, problems))) {
      await backend.commit(fresh.changes);
      return { meta: fresh.meta, problems, tallies: new Tallies(), complete: true };
    }
    problems.push('the records in which the store describes itself are missing');
  }
  const feed = new Feed(parts.views, new Set());
  // Without the store's own records there is nothing to compare with.
  const check = new RecordCheck(fresh.meta.chain, (entry) => feed.record(entry));
  await check.read(backend, { from: '', to: undefined, ahead: true, lookUp: false, pace: () => true });
  feed.end(check.problems);
  problems.push(...check.problems);
  if (witness !== undefined && witness.seq > 0) problems.push(`${witness.seq} batches had been written`);
  return { meta: fresh.meta, problems, tallies: check.tallies, complete: true };
}

async function loadWhole(parts: LoadParts, meta: Meta): Promise<Loaded> {
  const { backend, progress, views } = parts;
  const { chain } = meta;
  const feed = new Feed(views, new Set());
  const check = new RecordCheck(chain, (entry) => feed.record(entry));
  // A look at every key takes as long as all the rest. At the size of a home that is a moment; above it is left to
  // the check in the background, for it cannot show in the views: these hear what the scan finds.
  const lookUp = chain.head.records <= parts.lookUpTo;
  progress.begin(chain.head.records);
  const pace = (records: number) => {
    progress.read(records);
    return true;
  };
  await check.read(backend, { from: '', to: undefined, ahead: true, lookUp, pace });
  feed.end(check.problems);
  check.endChain();
  check.endRecords();
  return { meta, problems: check.problems, tallies: check.tallies, complete: lookUp };
}

async function loadRest(parts: LoadParts, meta: Meta, kept: Restored): Promise<Loaded> {
  const { backend, views, progress } = parts;
  const feed = new Feed(views, kept.views);
  const check = new RecordCheck(meta.chain, (entry) => feed.record(entry));
  const whole = { ahead: true, lookUp: false, pace: () => true };
  await check.read(backend, { ...under(LINK_PREFIX), ...whole });
  check.endChain();
  const wanted = [...feed.wanted()];
  progress.begin(wanted.reduce((sum, [prefix]) => sum + kept.tallies.of(prefix).records, 0));
  const pace = (records: number) => {
    progress.read(records);
    return true;
  };
  for (const [prefix, last] of wanted) {
    if (last !== undefined) {
      await readLast(backend, check, prefix, last);
      continue;
    }
    await check.read(backend, { ...under(prefix), ...whole, pace });
    const problem = tallyProblem(check.tallies.of(prefix), kept.tallies.of(prefix), ` under "${prefix}"`);
    if (problem !== undefined) check.problems.push(problem);
  }
  feed.end(check.problems);
  return { meta, problems: check.problems, tallies: kept.tallies, complete: false };
}

async function readLast(backend: Backend, check: RecordCheck, prefix: string, count: number): Promise<void> {
  const last: Entry[] = [];
  try {
    for await (const slice of backend.scan({
      ...under(prefix),
      reverse: true,
      slice: Math.min(count, 500),
    })) {
      last.push(...slice);
      if (last.length >= count) break;
    }
  } catch (error) {
    check.problems.push(`reading stopped early: ${error instanceof Error ? error.message : String(error)}`);
  }
  for (const entry of last.slice(0, count).reverse()) check.entry(entry);
}

function under(prefix: string): { readonly from: string; readonly to: string | undefined } {
  return { from: prefix, to: afterPrefix(prefix) };
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

function missed(meta: Meta, witness: Witness): string[] {
  if (witness.instance !== undefined && witness.instance !== meta.instance)
    return ['these are the records of another store'];
  const lost = witness.seq - meta.chain.head.seq;
  return lost > 0 ? [`the last ${lost} of ${witness.seq} batches are missing`] : [];
}
