import { FewCells } from './few-cells.js';
import { NumberCells } from './number-cells.js';
import type { RowPool } from './row-pool.js';
import { TextCells } from './text-cells.js';

/** Most rows that lie in few cells. */
export const FEW = 16;
/** Fewest rows that stay in many cells: some come and go without a move. */
const STILL_MANY = 4;

interface Cells<T> {
  readonly count: number;
  value(row: number): T | undefined;
  set(row: number, value: T): void;
  delete(row: number): void;
  forEach(each: (row: number, value: T) => void): void;
  forEachRow(each: (row: number) => void): void;
}

/** The values of all things for one tag name and one type. */
class TagColumn<T extends string | number, M extends Cells<T>> {
  readonly id: number;
  /** In upper case. */
  readonly name: string;
  /** One of both is there. */
  few: FewCells<T> | undefined = new FewCells<T>();
  many: M | undefined;
  private readonly pool: RowPool;
  private readonly Many: new (
    pool: RowPool,
  ) => M;

  constructor(id: number, name: string, pool: RowPool, Many: new (pool: RowPool) => M) {
    this.id = id;
    this.name = name;
    this.pool = pool;
    this.Many = Many;
  }

  /** How many rows have a value. */
  get count(): number {
    return this.cells?.count ?? 0;
  }

  value(row: number): T | undefined {
    return this.cells?.value(row);
  }

  set(row: number, value: T): void {
    this.cells?.set(row, value);
    if (this.few !== undefined && this.few.count > FEW) {
      const many = new this.Many(this.pool);
      this.few.forEach((each, known) => {
        many.set(each, known);
      });
      this.many = many;
      this.few = undefined;
    }
  }

  /** Calls `each` for every row that has a value. */
  forEachRow(each: (row: number) => void): void {
    this.cells?.forEachRow(each);
  }

  /** Takes over cells that were filled elsewhere, in place of its own. */
  fill(many: M): void {
    this.many = many;
    this.few = undefined;
  }

  delete(row: number): void {
    this.cells?.delete(row);
    if (this.many !== undefined && this.many.count < STILL_MANY) this.shrink(this.many);
  }

  private get cells(): Cells<T> | undefined {
    return this.few ?? this.many;
  }

  private shrink(many: M): void {
    const few = new FewCells<T>();
    many.forEach((row, value) => {
      few.set(row, value);
    });
    few.forEach((row) => {
      many.delete(row);
    });
    this.few = few;
    this.many = undefined;
  }
}

/** The column of a string tag. */
export class TextColumn extends TagColumn<string, TextCells> {
  readonly type = 'string';

  constructor(id: number, name: string, pool: RowPool) {
    super(id, name, pool, TextCells);
  }
}

/** The column of a numeric tag. */
export class NumberColumn extends TagColumn<number, NumberCells> {
  readonly type = 'number';

  constructor(id: number, name: string, pool: RowPool) {
    super(id, name, pool, NumberCells);
  }
}

/** The values of one tag. */
export type Column = TextColumn | NumberColumn;
