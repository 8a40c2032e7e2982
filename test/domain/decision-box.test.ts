import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareBoxes, largestBox } from '../../src/domain/decision-box.js';
import type { Box, Grid } from '../../src/domain/decision-grid.js';

const ones = (count: number): number[] => new Array<number>(count).fill(1);

const grid = (rows: number, columns: number, cells: readonly number[]): Grid => ({
  rows: ones(rows),
  columns: ones(columns),
  cells,
});

/** Grids of up to so many rows and columns; few different cells, so that boxes tie. */
const grids = (most: number, cell: fc.Arbitrary<number>) =>
  fc
    .tuple(fc.integer({ min: 1, max: most }), fc.integer({ min: 1, max: most }))
    .chain(([rows, columns]) =>
      fc
        .array(cell, { minLength: rows * columns, maxLength: rows * columns })
        .map((cells) => grid(rows, columns, cells)),
    );

/** The same with rows and columns that stand for several. */
const weighted = (most: number, cell: fc.Arbitrary<number>) =>
  grids(most, cell).chain((of) => {
    const sizes = (count: number) =>
      fc.array(fc.integer({ min: 1, max: 3 }), { minLength: count, maxLength: count });
    return fc
      .tuple(sizes(of.rows.length), sizes(of.columns.length))
      .map(([rows, columns]) => ({ ...of, rows, columns }));
  });

const cellOf = ({ columns, cells }: Grid, row: number, column: number): number =>
  cells[row * columns.length + column] ?? 0;

/** Every box there is, whole in rows and columns. */
function* allBoxes(of: Grid, layers: number): Iterable<Box> {
  const subsets = (count: number): number[][] =>
    Array.from({ length: 2 ** count }, (_, set) =>
      Array.from({ length: count }, (_, one) => one).filter((one) => (set & (1 << one)) !== 0),
    ).filter((set) => set.length > 0);
  for (const rows of subsets(of.rows.length)) {
    for (const columns of subsets(of.columns.length)) {
      const shared = rows.flatMap((row) => columns.map((column) => cellOf(of, row, column)));
      const granted = shared.reduce((all, cell) => all & cell, layers);
      const sum = (weights: readonly number[], places: readonly number[]) =>
        places.reduce((total, place) => total + (weights[place] ?? 0), 0);
      const pairs = sum(of.rows, rows) * sum(of.columns, columns);
      if (granted !== 0) yield { rows, columns, layers: granted, pairs };
    }
  }
}

function inside(of: Grid, { rows, columns, layers }: Box): boolean {
  return rows.every((row) => columns.every((column) => (cellOf(of, row, column) & layers) === layers));
}

describe('the largest box of a grid', () => {
  it('is really the largest, by trying all', () => {
    const cell = fc.oneof(fc.constant(0), fc.constant(7), fc.integer({ min: 0, max: 7 }));
    fc.assert(
      fc.property(weighted(6, cell), (of) => {
        const [best] = [...allBoxes(of, 7)].sort(compareBoxes);
        expect(largestBox(of)).toEqual(best);
      }),
      { numRuns: 1000 },
    );
  });

  it('is inside of what is granted, and there is one where anything is, however large the grid', () => {
    fc.assert(
      fc.property(grids(30, fc.integer({ min: 0, max: 3 })), (of) => {
        const box = largestBox(of);
        expect(box === undefined).toBe(of.cells.every((cell) => cell === 0));
        if (box !== undefined) expect(inside(of, box)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('is found in a grid with many differences where it is half of it', () => {
    const size = 40;
    const cells = Array.from({ length: size * size }, (_, at) => {
      const [row, column] = [Math.floor(at / size), at % size];
      if (row < 20 && column < 20) return 1;
      return (row * 7 + column * 13) % 5 === 0 ? 1 : 0;
    });
    const box = largestBox(grid(size, size, cells));
    expect((box?.rows.length ?? 0) * (box?.columns.length ?? 0)).toBeGreaterThanOrEqual(400);
  });

  it('does not take long for a thousand nodes by a thousand names, all different', () => {
    let seed = 1;
    const cells = Array.from({ length: 1_000_000 }, () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed > 1_000_000_000 ? 1 : 0;
    });
    const of = grid(1000, 1000, cells);
    const box = largestBox(of);
    expect(box !== undefined && inside(of, box)).toBe(true);
  });

  it('prefers more cells to more layers, then more layers, then earlier rows', () => {
    expect(largestBox(grid(1, 3, [1, 1, 6]))).toEqual({ rows: [0], columns: [0, 1], layers: 1, pairs: 2 });
    expect(largestBox(grid(1, 2, [1, 6]))).toEqual({ rows: [0], columns: [1], layers: 6, pairs: 1 });
    expect(largestBox(grid(2, 2, [1, 0, 0, 1]))).toEqual({ rows: [0], columns: [0], layers: 1, pairs: 1 });
  });
});
