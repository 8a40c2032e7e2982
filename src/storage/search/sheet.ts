import { grownLength, grownWords, placeOf, type Words } from './growing.js';
import type { RowList } from './row-list.js';

/**
 * One number per row. Where many rows have one, it lies at the row's place; where few have, rows and numbers are kept
 * in pairs, in the order of the rows. `absent` (0, or not a number) stands for none.
 */
export class Sheet<A extends Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>> {
  /** By row, or by place among `rows`. */
  values: A;
  /** The rows that have a value, ascending; `undefined` where values lie at their rows. */
  rows: Words | undefined = new Uint32Array(0);
  /** How many rows have a value. */
  count = 0;
  private readonly make: (length: number) => A;
  private readonly absent: number;

  /** `make` gives an array of which all elements are `absent`. */
  constructor(make: (length: number) => A, absent: number) {
    this.make = make;
    this.absent = absent;
    this.values = make(0);
  }

  /** The value of a row, or `absent`. */
  get(row: number): number {
    const { rows, values } = this;
    if (rows === undefined) return row < values.length ? (values[row] ?? this.absent) : this.absent;
    const at = placeOf(rows, 0, this.count, row);
    return at < this.count && rows[at] === row ? (values[at] ?? this.absent) : this.absent;
  }

  /** Reads like `get`, faster where values lie at their rows; valid until the next change. */
  reader(): (row: number) => number {
    const { rows, values, absent } = this;
    if (rows !== undefined) return (row) => this.get(row);
    return (row) => (row < values.length ? (values[row] ?? absent) : absent);
  }

  /** Whether a row has a value. */
  has(row: number): boolean {
    return !Object.is(this.get(row), this.absent);
  }

  set(row: number, value: number): void {
    if (this.rows === undefined) {
      if (!this.has(row)) this.count++;
      if (row >= this.values.length) this.values = this.copy(grownLength(this.values.length, row + 1));
      this.values[row] = value;
    } else this.insert(this.rows, row, value);
  }

  delete(row: number): void {
    if (!this.has(row)) return;
    if (this.rows === undefined) {
      this.values[row] = this.absent;
      this.count--;
      if (this.values.length > 1024 && this.count * 64 < this.values.length) this.gather();
      return;
    }
    const at = placeOf(this.rows, 0, this.count, row);
    this.rows.copyWithin(at, at + 1, this.count);
    this.values.copyWithin(at, at + 1, this.count);
    this.count--;
  }

  /** The rows that have a value, where they are listed. */
  list(): RowList | undefined {
    return this.rows === undefined ? undefined : { rows: this.rows, start: 0, end: this.count };
  }

  /** Behind the last place of `values` that is in use. */
  get end(): number {
    return this.rows === undefined ? this.values.length : this.count;
  }

  /** Whether there is a value at a place. */
  filled(at: number): boolean {
    const value = this.values[at] ?? this.absent;
    return this.absent === 0 ? value !== 0 : !Number.isNaN(value);
  }

  /** The row whose value is at a place. */
  rowAt(at: number): number {
    return this.rows === undefined ? at : (this.rows[at] ?? 0);
  }

  /** Calls `each` for every row that has a value, in their order. */
  forEach(each: (row: number, value: number) => void): void {
    const { end } = this;
    for (let at = 0; at < end; at++)
      if (this.filled(at)) each(this.rowAt(at), this.values[at] ?? this.absent);
  }

  /** One value per row up to `end`. */
  spreadTo(end: number): A {
    const values = this.make(end);
    if (this.rows === undefined) {
      values.set(this.values.subarray(0, end));
      return values;
    }
    for (let at = 0; at < this.count; at++) values[this.rows[at] ?? 0] = this.values[at] ?? this.absent;
    return values;
  }

  /** Takes over values: one per row, or in pairs with ascending rows. */
  adopt(rows: Words | undefined, values: A): void {
    this.rows = rows;
    this.values = values;
    this.count = 0;
    for (let at = 0; at < values.length; at++) if (this.filled(at)) this.count++;
    if (rows !== undefined && this.count < rows.length) throw new Error('a row has no value');
  }

  private insert(rows: Words, row: number, value: number): void {
    const at = placeOf(rows, 0, this.count, row);
    if (at < this.count && rows[at] === row) {
      this.values[at] = value;
      return;
    }
    const grown = grownWords(rows, this.count + 1);
    if (grown !== rows) this.values = this.copy(grown.length);
    grown.copyWithin(at + 1, at, this.count);
    this.values.copyWithin(at + 1, at, this.count);
    grown[at] = row;
    this.values[at] = value;
    this.rows = grown;
    this.count++;
    if (this.count * 8 > (grown[this.count - 1] ?? 0)) this.spread(grown);
  }

  private copy(length: number): A {
    const grown = this.make(length);
    grown.set(this.values);
    return grown;
  }

  /** From pairs to one place per row. */
  private spread(rows: Words): void {
    const values = this.make(grownLength(0, (rows[this.count - 1] ?? 0) + 1));
    for (let at = 0; at < this.count; at++) values[rows[at] ?? 0] = this.values[at] ?? this.absent;
    this.values = values;
    this.rows = undefined;
  }

  /** From one place per row to pairs. */
  private gather(): void {
    const rows = new Uint32Array(this.count);
    const values = this.make(this.count);
    let at = 0;
    this.forEach((row, value) => {
      rows[at] = row;
      values[at++] = value;
    });
    this.rows = rows;
    this.values = values;
  }
}

/** A sheet of numbers of values; 0 is none. */
export function wordSheet(): Sheet<Words> {
  return new Sheet((length) => new Uint32Array(length), 0);
}

/** A sheet of numbers as they are; what is not a number is none. */
export function numberSheet(): Sheet<Float64Array<ArrayBuffer>> {
  return new Sheet((length) => new Float64Array(length).fill(Number.NaN), Number.NaN);
}
