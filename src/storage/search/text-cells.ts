import { Dictionary } from './dictionary.js';
import { grownWords, type Words } from './growing.js';
import { headOf } from './head.js';
import { RowLists } from './row-lists.js';
import type { RowPool } from './row-pool.js';
import { wordSheet } from './sheet.js';

/** The values of a string tag that many things have: each distinct one once, with the rows that have it. */
export class TextCells {
  /** By row, the number of its value. */
  readonly ids = wordSheet();
  readonly values = new Dictionary<string>();
  /** By the number of a value, its rows. */
  readonly rows: RowLists;
  /** By the number of a value, its head. Another array after `set`. */
  heads: Words = new Uint32Array(16);

  constructor(pool: RowPool) {
    this.rows = new RowLists(pool);
  }

  get count(): number {
    return this.ids.count;
  }

  value(row: number): string | undefined {
    return this.values.value(this.ids.get(row));
  }

  set(row: number, value: string): void {
    const before = this.ids.get(row);
    const id = this.values.intern(value);
    if (id === before) return;
    if (this.rows.count(id) === 0) this.keepHead(id, value);
    this.ids.set(row, id);
    this.rows.add(id, row);
    this.forget(before, row);
  }

  delete(row: number): void {
    const before = this.ids.get(row);
    this.ids.delete(row);
    this.forget(before, row);
  }

  /** Calls `each` for every row, in their order. */
  forEach(each: (row: number, value: string) => void): void {
    this.ids.forEach((row, id) => {
      each(row, this.values.value(id) ?? '');
    });
  }

  /** Takes over the texts of the values that `ids` has already. Throws where one is missing or comes twice. */
  adopt(texts: readonly string[]): void {
    this.ids.forEach((row, id) => {
      if (id >= texts.length) throw new Error('a text is missing');
      this.rows.add(id, row);
    });
    this.values.adopt(texts, (id) => this.rows.count(id) > 0);
    texts.forEach((text, id) => {
      this.keepHead(id, text);
    });
  }

  private keepHead(id: number, value: string): void {
    this.heads = grownWords(this.heads, id + 1);
    this.heads[id] = headOf(value);
  }

  private forget(id: number, row: number): void {
    if (id === 0) return;
    this.rows.remove(id, row);
    if (this.rows.count(id) === 0) this.values.drop(id);
  }
}
