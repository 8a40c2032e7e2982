import type { NodeAddress } from '../../domain/node-address.js';
import { KEY, type Tag } from '../../domain/tag.js';
import type { KnownThing } from '../../domain/thing.js';
import type { Column } from './column.js';
import { Columns } from './columns.js';
import { LATITUDE, LONGITUDE } from './geo-box.js';
import { GeoGrid } from './geo-grid.js';
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
    this.move(row, false);
    const ids: number[] = [];
    for (const { name, value } of thing.tags) {
      // JSON has no other numbers, and a column none for them.
      if (name === KEY || (typeof value === 'number' && !Number.isFinite(value))) continue;
      const column = this.columns.take(name, typeof value === 'number' ? 'number' : 'string');
      // A set of tags has no name twice.
      if (ids.includes(column.id)) continue;
      setValue(column, row, value);
      ids.push(column.id);
    }
    const shape = shapeOf(ids);
    if (shape !== before) this.clear(row, before, new Set(ids));
    this.rows.set(row, thing, shape);
    this.move(row, true);
  }

  /** Forgets a thing. */
  remove(address: NodeAddress): void {
    const row = this.rows.addresses.find(address);
    if (row === undefined) return;
    this.move(row, false);
    this.clear(row, this.rows.shape(row), new Set());
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

  /** Forgets the values of the columns of a shape, but those that are kept. */
  private clear(row: number, shape: string, kept: ReadonlySet<number>): void {
    for (const column of this.columnsOf(shape)) {
      if (kept.has(column.id)) continue;
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

function setValue(column: Column, row: number, value: string | number): void {
  if (column.type === 'string' && typeof value === 'string') column.set(row, value);
  else if (column.type === 'number' && typeof value === 'number') column.set(row, value);
}
