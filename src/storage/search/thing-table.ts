import type { NodeAddress } from '../../domain/node-address.js';
import { KEY, type Tag } from '../../domain/tag.js';
import type { KnownThing } from '../../domain/thing.js';
import type { Column, NumberColumn } from './column.js';
import { Columns } from './columns.js';
import { LATITUDE, LONGITUDE } from './geo-box.js';
import { GeoGrid } from './geo-grid.js';
import type { Numbers } from './growing.js';
import { shapeColumn, shapeLength, shapeOf } from './shape.js';
import { ThingRows } from './thing-rows.js';

/**
 * All things by columns: a row each, and a column per tag name and type. KEY never comes in, so that it can be neither
 * found nor shown [0347 3.13].
 */
export class ThingTable {
  readonly rows = new ThingRows();
  readonly columns = new Columns();
  readonly grid = new GeoGrid();
  private lastShape = '';
  private lastColumns: readonly Column[] = [];

  /** Keeps a thing as it is now. */
  put(address: NodeAddress, thing: KnownThing): void {
    const row = this.rows.take(address);
    const before = this.rows.shape(row);
    if (before !== '') {
      this.endFilling();
      this.move(row, false);
    }
    const columns: Column[] = [];
    for (const { name, value } of thing.tags) {
      // JSON has no other numbers, and a column none for them.
      if (name === KEY || (typeof value === 'number' && !Number.isFinite(value))) continue;
      const column = this.columnFor(name, typeof value === 'number' ? 'number' : 'string', columns.length);
      // A set of tags has no name twice.
      if (columns.includes(column)) continue;
      setValue(column, row, value);
      columns.push(column);
    }
    const shape = this.shapeOf(columns);
    if (shape !== before) this.clear(row, before, columns);
    this.rows.set(row, thing, shape);
    if (!this.columns.pool.filling) this.move(row, true);
  }

  /** Before many things are put in: searches find none of them until `endFilling`. */
  beginFilling(): void {
    this.columns.pool.filling = true;
  }

  /** After that. */
  endFilling(): void {
    if (!this.columns.pool.filling) return;
    this.columns.pool.filling = false;
    for (const column of this.columns.list()) column?.many?.list();
    this.fillGrid();
  }

  /** Puts the rows of all things into the empty grid. */
  fillGrid(): void {
    const latitudes = this.columns.number(LATITUDE);
    const longitudes = this.columns.number(LONGITUDE);
    if (latitudes === undefined || longitudes === undefined) return;
    const { end } = this.rows;
    this.grid.fill(numbersOf(latitudes, end), numbersOf(longitudes, end));
  }

  /** Forgets a thing. */
  remove(address: NodeAddress): void {
    this.endFilling();
    const row = this.rows.addresses.find(address);
    if (row === undefined) return;
    this.move(row, false);
    this.clear(row, this.rows.shape(row), []);
    this.rows.drop(row);
  }

  /** The thing of a row that is in use. */
  thing(row: number): KnownThing {
    return this.rows.thing(row, this.tags(row));
  }

  private tags(row: number): readonly Tag[] {
    const tags: Tag[] = [];
    for (const column of this.columnsOf(this.rows.shape(row))) {
      const value = column.value(row);
      if (value !== undefined) tags.push({ name: column.name, value });
    }
    return tags;
  }

  /** The columns of a shape; things that are found together often have the same. */
  private columnsOf(shape: string): readonly Column[] {
    if (shape === this.lastShape) return this.lastColumns;
    const columns: Column[] = [];
    for (let place = 0; place < shapeLength(shape); place++) {
      const column = this.columns.at(shapeColumn(shape, place));
      if (column !== undefined) columns.push(column);
    }
    this.lastShape = shape;
    this.lastColumns = columns;
    return columns;
  }

  /** The column of a tag; at the same place as in the thing before, the same one is tried first. */
  private columnFor(name: string, type: 'string' | 'number', place: number): Column {
    const last = this.lastColumns[place];
    return last?.name === name && last.type === type ? last : this.columns.take(name, type);
  }

  private shapeOf(columns: readonly Column[]): string {
    const { lastColumns } = this;
    if (columns.length === lastColumns.length && columns.every((column, i) => column === lastColumns[i]))
      return this.lastShape;
    this.lastShape = shapeOf(columns.map(({ id }) => id));
    this.lastColumns = columns;
    return this.lastShape;
  }

  /** Forgets the values of the columns of a shape, but those that are kept. */
  private clear(row: number, shape: string, kept: readonly Column[]): void {
    if (shape === '') return;
    for (const column of this.columnsOf(shape)) {
      if (kept.includes(column)) continue;
      column.delete(row);
      if (column.count === 0) this.columns.drop(column);
    }
    // A dropped column's number may soon stand for another.
    this.lastShape = '';
    this.lastColumns = [];
  }

  /** Takes the row off the grid or puts it where its tags say. */
  private move(row: number, add: boolean): void {
    const latitude = this.columns.number(LATITUDE)?.value(row);
    const longitude = this.columns.number(LONGITUDE)?.value(row);
    if (latitude === undefined || longitude === undefined) return;
    if (add) this.grid.add(row, latitude, longitude);
    else this.grid.remove(row, latitude, longitude);
  }
}

/** One number per row. */
function numbersOf({ few, many }: NumberColumn, end: number): Numbers {
  if (many !== undefined) return many.numbers.spreadTo(end);
  const numbers = new Float64Array(end).fill(Number.NaN);
  few?.forEach((row, value) => {
    numbers[row] = value;
  });
  return numbers;
}

function setValue(column: Column, row: number, value: string | number): void {
  if (column.type === 'string' && typeof value === 'string') column.set(row, value);
  else if (column.type === 'number' && typeof value === 'number') column.set(row, value);
}
