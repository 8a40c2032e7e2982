/** What is granted: for each group of nodes (row) and of names (column) the bits of the categories (layers). */
export interface Grid {
  /** How many nodes each row stands for; at least one. */
  readonly rows: readonly number[];
  /** How many names each column stands for; at least one. */
  readonly columns: readonly number[];
  /** Row by row. What follows the last row does not count. */
  readonly cells: readonly number[];
}

/** Part of a grid: every layer of it in every cell of its rows and columns. */
export interface Box {
  /** Ascending. */
  readonly rows: readonly number[];
  /** Ascending. */
  readonly columns: readonly number[];
  readonly layers: number;
  /** How many pairs of a node and a name that is. */
  readonly pairs: number;
}

/** A list of so many times the same. A loop fills short lists much faster than `fill`. */
export function listOf<T>(count: number, value: T): T[] {
  const list: T[] = [];
  for (let place = 0; place < count; place++) list.push(value);
  return list;
}

/** Rows, or columns, that are the same in all cells. */
interface Groups {
  /** The members of each group, ascending; groups by their first. */
  readonly members: readonly (readonly number[])[];
  readonly weights: readonly number[];
}

/** A grid without rows or columns that are the same, and how its boxes are ones of the grid that it was made of. */
export interface Condensed {
  readonly grid: Grid;
  readonly original: (box: Box) => Box;
}

/** Makes one of all rows, and of all columns, that are the same. */
export function condense({ rows, columns, cells }: Grid): Condensed {
  const width = columns.length;
  const down = grouped(rows, width, (row, column) => cells[row * width + column] ?? 0);
  const firsts = down.members.map(([first = 0]) => first);
  const across = grouped(
    columns,
    firsts.length,
    (column, place) => cells[(firsts[place] ?? 0) * width + column] ?? 0,
  );
  const kept = firsts.flatMap((row) =>
    across.members.map(([column = 0]) => cells[row * width + column] ?? 0),
  );
  return {
    grid: { rows: down.weights, columns: across.weights, cells: kept },
    original: (box) => ({ ...box, rows: spread(down, box.rows), columns: spread(across, box.columns) }),
  };
}

function grouped(
  sizes: readonly number[],
  length: number,
  cell: (one: number, place: number) => number,
): Groups {
  const members: number[][] = [];
  const weights: number[] = [];
  const hashes: number[] = [];
  const same = (a: number, b: number) => {
    for (let place = 0; place < length; place++) if (cell(a, place) !== cell(b, place)) return false;
    return true;
  };
  for (let one = 0; one < sizes.length; one++) {
    let hash = 0;
    for (let place = 0; place < length; place++) hash = (Math.imul(hash, 31) + cell(one, place)) | 0;
    let group = 0;
    while (group < members.length && !(hashes[group] === hash && same(members[group]?.[0] ?? 0, one)))
      group++;
    if (group === members.length) {
      members.push([]);
      weights.push(0);
      hashes.push(hash);
    }
    members[group]?.push(one);
    weights[group] = (weights[group] ?? 0) + (sizes[one] ?? 0);
  }
  return { members, weights };
}

function spread({ members }: Groups, groups: readonly number[]): number[] {
  return groups.flatMap((group) => members[group] ?? []).sort((a, b) => a - b);
}
