import { grownWords, type Words } from './growing.js';

/** Room for short lists of rows: blocks of 2, 4, 8 … words in one array, so that a list costs no object. */
export class RowPool {
  /** The blocks. Another array after `allocate`. */
  words: Words = new Uint32Array(64);
  /** While this is true, cells keep no lists; these are made all at once, in a tenth of the time, when it ends. */
  filling = false;
  private end = 0;
  private readonly free = new Map<number, number[]>();

  /** Where a block of so many words, a power of two, begins. */
  allocate(size: number): number {
    const freed = this.free.get(size)?.pop();
    if (freed !== undefined) return freed;
    const place = this.end;
    this.end += size;
    this.words = grownWords(this.words, this.end);
    return place;
  }

  /** Gives a block back. */
  release(place: number, size: number): void {
    const freed = this.free.get(size);
    if (freed === undefined) this.free.set(size, [place]);
    else freed.push(place);
  }
}
