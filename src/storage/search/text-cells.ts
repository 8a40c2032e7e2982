import { grownWords, type Words } from './growing.js';
import type { PackedTexts } from './packed-texts.js';
import { RowLists } from './row-lists.js';
import type { RowPool } from './row-pool.js';
import { wordSheet } from './sheet.js';
import { TextTable } from './text-table.js';

/** The values of a string tag that many things have: each distinct one once, with the rows that have it. */
export class TextCells {
  /** By row, the number of its value. */
  readonly ids = wordSheet();
  readonly values = new TextTable();
  /** By the number of a value, its rows. */
  readonly rows: RowLists;
  /** By the number of a value, its head. Another array after `set`. */
  heads: Words = new Uint32Array(16);

  private readonly pool: RowPool;

  constructor(pool: RowPool) {
    this.pool = pool;
    this.rows = new RowLists(pool);
  }

  get count(): number {
    return this.ids.count;
  }

  value(row: number): string | undefined {
    return this.values.text(this.ids.get(row));
  }

  set(row: number, value: string): void {
    const id = this.values.intern(value);
    if (this.pool.filling) {
      this.ids.set(row, id);
      return;
    }
    const before = this.ids.get(row);
    if (id === before) return;
    if (this.rows.count(id) === 0) this.keepHead(id);
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
  forEachRow(each: (row: number) => void): void {
    for (let at = 0; at < this.ids.end; at++) if (this.ids.filled(at)) each(this.ids.rowAt(at));
  }

  /** The same with the values. */
  forEach(each: (row: number, value: string) => void): void {
    this.ids.forEach((row, id) => {
      each(row, this.values.text(id) ?? '');
    });
  }

  /** Takes over the texts of the values that `ids` has already. Throws where one is missing or comes twice. */
  adopt(texts: PackedTexts): void {
    const { length } = texts.sizes;
    for (const id of this.ids.values) if (id >= length && id > 0) throw new Error('a text is missing');
    this.rows.fill(length, this.ids.values, this.ids.rows);
    this.values.adopt(texts, (id) => this.rows.count(id) > 0);
    this.keepHeads();
  }

  /** Makes the lists for what was set without them. */
  list(): void {
    this.rows.fill(this.values.end, this.ids.values.subarray(0, this.ids.end), this.ids.rows);
    for (let id = 1; id < this.values.end; id++) if (this.rows.count(id) === 0) this.values.drop(id);
    this.keepHeads();
  }

  private keepHeads(): void {
    this.heads = new Uint32Array(Math.max(this.values.end, 16));
    for (let id = 1; id < this.values.end; id++) this.heads[id] = this.values.head(id);
  }

  private keepHead(id: number): void {
    this.heads = grownWords(this.heads, id + 1);
    this.heads[id] = this.values.head(id);
  }

  private forget(id: number, row: number): void {
    if (id === 0) return;
    this.rows.remove(id, row);
    if (this.rows.count(id) === 0) this.values.drop(id);
  }
}
