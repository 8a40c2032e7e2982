import { HubError } from '../domain/errors.js';
import type { Backend, Change, Entry } from './backend.js';
import { afterPrefix, compareKeys, isWellFormed } from './key-order.js';
import { decodeRecord, RecordError, recordValue } from './record.js';
import type { Reader, ScanOptions } from './store.js';
import type { Table } from './table.js';

/** Changes that are not in the database yet, by key. */
export type Layer = ReadonlyMap<string, Change>;

/** What a reader reads from. */
export interface ReaderParts {
  readonly backend: Backend;
  /** Changes that lie over the database, the newest first. */
  readonly layers: readonly Layer[];
  /** Hears of each damaged record before the read rejects. */
  readonly damaged: (error: Error) => void;
  /** Whether memory knows of a record what the database says; absent where it may lag behind. */
  readonly agree?: <K, V>(table: Table<K, V>, key: K, value: V | undefined) => boolean;
  /** Whether memory, which knows all records of the table, knows of none there; absent where it may lag behind. */
  readonly lacks?: <K, V>(table: Table<K, V>, key: K) => boolean;
}

const SLICE = 500;

/** Reads records of a database as they are once the changes over it are written. */
export class LayeredReader implements Reader {
  private readonly parts: ReaderParts;

  constructor(parts: ReaderParts) {
    this.parts = parts;
  }

  async get<K, V>(table: Table<K, V>, key: K): Promise<V | undefined> {
    const text = fullKey(table, key);
    const change = changeOf(this.parts.layers, text);
    // A change has been in memory alone since it was encoded.
    if (change !== undefined) return change.raw === undefined ? undefined : recordValue<V>(change.raw);
    // The disk is not asked for what is new: a look-up that can only miss is a tenth of what a registration costs.
    const lacking = this.parts.lacks?.(table, key) ?? false;
    const raw = this.stored(text, lacking);
    const value = raw === undefined ? undefined : this.value<V>(text, raw);
    if (!lacking) this.compare(table, key, value);
    return value;
  }

  async *scan<K, V>(
    table: Table<K, V>,
    options: ScanOptions = {},
  ): AsyncGenerator<readonly [K, V], void, undefined> {
    const prefix = table.prefix + (options.prefix ?? '');
    const limit = options.limit ?? Number.POSITIVE_INFINITY;
    if (limit <= 0) return;
    const reverse = options.reverse ?? false;
    const changes = this.changesUnder(prefix, reverse);
    const slice = Math.min(SLICE, limit + changes.length);
    // The scan and the changes over it are taken in one breath, so a commit in between shows in both or in neither.
    const base = this.parts.backend.scan({ from: prefix, to: afterPrefix(prefix), reverse, slice });
    let count = 0;
    for await (const [key, raw] of merge(base, changes, reverse)) {
      yield [table.decode(key.slice(table.prefix.length)), this.value<V>(key, raw)];
      count += 1;
      if (count >= limit) return;
    }
  }

  /** The record as it lies in the database; `lacking` where it is known that there is none. */
  protected stored(text: string, lacking: boolean): string | undefined {
    return lacking ? undefined : this.parts.backend.get(text);
  }

  private compare<K, V>(table: Table<K, V>, key: K, value: V | undefined): void {
    if (this.parts.agree?.(table, key, value) !== false) return;
    const what = value === undefined ? 'is missing' : 'is not the one that was written last';
    this.parts.damaged(new Error(`the record ${JSON.stringify(fullKey(table, key))} ${what}`));
    throw new HubError('safe-mode');
  }

  private value<V>(key: string, raw: string): V {
    try {
      return decodeRecord<V>(key, raw);
    } catch (error) {
      if (error instanceof RecordError) this.parts.damaged(error);
      throw error;
    }
  }

  private changesUnder(prefix: string, reverse: boolean): Change[] {
    const found = new Map<string, Change>();
    for (const layer of [...this.parts.layers].reverse()) {
      for (const change of layer.values()) {
        if (change.key.startsWith(prefix)) found.set(change.key, change);
      }
    }
    const sorted = [...found.values()].sort((a, b) => compareKeys(a.key, b.key));
    return reverse ? sorted.reverse() : sorted;
  }
}

/** The newest change of a key. */
export function changeOf(layers: readonly Layer[], key: string): Change | undefined {
  for (const layer of layers) {
    const change = layer.get(key);
    if (change !== undefined) return change;
  }
  return undefined;
}

/** The whole key of a record. Throws a TypeError for text that has no UTF-8 form. */
export function fullKey<K, V>(table: Table<K, V>, key: K): string {
  const text = table.prefix + table.encode(key);
  if (!isWellFormed(text)) throw new TypeError(`A key of ${table.name} holds half a surrogate pair.`);
  return text;
}

async function* merge(
  base: AsyncIterable<readonly Entry[]>,
  changes: readonly Change[],
  reverse: boolean,
): AsyncGenerator<Entry, void, undefined> {
  let at = 0;
  for await (const slice of base) {
    for (const entry of slice) {
      let order = 1;
      for (let change = changes[at]; change !== undefined; change = changes[at]) {
        order = compareKeys(change.key, entry[0]) * (reverse ? -1 : 1);
        if (order > 0) break;
        at += 1;
        if (change.raw !== undefined) yield [change.key, change.raw];
        if (order === 0) break;
      }
      if (order !== 0) yield entry;
    }
  }
  for (const { key, raw } of changes.slice(at)) {
    if (raw !== undefined) yield [key, raw];
  }
}
