import type { Change } from './backend.js';
import { changeOf, fullKey, LayeredReader, type ReaderParts } from './layered-reader.js';
import { encodeRecord, RecordError, recordSum, verifyRecord } from './record.js';
import type { Transaction } from './store.js';
import { type Table, tablePrefix } from './table.js';
import { Tallies } from './tally.js';

/** What a finished transaction changes. */
export interface DraftContent {
  readonly changes: readonly Change[];
  /** By how much the tables grow. */
  readonly growth: Tallies;
  /** Characters of all keys and records. */
  readonly size: number;
}

/** A transaction that runs: it reads through its own writes and through those that wait for the disk. */
export class Draft extends LayeredReader implements Transaction {
  private readonly below: ReaderParts;
  private readonly own: Map<string, Change>;
  /** What was read of the database: nobody else writes while this one runs, so that it is not read again. */
  private readonly read = new Map<string, string | undefined>();
  private ended = false;

  constructor(below: ReaderParts) {
    const own = new Map<string, Change>();
    super({ ...below, layers: [own, ...below.layers] });
    this.below = below;
    this.own = own;
  }

  put<K, V>(table: Table<K, V>, key: K, value: V): void {
    const text = fullKey(table, key);
    this.write({ key: text, raw: encodeRecord(text, value) });
  }

  add<K, V>(table: Table<K, V>, key: K, value: V): void {
    const text = fullKey(table, key);
    this.write({ key: text, raw: encodeRecord(text, value) });
    // As if it had been looked for and not found.
    if (!this.read.has(text)) this.read.set(text, undefined);
  }

  delete<K, V>(table: Table<K, V>, key: K): void {
    this.write({ key: fullKey(table, key), raw: undefined });
  }

  /** No write after this. */
  end(): void {
    this.ended = true;
  }

  /** What differs from before. Throws a RecordError where a damaged record would be overwritten unseen. */
  content(): DraftContent {
    const changes: Change[] = [];
    const growth = new Tallies();
    let size = 0;
    for (const change of this.own.values()) {
      const prefix = tablePrefix(change.key);
      const before = this.before(change.key);
      // Writing what is there already would only wear the disk.
      if (before === change.raw) continue;
      if (before !== undefined) {
        this.verify(change.key, before);
        growth.add(prefix, -1, -recordSum(before));
      }
      if (change.raw !== undefined) growth.add(prefix, 1, recordSum(change.raw));
      size += change.key.length + (change.raw?.length ?? 0);
      changes.push(change);
    }
    return { changes, growth, size };
  }

  protected override stored(text: string, lacking: boolean): string | undefined {
    const raw = super.stored(text, lacking);
    this.read.set(text, raw);
    return raw;
  }

  /** The record as it is for the transactions before this one. */
  private before(key: string): string | undefined {
    const change = changeOf(this.below.layers, key);
    if (change !== undefined) return change.raw;
    return this.read.has(key) ? this.read.get(key) : this.below.backend.get(key);
  }

  private write(change: Change): void {
    if (this.ended) throw new Error('A transaction cannot write after it has ended.');
    this.own.set(change.key, change);
  }

  private verify(key: string, raw: string): void {
    try {
      verifyRecord(key, raw);
    } catch (error) {
      if (error instanceof RecordError) this.below.damaged(error);
      throw error;
    }
  }
}
