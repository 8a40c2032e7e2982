import { Dictionary } from './dictionary.js';
import type { RowList } from './row-list.js';
import { RowLists } from './row-lists.js';
import type { RowPool } from './row-pool.js';
import { numberSheet } from './sheet.js';

/** Most distinct numbers of which the rows are listed: versions have few, coordinates one per thing. */
const MOST_LISTED = 1024;

/** The values of a numeric tag that many things have, with the rows of each where they repeat. */
export class NumberCells {
  readonly numbers = numberSheet();
  private listed: { readonly values: Dictionary<number>; readonly rows: RowLists } | undefined;

  private readonly pool: RowPool;

  constructor(pool: RowPool) {
    this.pool = pool;
    this.listed = { values: new Dictionary<number>(), rows: new RowLists(pool) };
  }

  get count(): number {
    return this.numbers.count;
  }

  value(row: number): number | undefined {
    const value = this.numbers.get(row);
    return Number.isNaN(value) ? undefined : value;
  }

  set(row: number, value: number): void {
    const before = this.numbers.get(row);
    if (value === before) return;
    this.numbers.set(row, value);
    if (this.pool.filling) return;
    this.unlist(row, before);
    this.add(row, value);
  }

  delete(row: number): void {
    const before = this.numbers.get(row);
    this.numbers.delete(row);
    this.unlist(row, before);
  }

  /** The rows with this number, where such lists are kept; without rows if nothing has it. */
  equal(value: number): RowList | undefined {
    return this.listed?.rows.list(this.listed.values.find(value));
  }

  /** How many distinct numbers there are, where their rows are listed. */
  get distinct(): number | undefined {
    return this.listed?.values.size;
  }

  /** The rows of each number that is right, where they are listed. */
  matching(right: (value: number) => boolean): readonly RowList[] {
    if (this.listed === undefined) return [];
    const { values, rows } = this.listed;
    const lists: RowList[] = [];
    values.list().forEach((value, id) => {
      if (value !== undefined && right(value)) lists.push(rows.list(id));
    });
    return lists;
  }

  /** Calls `each` for every row, in their order. */
  forEachRow(each: (row: number) => void): void {
    for (let at = 0; at < this.numbers.end; at++) if (this.numbers.filled(at)) each(this.numbers.rowAt(at));
  }

  /** The same with the values. */
  forEach(each: (row: number, value: number) => void): void {
    this.numbers.forEach(each);
  }

  /** Makes the lists for numbers that the sheet has already. */
  list(): void {
    this.listed = undefined;
    const values = new Dictionary<number>();
    const ids = new Uint32Array(this.numbers.end);
    for (let at = 0; at < ids.length; at++) {
      if (!this.numbers.filled(at)) continue;
      ids[at] = values.intern(this.numbers.values[at] ?? 0);
      if (values.size > MOST_LISTED) return;
    }
    const rows = new RowLists(this.pool);
    rows.fill(values.end, ids, this.numbers.rows);
    this.listed = { values, rows };
  }

  /** Gives the lists up where there are too many. */
  private add(row: number, value: number): void {
    if (this.listed === undefined) return;
    this.listed.rows.add(this.listed.values.intern(value), row);
    if (this.listed.values.size <= MOST_LISTED) return;
    this.listed.rows.release();
    this.listed = undefined;
  }

  private unlist(row: number, value: number): void {
    if (this.listed === undefined || Number.isNaN(value)) return;
    const { values, rows } = this.listed;
    const id = values.find(value);
    rows.remove(id, row);
    if (rows.count(id) === 0) values.drop(id);
  }
}
