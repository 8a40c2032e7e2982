import type { Words } from './growing.js';

/** Rows in ascending order: a piece of an array, valid until the next change. */
export interface RowList {
  readonly rows: Words;
  readonly start: number;
  /** Behind the last one. */
  readonly end: number;
}

/** How many rows a list has. */
export function lengthOf(list: RowList): number {
  return list.end - list.start;
}

/** The list of these rows. */
export function listOf(rows: Words): RowList {
  return { rows, start: 0, end: rows.length };
}
