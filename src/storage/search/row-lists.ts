import { grownLength, grownWords, placeOf, type Words } from './growing.js';
import type { RowList } from './row-list.js';
import type { RowPool } from './row-pool.js';

/** Longest list in the pool; longer ones have an array of their own. */
const SHORT = 64;

/**
 * Ascending lists of rows by small numbers: which rows have a value. One row lies in the table itself, a few in the
 * pool. Rows that come in order are appended; nothing is ever sorted.
 */
export class RowLists {
  private readonly pool: RowPool;
  private counts: Words = new Uint32Array(16);
  /** By number: the row itself, or where its block in the pool begins. */
  private places: Words = new Uint32Array(16);
  private readonly long = new Map<number, Words>();

  constructor(pool: RowPool) {
    this.pool = pool;
  }

  /** How many rows a list has. */
  count(id: number): number {
    return id < this.counts.length ? (this.counts[id] ?? 0) : 0;
  }

  /** The rows of a list. */
  list(id: number): RowList {
    const count = this.count(id);
    if (count === 1) return { rows: this.places, start: id, end: id + 1 };
    const long = this.long.get(id);
    if (long !== undefined) return { rows: long, start: 0, end: count };
    const start = count === 0 ? 0 : (this.places[id] ?? 0);
    return { rows: this.pool.words, start, end: start + count };
  }

  /** Adds a row that is not in the list. */
  add(id: number, row: number): void {
    this.counts = grownWords(this.counts, id + 1);
    this.places = grownWords(this.places, id + 1);
    const count = this.counts[id] ?? 0;
    this.counts[id] = count + 1;
    if (count === 0) {
      this.places[id] = row;
      return;
    }
    this.makeRoom(id, count);
    const { rows, start } = this.room(id);
    const at = placeOf(rows, start, start + count, row);
    rows.copyWithin(at + 1, at, start + count);
    rows[at] = row;
  }

  /**
   * Fills lists, none of which has a row yet: `ids` are their numbers below `end`, 0 for none, each for the row at the
   * same place of `rows`; these ascend, and without them the place is the row.
   */
  fill(end: number, ids: Words, rows: Words | undefined): void {
    const counts = new Uint32Array(Math.max(end, 16));
    for (let at = 0; at < ids.length; at++) counts[ids[at] ?? 0] = (counts[ids[at] ?? 0] ?? 0) + 1;
    counts[0] = 0;
    // By number, where its next row comes among the rows of all.
    const next = new Uint32Array(end);
    let total = 0;
    for (let id = 1; id < end; id++) {
      next[id] = total;
      total += counts[id] ?? 0;
    }
    const sorted = new Uint32Array(total);
    for (let at = 0; at < ids.length; at++) {
      const id = ids[at] ?? 0;
      if (id === 0) continue;
      const place = next[id] ?? 0;
      sorted[place] = rows === undefined ? at : (rows[at] ?? 0);
      next[id] = place + 1;
    }
    this.counts = counts;
    this.places = new Uint32Array(counts.length);
    for (let id = 1; id < end; id++) this.place(id, sorted, next[id] ?? 0);
  }

  /** Takes a row that is in the list out of it. */
  remove(id: number, row: number): void {
    const count = this.count(id);
    if (count > 1) {
      const { rows, start } = this.room(id);
      const at = placeOf(rows, start, start + count, row);
      rows.copyWithin(at, at + 1, start + count);
      this.giveRoom(id, count - 1);
    }
    this.counts[id] = count - 1;
  }

  /** Gives all room back; the lists are of no more use. */
  release(): void {
    for (let id = 0; id < this.counts.length; id++) {
      const count = this.counts[id] ?? 0;
      if (count < 2 || this.long.has(id)) continue;
      this.pool.release(this.places[id] ?? 0, 2 ** Math.ceil(Math.log2(count)));
    }
  }

  /** Puts the rows of a list, the last of which stands before `end`, where they belong. */
  private place(id: number, sorted: Words, end: number): void {
    const count = this.counts[id] ?? 0;
    const start = end - count;
    if (count === 1) this.places[id] = sorted[start] ?? 0;
    else if (count > SHORT) this.long.set(id, sorted.slice(start, end));
    else if (count > 1) {
      const place = this.pool.allocate(2 ** Math.ceil(Math.log2(count)));
      for (let at = 0; at < count; at++) this.pool.words[place + at] = sorted[start + at] ?? 0;
      this.places[id] = place;
    }
  }

  private room(id: number): { readonly rows: Words; readonly start: number } {
    const long = this.long.get(id);
    if (long !== undefined) return { rows: long, start: 0 };
    return { rows: this.pool.words, start: this.places[id] ?? 0 };
  }

  /** Moves a full list of `count` rows to where one more fits. */
  private makeRoom(id: number, count: number): void {
    const long = this.long.get(id);
    if (long !== undefined) {
      this.long.set(id, grownWords(long, count + 1));
      return;
    }
    // Blocks are powers of two, and full when the count is one.
    if ((count & (count - 1)) !== 0) return;
    if (count < SHORT) {
      const place = this.pool.allocate(count * 2);
      const from = this.places[id] ?? 0;
      if (count === 1) this.pool.words[place] = from;
      else this.moveBlock(from, count, place);
      this.places[id] = place;
      return;
    }
    const rows = new Uint32Array(grownLength(count, count + 1));
    const from = this.places[id] ?? 0;
    rows.set(this.pool.words.subarray(from, from + count));
    this.pool.release(from, count);
    this.long.set(id, rows);
  }

  private moveBlock(from: number, size: number, to: number): void {
    this.pool.words.copyWithin(to, from, from + size);
    this.pool.release(from, size);
  }

  /** Gives room back where `count` rows are left. */
  private giveRoom(id: number, count: number): void {
    const long = this.long.get(id);
    if (long !== undefined) {
      if (count === SHORT) this.shorten(id, long);
      else if (count * 4 < long.length) this.long.set(id, long.slice(0, count * 2));
      return;
    }
    if ((count & (count - 1)) !== 0) return;
    const from = this.places[id] ?? 0;
    if (count === 1) {
      this.places[id] = this.pool.words[from] ?? 0;
      this.pool.release(from, 2);
      return;
    }
    const place = this.pool.allocate(count);
    this.pool.words.copyWithin(place, from, from + count);
    this.pool.release(from, count * 2);
    this.places[id] = place;
  }

  private shorten(id: number, long: Words): void {
    const place = this.pool.allocate(SHORT);
    this.pool.words.set(long.subarray(0, SHORT), place);
    this.places[id] = place;
    this.long.delete(id);
  }
}
