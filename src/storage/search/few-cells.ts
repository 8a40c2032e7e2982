import { listOf, type RowList } from './row-list.js';

/** The values of a tag that few things have: rows and values in turns, in the order of the rows. Names cost little so. */
export class FewCells<T extends string | number> {
  private readonly turns: (number | T)[] = [];

  get count(): number {
    return this.turns.length / 2;
  }

  value(row: number): T | undefined {
    const at = this.placeOf(row);
    // Values stand behind their rows.
    return this.turns[at] === row ? (this.turns[at + 1] as T) : undefined;
  }

  set(row: number, value: T): void {
    const at = this.placeOf(row);
    if (this.turns[at] === row) this.turns[at + 1] = value;
    else this.turns.splice(at, 0, row, value);
  }

  delete(row: number): void {
    const at = this.placeOf(row);
    if (this.turns[at] === row) this.turns.splice(at, 2);
  }

  /** Calls `each` for every row, in their order. */
  forEachRow(each: (row: number) => void): void {
    for (let at = 0; at < this.turns.length; at += 2) each(this.turns[at] as number);
  }

  /** The same with the values. */
  forEach(each: (row: number, value: T) => void): void {
    for (let at = 0; at < this.turns.length; at += 2) each(this.turns[at] as number, this.turns[at + 1] as T);
  }

  /** The rows of which the value is right. */
  matching(right: (value: T) => boolean): RowList {
    const rows: number[] = [];
    this.forEach((row, value) => {
      if (right(value)) rows.push(row);
    });
    return listOf(Uint32Array.from(rows));
  }

  private placeOf(row: number): number {
    let at = 0;
    while (at < this.turns.length && (this.turns[at] as number) < row) at += 2;
    return at;
  }
}
