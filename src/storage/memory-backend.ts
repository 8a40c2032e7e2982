import type { Backend, Change, Entry, FrozenRecords, KeyRange } from './backend.js';
import { compareKeys } from './key-order.js';

const SLICE = 500;

/** Records in memory, with the order and the atomic batches of a database. */
export class MemoryBackend implements Backend {
  private readonly records = new Map<string, string>();
  /** The keys in order. */
  private readonly keys: string[] = [];

  get(key: string): string | undefined {
    return this.records.get(key);
  }

  scan(range: KeyRange): AsyncIterable<readonly Entry[]> {
    const to = range.to === undefined ? this.keys.length : this.position(range.to);
    const keys = this.keys.slice(this.position(range.from), to);
    if (range.reverse === true) keys.reverse();
    const entries: Entry[] = keys.map((key) => [key, this.records.get(key) ?? '']);
    return slices(entries, range.slice ?? SLICE);
  }

  async getMany(keys: readonly string[]): Promise<readonly (string | undefined)[]> {
    return keys.map((key) => this.records.get(key));
  }

  freeze(): FrozenRecords {
    const copy = new MemoryBackend();
    for (const [key, raw] of this.records) copy.records.set(key, raw);
    for (const key of this.keys) copy.keys.push(key);
    return {
      scan: (range) => copy.scan(range),
      getMany: (keys) => copy.getMany(keys),
      release: async () => undefined,
    };
  }

  async commit(changes: Iterable<Change>): Promise<void> {
    for (const { key, raw } of changes) {
      const known = this.records.has(key);
      if (raw === undefined) {
        if (known) this.keys.splice(this.position(key), 1);
        this.records.delete(key);
      } else {
        if (!known) this.keys.splice(this.position(key), 0, key);
        this.records.set(key, raw);
      }
    }
  }

  /** Where the key is among the keys, or would be. */
  private position(key: string): number {
    let low = 0;
    let high = this.keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareKeys(this.keys[middle] ?? '', key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

async function* slices(entries: readonly Entry[], size: number): AsyncGenerator<readonly Entry[]> {
  for (let at = 0; at < entries.length; at += size) yield entries.slice(at, at + size);
}
