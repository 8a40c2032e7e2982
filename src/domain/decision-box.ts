import {
  type Box,
  bitsOf,
  countBits,
  type Grid,
  type Groups,
  groupColumns,
  groupRows,
} from './decision-grid.js';
import { type Candidates, type Matrix, manySets, type Sets } from './decision-sets.js';

/** Up to so many different rows, or columns, the largest box is found for certain. */
export const EXACT = 12;

/**
 * The largest box inside a grid: most cells first, then most layers, then the one that has the earlier row, column and
 * layer where two differ. Beyond `EXACT` different rows and columns a large one, never a wider one than is granted;
 * `undefined` only where nothing is.
 */
export function largestBox(grid: Grid): Box | undefined {
  const rows = groupRows(grid);
  const columns = groupColumns(grid, rows.first);
  if (rows.first.length === 1 && columns.first.length === 1) return wholeBox(grid);
  const search = new BoxSearch(grid, rows, columns);
  return search.run();
}

/** Which of two boxes answers more; negative where `a` does, and 0 for the same one. */
export function compareBoxes(a: Box, b: Box): number {
  return (
    b.rows.length * b.columns.length - a.rows.length * a.columns.length ||
    countBits(b.layers) - countBits(a.layers) ||
    earlier(a.rows, b.rows) ||
    earlier(a.columns, b.columns) ||
    earlier(bitsOf(a.layers), bitsOf(b.layers))
  );
}

/** The list that has the first number in which they differ comes first. */
function earlier(a: readonly number[], b: readonly number[]): number {
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return b.length - a.length;
}

/** All cells are alike. */
function wholeBox({ rows, columns, cells }: Grid): Box | undefined {
  const layers = cells[0] ?? 0;
  return layers === 0 ? undefined : { rows: upTo(rows), columns: upTo(columns), layers };
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, place) => place);
}

/** Rows and columns that are alike belong to the same boxes: what is searched has one of each. */
class BoxSearch implements Candidates {
  private readonly rows: Groups;
  private readonly columns: Groups;
  /** What is granted to each group of rows and columns, row by row. */
  private readonly cells: number[] = [];
  /** Whether the sets that are tried are of columns: the shorter side is. */
  private readonly turned: boolean;
  private most = 0;
  private best: Box | undefined;

  constructor(grid: Grid, rows: Groups, columns: Groups) {
    this.rows = rows;
    this.columns = columns;
    this.turned = columns.first.length < rows.first.length;
    for (const row of rows.first) {
      for (const column of columns.first) this.cells.push(grid.cells[row * grid.columns + column] ?? 0);
    }
  }

  run(): Box | undefined {
    for (const layer of this.differentLayers()) {
      const matrix = this.matrix(layer);
      if (matrix.weights.length <= EXACT) allSets(matrix, this);
      else manySets(matrix, this);
    }
    return this.best;
  }

  offer(cells: number, { tried, shared }: Sets): void {
    if (cells === 0 || cells < this.most) return;
    const box = this.turned ? this.box(shared(), tried()) : this.box(tried(), shared());
    if (cells > this.most || this.best === undefined || compareBoxes(box, this.best) < 0) this.best = box;
    this.most = cells;
  }

  /** One of all layers that are granted in the same cells. */
  private differentLayers(): number[] {
    let all = 0;
    for (const cell of this.cells) all |= cell;
    const distinct = [...new Set(this.cells)];
    const found: number[] = [];
    for (const layer of bitsOf(all)) {
      const alike = (other: number) =>
        distinct.every((cell) => ((cell & layer) !== 0) === ((cell & other) !== 0));
      if (!found.some(alike)) found.push(layer);
    }
    return found;
  }

  /** Where a layer is granted, the shorter side as rows. */
  private matrix(layer: number): Matrix {
    const { rows, columns, turned } = this;
    const [across, down] = turned ? [rows, columns] : [columns, rows];
    const width = columns.first.length;
    const set = (a: number, b: number) =>
      ((this.cells[turned ? b * width + a : a * width + b] ?? 0) & layer) !== 0;
    return { weights: down.weights, otherWeights: across.weights, set };
  }

  /** The box of these groups, with all layers that it has everywhere. */
  private box(rowGroups: readonly number[], columnGroups: readonly number[]): Box {
    const width = this.columns.first.length;
    let layers = -1;
    for (const row of rowGroups) {
      for (const column of columnGroups) layers &= this.cells[row * width + column] ?? 0;
    }
    return { rows: members(this.rows, rowGroups), columns: members(this.columns, columnGroups), layers };
  }
}

function members({ groupOf }: Groups, groups: readonly number[]): number[] {
  const wanted = new Set(groups);
  const found: number[] = [];
  for (let one = 0; one < groupOf.length; one++) if (wanted.has(groupOf[one] ?? -1)) found.push(one);
  return found;
}

/** Offers every set of the shorter side, with all of the longer side that all of the set have. */
function allSets({ weights, otherWeights, set }: Matrix, candidates: Candidates): void {
  const count = weights.length;
  const masks = otherWeights.map((_, other) => {
    let mask = 0;
    for (let one = 0; one < count; one++) if (set(one, other)) mask |= 1 << one;
    return mask;
  });
  const shared = sharedWeights(masks, otherWeights, count);
  const own = new Uint32Array(1 << count);
  for (let tried = 1; tried < own.length; tried++) {
    const rest = tried & (tried - 1);
    const weight = (own[rest] ?? 0) + (weights[31 - Math.clz32(tried ^ rest)] ?? 0);
    own[tried] = weight;
    candidates.offer(weight * (shared[tried] ?? 0), {
      tried: () => places(count, (one) => (tried & (1 << one)) !== 0),
      shared: () => places(masks.length, (other) => ((masks[other] ?? 0) & tried) === tried),
    });
  }
}

/** For each set, how much of the other side all of the set have. */
function sharedWeights(masks: readonly number[], weights: readonly number[], count: number): Uint32Array {
  const sums = new Uint32Array(1 << count);
  masks.forEach((mask, other) => {
    sums[mask] = (sums[mask] ?? 0) + (weights[other] ?? 0);
  });
  for (let bit = 1; bit < sums.length; bit <<= 1) {
    for (let tried = 0; tried < sums.length; tried++) {
      if ((tried & bit) === 0) sums[tried] = (sums[tried] ?? 0) + (sums[tried | bit] ?? 0);
    }
  }
  return sums;
}

function places(count: number, wanted: (place: number) => boolean): number[] {
  const found: number[] = [];
  for (let place = 0; place < count; place++) if (wanted(place)) found.push(place);
  return found;
}
