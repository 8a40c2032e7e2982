import { maskTest } from '../../domain/search.js';
import type { Budget } from './budget.js';
import type { Column } from './column.js';
import type { Columns } from './columns.js';
import { type Condition, conditionOn, ROWS_PER_VALUE } from './condition.js';
import { shapeColumn, shapeLength } from './shape.js';
import type { ThingRows } from './thing-rows.js';
import type { ValueTest } from './value-test.js';

/** Most columns of which the names are tried one after the other; beyond, each thing's own names are. */
const MOST_COLUMNS = 256;

/** Which tags an operator with a wildcard in its name looks at. */
export interface NameMask {
  readonly mask: string;
  readonly wildcard: string;
}

/** A test of all tags whose name fits: it holds where it holds for one of them. */
export function wildcardCondition(
  { mask, wildcard }: NameMask,
  test: ValueTest,
  columns: Columns,
  rows: ThingRows,
  budget: Budget,
): Condition | undefined {
  const matches = maskTest(mask, wildcard);
  const fits = (name: string): boolean => {
    budget.spend(name.length);
    return matches(name);
  };
  if (columns.count > MOST_COLUMNS) return byShape(fits, test, columns, rows, budget);
  const conditions: Condition[] = [];
  for (const column of columns.of(test.type)) {
    const condition = fits(column.name) ? conditionOn(column, test) : undefined;
    if (condition !== undefined) conditions.push(condition);
  }
  return conditions.length > 0 ? anyOf(conditions, budget) : undefined;
}

/** Holds where one of the conditions does. */
function anyOf(conditions: readonly Condition[], budget: Budget): Condition {
  const size = sum(conditions.map((condition) => condition.size));
  const lists = conditions.flatMap((condition) => condition.lists ?? []);
  const listed = conditions.every((condition) => condition.lists !== undefined) ? { lists } : {};
  const cost = Math.max(...conditions.map((condition) => condition.cost)) + 1;
  const distinct = sum(conditions.map((condition) => distinctOf(condition)));
  const resolve = (): Condition | undefined => {
    const resolved = conditions.map((each) => (distinctOf(each) > 0 ? each.resolve?.() : each));
    const rest = resolved.filter((condition) => condition !== undefined);
    return rest.length > 0 ? anyOf(rest, budget) : undefined;
  };
  return {
    cost,
    size,
    ...listed,
    ...(distinct > 0 ? { distinct, resolve } : {}),
    holds: (row) => {
      budget.spend(conditions.length);
      return conditions.some((condition) => condition.holds(row));
    },
  };
}

/** How many values to look at instead of rows, where that pays. */
function distinctOf({ distinct, size }: Condition): number {
  return distinct !== undefined && distinct * ROWS_PER_VALUE <= size ? distinct : 0;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function byShape(
  fits: (name: string) => boolean,
  test: ValueTest,
  columns: Columns,
  rows: ThingRows,
  budget: Budget,
): Condition {
  // By the number of the column: 1 where its name fits, 2 where it does not.
  const verdicts = new Uint8Array(columns.list().length);
  const isNamed = (column: Column): boolean => {
    verdicts[column.id] ||= fits(column.name) ? 1 : 2;
    return verdicts[column.id] === 1;
  };
  const holds = (row: number): boolean => {
    const shape = rows.shape(row);
    budget.spend(shapeLength(shape));
    for (let place = 0; place < shapeLength(shape); place++) {
      const column = columns.at(shapeColumn(shape, place));
      if (column?.type !== test.type || !isNamed(column)) continue;
      const value = column.value(row);
      if (typeof value === 'string' && test.type === 'string' && test.holds(value)) return true;
      if (typeof value === 'number' && test.type === 'number' && test.holds(value)) return true;
    }
    return false;
  };
  return { cost: 8, size: rows.addresses.count, holds };
}
