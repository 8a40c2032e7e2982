/** What is granted: for each node (row) and name (column) the bits of the categories (layers). */
export interface Grid {
  readonly rows: number;
  readonly columns: number;
  /** Row by row. */
  readonly cells: Uint16Array;
}

/** Part of a grid: every layer of it in every cell of its rows and columns. */
export interface Box {
  /** Ascending. */
  readonly rows: readonly number[];
  /** Ascending. */
  readonly columns: readonly number[];
  readonly layers: number;
}

/** Rows, or columns, that are the same in all cells. */
export interface Groups {
  /** The first of each group, ascending. */
  readonly first: readonly number[];
  /** How many each group has. */
  readonly weights: readonly number[];
  /** To which group each belongs. */
  readonly groupOf: readonly number[];
}

/** The rows that are the same in all columns. */
export function groupRows({ rows, columns, cells }: Grid): Groups {
  return grouped(
    rows,
    (row) => {
      let hash = 0;
      for (let at = row * columns; at < (row + 1) * columns; at++) hash = (hash * 31 + (cells[at] ?? 0)) | 0;
      return hash;
    },
    (a, b) => {
      for (let column = 0; column < columns; column++) {
        if (cells[a * columns + column] !== cells[b * columns + column]) return false;
      }
      return true;
    },
  );
}

/** The columns that are the same in all of these rows. */
export function groupColumns({ columns, cells }: Grid, rows: readonly number[]): Groups {
  return grouped(
    columns,
    (column) => {
      let hash = 0;
      for (const row of rows) hash = (hash * 31 + (cells[row * columns + column] ?? 0)) | 0;
      return hash;
    },
    (a, b) => rows.every((row) => cells[row * columns + a] === cells[row * columns + b]),
  );
}

function grouped(
  count: number,
  hash: (one: number) => number,
  same: (a: number, b: number) => boolean,
): Groups {
  const first: number[] = [];
  const weights: number[] = [];
  const groupOf: number[] = [];
  const hashes: number[] = [];
  for (let one = 0; one < count; one++) {
    const its = hash(one);
    let group = 0;
    while (group < first.length && !(hashes[group] === its && same(first[group] ?? 0, one))) group++;
    if (group === first.length) {
      first.push(one);
      weights.push(0);
      hashes.push(its);
    }
    weights[group] = (weights[group] ?? 0) + 1;
    groupOf.push(group);
  }
  return { first, weights, groupOf };
}

/** The bits that are set, each as a number with that one bit. */
export function bitsOf(layers: number): number[] {
  const found: number[] = [];
  for (let rest = layers; rest !== 0; rest &= rest - 1) found.push(rest & -rest);
  return found;
}

/** How many bits are set. */
export function countBits(layers: number): number {
  let count = 0;
  for (let rest = layers; rest !== 0; rest &= rest - 1) count++;
  return count;
}
