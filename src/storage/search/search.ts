import type { SearchOperator } from '../../domain/search.js';
import { KEY } from '../../domain/tag.js';
import { Budget, MAX_STEPS } from './budget.js';
import { type Condition, conditionOn, ROWS_PER_VALUE } from './condition.js';
import type { Expressions } from './expressions.js';
import { geoBox } from './geo-box.js';
import { lengthOf, type RowList } from './row-list.js';
import { RowSet } from './row-set.js';
import type { ThingTable } from './thing-table.js';
import { valueTest } from './value-test.js';
import { wildcardCondition } from './wildcard-condition.js';

/** One page of rows, in their order. */
export interface Page {
  readonly rows: readonly number[];
  readonly more: boolean;
}

/** Where a search begins: lists of rows, or all rows. */
interface Start {
  readonly size: number;
  readonly lists: readonly RowList[] | undefined;
  /** The condition that need not be asked again. */
  readonly met?: Condition;
}

const nothing: Page = { rows: [], more: false };

/**
 * The rows of findable things for which every operator holds [0347 3.13]: it walks the fewest rows that can be known
 * from the operators and asks the rest of them row by row, until the page is full. Refuses with bad-request a regular
 * expression that is none, and with search-too-costly what goes on for too long.
 */
export function search(
  table: ThingTable,
  operators: readonly SearchOperator[],
  page: { readonly offset: number; readonly maxCount: number },
  expressions: Expressions,
  steps: number = MAX_STEPS,
): Page {
  const budget = new Budget(steps);
  let conditions: Condition[] = [];
  let none = false;
  for (const operator of operators) {
    // All operators are read, so that a malformed one is refused whatever the others find.
    const condition = conditionOf(table, operator, expressions, budget);
    if (condition === undefined) none = true;
    else conditions.push(condition);
  }
  if (none) return nothing;
  const known = startOf(table, operators, conditions);
  const resolved = resolveSome(conditions, known.size, budget);
  if (resolved === undefined) return nothing;
  conditions = resolved;
  const start = startOf(table, operators, conditions);
  const asked = conditions.filter((condition) => condition !== start.met).sort((a, b) => a.cost - b.cost);
  return collect(table, start, asked, page, budget);
}

function conditionOf(
  table: ThingTable,
  operator: SearchOperator,
  expressions: Expressions,
  budget: Budget,
): Condition | undefined {
  const test = valueTest(operator, expressions, budget);
  const { name, nameWildcard } = operator;
  if (name === KEY) return undefined;
  if (nameWildcard !== undefined) {
    const mask = { mask: name, wildcard: nameWildcard };
    return wildcardCondition(mask, test, table.columns, table.rows, budget);
  }
  return conditionOn(test.type === 'string' ? table.columns.text(name) : table.columns.number(name), test);
}

/** Looks at the distinct values where they are few beside the rows; `undefined` where a condition never holds. */
function resolveSome(
  conditions: readonly Condition[],
  rows: number,
  budget: Budget,
): Condition[] | undefined {
  const resolved: Condition[] = [];
  for (const condition of conditions) {
    const { distinct, resolve } = condition;
    const worth = distinct !== undefined && distinct * ROWS_PER_VALUE <= rows;
    if (worth) budget.spend(distinct);
    const better = worth && resolve !== undefined ? resolve() : condition;
    if (better === undefined) return undefined;
    resolved.push(better);
  }
  return resolved;
}

function startOf(
  table: ThingTable,
  operators: readonly SearchOperator[],
  conditions: readonly Condition[],
): Start {
  let best: Start = { size: table.rows.end, lists: undefined };
  for (const condition of conditions) {
    const { size, lists, exact } = condition;
    if (lists === undefined || size >= best.size) continue;
    best = exact ? { size, lists, met: condition } : { size, lists };
  }
  const box = best.size < 32 ? undefined : geoBox(operators);
  if (box === undefined) return best;
  const lists = table.grid.around(box.latitude, box.longitude, best.size);
  const size = lists?.reduce((sum, list) => sum + lengthOf(list), 0) ?? best.size;
  return size < best.size ? { size, lists } : best;
}

function collect(
  table: ThingTable,
  start: Start,
  conditions: readonly Condition[],
  { offset, maxCount }: { readonly offset: number; readonly maxCount: number },
  budget: Budget,
): Page {
  const rows: number[] = [];
  const end = Math.max(offset, 0) + Math.max(maxCount, 0);
  const findable = table.rows.findable();
  const asked = conditions.map((condition) => condition.holds);
  let hits = 0;
  walk(start, table.rows.end, (row) => {
    if (!findable(row)) return false;
    budget.spend(asked.length + 1);
    for (let i = 0; i < asked.length; i++) if (asked[i]?.(row) !== true) return false;
    if (hits >= offset && hits < end) rows.push(row);
    return ++hits > end;
  });
  return { rows, more: hits > end };
}

/** Calls `each` for the rows to begin with, in their order, until it says that it has enough. */
function walk({ lists }: Start, end: number, each: (row: number) => boolean): void {
  const [first] = lists ?? [];
  if (lists === undefined) {
    for (let row = 0; row < end; row++) if (each(row)) return;
  } else if (lists.length === 1 && first !== undefined) {
    const { rows, start, end: last } = first;
    for (let at = start; at < last; at++) if (each(rows[at] ?? 0)) return;
  } else {
    const set = new RowSet(end);
    for (const list of lists) set.addAll(list);
    set.walk(each);
  }
}
