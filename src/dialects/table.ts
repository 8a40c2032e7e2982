import type { OperationName } from '../domain/command.js';
import type { Generation } from '../domain/generation.js';
import type { Row } from './row.js';
import { xep0324 } from './xep0324.js';
import { xep0347 } from './xep0347.js';

/** Every row of every dialect. */
export const rows: readonly Row<OperationName>[] = [...xep0347, ...xep0324];

const byOperation = new Map(rows.map((row) => [`${row.operation}|${row.generation}`, row]));

/** The row of an operation in a generation. */
export function rowOf<Name extends OperationName>(operation: Name, generation: Generation): Row<Name> {
  const row = byOperation.get(`${operation}|${generation}`);
  if (row === undefined) throw new Error(`no dialect has ${operation} in generation ${generation}`);
  return row as unknown as Row<Name>;
}
