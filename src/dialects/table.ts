import type { OperationName } from '../domain/command.js';
import type { Dialect } from '../domain/generation.js';
import { harmonizedOwner } from './harmonized-owner.js';
import type { Row } from './row.js';
import { siot } from './siot.js';
import { xep0324 } from './xep0324.js';
import { xep0347 } from './xep0347.js';

/** Every row of every dialect. */
export const rows: readonly Row<OperationName>[] = [...xep0347, ...xep0324, ...harmonizedOwner, ...siot];

/** Where a dialect says something in two ways, the listed one is written. */
const byOperation = new Map(
  rows.filter((row) => row.unlisted === undefined).map((row) => [`${row.operation}|${row.generation}`, row]),
);

/** The row of an operation in a dialect; `undefined` where the dialect has no word for it. */
export function findRow<Name extends OperationName>(
  operation: Name,
  dialect: Dialect,
): Row<Name> | undefined {
  return byOperation.get(`${operation}|${dialect}`) as unknown as Row<Name> | undefined;
}

/** The row of an operation in a dialect that has it. */
export function rowOf<Name extends OperationName>(operation: Name, dialect: Dialect): Row<Name> {
  const row = findRow(operation, dialect);
  if (row === undefined) throw new Error(`${dialect} has no word for ${operation}`);
  return row;
}
