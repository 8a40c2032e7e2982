import { type Column, NumberColumn, TextColumn } from './column.js';
import { RowPool } from './row-pool.js';

/** All columns, by name and type, and by the numbers that stand for them in shapes. */
export class Columns {
  private readonly slots: (Column | undefined)[] = [];
  private readonly free: number[] = [];
  private readonly texts = new Map<string, TextColumn>();
  private readonly numbers = new Map<string, NumberColumn>();
  /** Where the lists of all columns lie. */
  readonly pool = new RowPool();

  /** How many columns there are. */
  get count(): number {
    return this.texts.size + this.numbers.size;
  }

  /** The string tag of this name. */
  text(name: string): TextColumn | undefined {
    return this.texts.get(name);
  }

  /** The numeric tag of this name. */
  number(name: string): NumberColumn | undefined {
    return this.numbers.get(name);
  }

  /** The column with this number. */
  at(id: number): Column | undefined {
    return this.slots[id];
  }

  /** All columns by their numbers, `undefined` where a number is free. */
  list(): readonly (Column | undefined)[] {
    return this.slots;
  }

  /** All columns of a type. */
  of(type: 'string' | 'number'): Iterable<Column> {
    return type === 'string' ? this.texts.values() : this.numbers.values();
  }

  /** The column for values of this type, a new one if need be. */
  take(name: string, type: 'string' | 'number'): Column {
    const known = type === 'string' ? this.texts.get(name) : this.numbers.get(name);
    return known ?? this.make(this.free.pop() ?? this.slots.length, name, type);
  }

  /** Makes the column with a number that is free; numbers that are passed over so stay free. */
  adopt(id: number, name: string, type: 'string' | 'number'): Column {
    for (let passed = this.slots.length; passed < id; passed++) {
      this.slots[passed] = undefined;
      this.free.push(passed);
    }
    return this.make(id, name, type);
  }

  /** Forgets a column in which no row has a value. */
  drop(column: Column): void {
    if (column.type === 'string') this.texts.delete(column.name);
    else this.numbers.delete(column.name);
    this.slots[column.id] = undefined;
    this.free.push(column.id);
  }

  private make(id: number, name: string, type: 'string' | 'number'): Column {
    if (type === 'string') {
      const column = new TextColumn(id, name, this.pool);
      this.texts.set(name, column);
      this.slots[id] = column;
      return column;
    }
    const column = new NumberColumn(id, name, this.pool);
    this.numbers.set(name, column);
    this.slots[id] = column;
    return column;
  }
}
