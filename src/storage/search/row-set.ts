import type { Words } from './growing.js';
import type { RowList } from './row-list.js';

/** A set of rows, one bit each: brings several lists into one order without sorting. */
export class RowSet {
  private readonly words: Words;

  /** Of rows below `end`. */
  constructor(end: number) {
    this.words = new Uint32Array((end + 31) >>> 5);
  }

  addAll({ rows, start, end }: RowList): void {
    const { words } = this;
    for (let at = start; at < end; at++) {
      const row = rows[at] ?? 0;
      words[row >>> 5] = (words[row >>> 5] ?? 0) | (1 << (row & 31));
    }
  }

  /** Calls `each` in the order of the rows until it says that it has enough. */
  walk(each: (row: number) => boolean): void {
    for (let at = 0; at < this.words.length; at++) {
      let word = this.words[at] ?? 0;
      while (word !== 0) {
        const bit = 31 - Math.clz32(word & -word);
        if (each(at * 32 + bit)) return;
        word &= word - 1;
      }
    }
  }
}
