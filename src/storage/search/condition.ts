import type { Column } from './column.js';
import { headMask, headOf } from './head.js';
import type { NumberCells } from './number-cells.js';
import { lengthOf, type RowList } from './row-list.js';
import type { TextCells } from './text-cells.js';
import type { NumberTest, TextTest, ValueTest } from './value-test.js';

/** Looking at a value costs about an eighth of walking a row through all conditions, with the reading it saves. */
export const ROWS_PER_VALUE = 8;

/** An operator that knows where its values lie. */
export interface Condition {
  /** Whether it holds for a row. */
  readonly holds: (row: number) => boolean;
  /** Conditions that cost less are asked first. */
  readonly cost: number;
  /** Lists in which every row lies for which it holds; absent where all rows have to be walked. */
  readonly lists?: readonly RowList[];
  /** No other row lies in the lists. */
  readonly exact?: boolean;
  /** How many rows have to be looked at: those of the lists, or all with such a tag. */
  readonly size: number;
  /** How many values have to be looked at to know the rows, and the way to do that. */
  readonly distinct?: number;
  readonly resolve?: () => Condition | undefined;
}

/** What a test asks of the values of a column of its type; `undefined` where it holds for no row. */
export function conditionOn(column: Column | undefined, test: ValueTest): Condition | undefined {
  if (column?.type === 'string' && test.type === 'string') return onText(column, test);
  if (column?.type === 'number' && test.type === 'number') return onNumber(column, test);
  return undefined;
}

function onText(column: Extract<Column, { type: 'string' }>, test: TextTest): Condition | undefined {
  if (column.many === undefined) return onFew(column, test);
  const { ids, values, rows } = column.many;
  const idOf = ids.reader();
  if (test.equals !== undefined) {
    const id = values.find(test.equals);
    if (id === 0) return undefined;
    const list = rows.list(id);
    return { cost: 1, lists: [list], exact: true, size: lengthOf(list), holds: (row) => idOf(row) === id };
  }
  const { count } = ids;
  const list = ids.list();
  const listed = list === undefined ? {} : { lists: [list] };
  if (test.differs !== undefined) {
    const wrong = values.find(test.differs);
    const holds = (row: number): boolean => {
      const id = idOf(row);
      return id !== 0 && id !== wrong;
    };
    return { cost: 1, ...listed, size: count, holds };
  }
  const { many } = column;
  const holds = textHolds(many, test);
  return {
    cost: test.cost,
    ...listed,
    size: count,
    holds,
    distinct: values.size,
    resolve: () => resolved(many, test),
  };
}

function textHolds(cells: TextCells, test: TextTest): (row: number) => boolean {
  const { beginning = '' } = test;
  const { ids, values, heads } = cells;
  if (beginning !== '' && ids.rows === undefined) {
    // The most common slow search: everything in one function is twice as fast.
    const words = ids.values;
    const mask = headMask(beginning.length);
    const head = headOf(beginning) & mask;
    return (row) => {
      const id = row < words.length ? (words[row] ?? 0) : 0;
      return ((heads[id] ?? 0) & mask) === head && id !== 0 && test.holds(values.kept(id) ?? '');
    };
  }
  const idOf = ids.reader();
  const right = valueIsRight(cells, test);
  return (row) => {
    const id = idOf(row);
    return id !== 0 && right(id);
  };
}

/** Asks the test of the value with a number; its head often has the answer. */
function valueIsRight({ values, heads }: TextCells, test: TextTest): (id: number) => boolean {
  const { beginning = '' } = test;
  if (beginning === '') return (id) => test.holds(values.kept(id) ?? '');
  const mask = headMask(beginning.length);
  const head = headOf(beginning) & mask;
  return (id) => ((heads[id] ?? 0) & mask) === head && test.holds(values.kept(id) ?? '');
}

/** Asks the test once per distinct value. */
function resolved(cells: TextCells, test: TextTest): Condition | undefined {
  const { ids, values, rows } = cells;
  const right = valueIsRight(cells, test);
  const verdicts = new Uint8Array(values.end);
  const lists: RowList[] = [];
  let size = 0;
  for (let id = 1; id < values.end; id++) {
    if (rows.count(id) === 0 || !right(id)) continue;
    verdicts[id] = 1;
    lists.push(rows.list(id));
    size += rows.count(id);
  }
  if (lists.length === 0) return undefined;
  const idOf = ids.reader();
  return { cost: 1, lists, exact: true, size, holds: (row) => verdicts[idOf(row)] === 1 };
}

function onNumber(column: Extract<Column, { type: 'number' }>, test: NumberTest): Condition | undefined {
  if (column.many === undefined) return onFew(column, test);
  const { numbers } = column.many;
  const equal = test.equals === undefined ? undefined : column.many.equal(test.equals);
  if (equal !== undefined) {
    if (lengthOf(equal) === 0) return undefined;
    const holds = (row: number): boolean => numbers.get(row) === test.equals;
    return { cost: 1, lists: [equal], exact: true, size: lengthOf(equal), holds };
  }
  const list = numbers.list();
  const listed = list === undefined ? {} : { lists: [list] };
  const numberOf = numbers.reader();
  const holds = (row: number): boolean => {
    const value = numberOf(row);
    return !Number.isNaN(value) && test.holds(value);
  };
  const { many } = column;
  const distinct =
    many.distinct === undefined
      ? {}
      : { distinct: many.distinct, resolve: () => resolvedNumber(many, test, holds) };
  return { cost: test.cost, ...listed, size: numbers.count, holds, ...distinct };
}

function resolvedNumber(
  cells: NumberCells,
  test: NumberTest,
  holds: Condition['holds'],
): Condition | undefined {
  const lists = cells.matching(test.holds);
  const size = lists.reduce((sum, list) => sum + lengthOf(list), 0);
  return lists.length === 0 ? undefined : { cost: 1, lists, exact: true, size, holds };
}

function onFew<T extends string | number>(
  column: { readonly few: Few<T> | undefined; value(row: number): T | undefined },
  test: { readonly holds: (value: T) => boolean },
): Condition | undefined {
  const list = column.few?.matching(test.holds);
  if (list === undefined || lengthOf(list) === 0) return undefined;
  const holds = (row: number): boolean => {
    const value = column.value(row);
    return value !== undefined && test.holds(value);
  };
  return { cost: 1, lists: [list], exact: true, size: lengthOf(list), holds };
}

interface Few<T> {
  matching(right: (value: T) => boolean): RowList;
}
