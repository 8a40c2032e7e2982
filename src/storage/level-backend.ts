import { Level } from 'level';
import type { Backend, Change, Entry, FrozenRecords, KeyRange } from './backend.js';

const SLICE = 1000;
/** A slice ends at so many bytes, whatever its length. LevelDB's own measure, 16 KB, is 25 things. */
const SLICE_BYTES = 128 * 1024;

type Snapshot = ReturnType<Level<string, string>['snapshot']>;

/** How much memory LevelDB may take. */
export interface LevelMemory {
  /** Bytes of blocks kept in memory. */
  readonly cacheSize: number;
  /** Bytes that LevelDB gathers in its log before it writes a table. */
  readonly writeBufferSize: number;
}

/** Records in one LevelDB, its keys made by hand: sublevels and array batches cost two to three times as much. */
export class LevelBackend implements Backend {
  private readonly db: Level<string, string>;

  private constructor(db: Level<string, string>) {
    this.db = db;
  }

  /** Opens the database; makes it only if told to. Rejects with LevelDB's error, its code on the `cause`. */
  static async open(folder: string, createIfMissing: boolean, memory: LevelMemory): Promise<LevelBackend> {
    // A Level opens by itself in the next turn and would make what is missing: it is told otherwise at once.
    const db = new Level<string, string>(folder);
    await db.open({ createIfMissing, ...memory });
    return new LevelBackend(db);
  }

  /** Waits for what runs, then closes. */
  async close(): Promise<void> {
    await this.db.close();
  }

  // LevelDB lets go of its lock while it syncs, so a read on this thread does not wait for the disk's writes; a
  // read through the thread pool takes four times as long.
  get(key: string): string | undefined {
    return this.db.getSync(key);
  }

  scan(range: KeyRange): AsyncIterable<readonly Entry[]> {
    return this.slices(range);
  }

  getMany(keys: readonly string[]): Promise<readonly (string | undefined)[]> {
    return this.db.getMany([...keys]);
  }

  freeze(): FrozenRecords {
    const snapshot = this.db.snapshot();
    return {
      scan: (range) => this.slices(range, snapshot),
      // What is read once has no place in the cache.
      getMany: (keys) => this.db.getMany([...keys], { snapshot, fillCache: false }),
      release: () => snapshot.close(),
    };
  }

  async commit(changes: Iterable<Change>): Promise<void> {
    const batch = this.db.batch();
    for (const { key, raw } of changes) {
      if (raw === undefined) batch.del(key);
      else batch.put(key, raw);
    }
    await batch.write({ sync: true });
  }

  private slices(range: KeyRange, snapshot?: Snapshot): AsyncIterable<readonly Entry[]> {
    const iterator = this.db.iterator({
      gte: range.from,
      ...(range.to === undefined ? {} : { lt: range.to }),
      ...(snapshot === undefined ? {} : { snapshot, fillCache: false }),
      reverse: range.reverse ?? false,
      highWaterMarkBytes: SLICE_BYTES,
    });
    const size = range.slice ?? SLICE;
    return range.ahead === true ? slicesAhead(iterator, size) : slices(iterator, size);
  }
}

interface Slices {
  nextv(size: number): Promise<[string, string][]>;
  close(): Promise<void>;
}

async function* slices(iterator: Slices, size: number): AsyncGenerator<readonly Entry[]> {
  try {
    for (let slice = await iterator.nextv(size); slice.length > 0; slice = await iterator.nextv(size)) {
      yield slice;
    }
  } finally {
    await iterator.close();
  }
}

async function* slicesAhead(iterator: Slices, size: number): AsyncGenerator<readonly Entry[]> {
  let coming = iterator.nextv(size);
  try {
    for (let slice = await coming; slice.length > 0; slice = await coming) {
      coming = iterator.nextv(size);
      // Whoever waits for it hears of its failure, and who does not come back has no use for it.
      coming.catch(() => undefined);
      yield slice;
    }
  } finally {
    await iterator.close();
  }
}
