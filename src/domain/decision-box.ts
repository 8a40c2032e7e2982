import { type Box, condense, type Grid, listOf } from './decision-grid.js';
import { bitsOf, countBits, differentLayers } from './decision-layers.js';
import { manySets } from './decision-sets.js';

/** Up to so many different rows, or columns, the largest box is found for certain. */
export const EXACT = 12;

/** Up to so many rows, or columns, looking for equal ones costs more than it saves. */
const FEW = 5;

/** A set of rows, or of columns, out of few: one bit each. */
type BitSet = number;

/**
 * The largest box inside a grid: most pairs first, then most layers, then the one that has the earlier row, column and
 * layer where two differ. Beyond `EXACT` different rows and columns a large one, never a wider one than is granted;
 * `undefined` only where nothing is.
 */
export function largestBox(grid: Grid): Box | undefined {
  if (Math.min(grid.rows.length, grid.columns.length) <= FEW) return search(grid);
  const { grid: smaller, original } = condense(grid);
  const box = search(smaller);
  return box === undefined ? undefined : original(box);
}

/** Which of two boxes of the same rows and columns answers more; negative where `a` does, and 0 for the same one. */
export function compareBoxes(a: Box, b: Box): number {
  return (
    b.pairs - a.pairs ||
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

function search(grid: Grid): Box | undefined {
  let best: Box | undefined;
  const { rows, columns, cells } = grid;
  for (const layer of differentLayers(cells, rows.length * columns.length)) {
    if (Math.min(rows.length, columns.length) <= EXACT) best = larger(largestOfLayer(grid, layer), best);
    else
      manySets(grid, layer, (some, others) => {
        best = larger(boxOf(grid, some, others), best);
      });
  }
  return best;
}

function larger(box: Box | undefined, best: Box | undefined): Box | undefined {
  if (box === undefined || best === undefined) return box ?? best;
  return compareBoxes(box, best) < 0 ? box : best;
}

/** Tries every set of the shorter side, with all of the longer side that all of the set have. */
function largestOfLayer(grid: Grid, layer: number): Box | undefined {
  const { rows, columns } = grid;
  const turned = columns.length < rows.length;
  const tried = turned ? columns : rows;
  const masks = turned ? rowMasks(grid, layer) : columnMasks(grid, layer);
  const pairs = sharedWeights(masks, turned ? rows : columns, tried.length);
  const weights = listOf(pairs.length, 0);
  let most = 0;
  for (let set: BitSet = 1; set < pairs.length; set++) {
    const rest = set & (set - 1);
    const weight = (weights[rest] ?? 0) + (tried[31 - Math.clz32(set ^ rest)] ?? 0);
    weights[set] = weight;
    pairs[set] = weight * (pairs[set] ?? 0);
    most = Math.max(most, pairs[set] ?? 0);
  }
  let best: Box | undefined;
  for (let set: BitSet = 1; set < pairs.length && most > 0; set++) {
    if (pairs[set] !== most) continue;
    best = larger(boxOfSet(grid, turned, masks, set), best);
  }
  return best;
}

/** For each column, the rows that have the layer there. */
function columnMasks({ rows, columns, cells }: Grid, layer: number): BitSet[] {
  const masks: BitSet[] = [];
  for (let column = 0; column < columns.length; column++) {
    let mask = 0;
    for (let row = 0; row < rows.length; row++)
      if (((cells[row * columns.length + column] ?? 0) & layer) !== 0) mask |= 1 << row;
    masks.push(mask);
  }
  return masks;
}

/** For each row, the columns that have the layer there. */
function rowMasks({ rows, columns, cells }: Grid, layer: number): BitSet[] {
  const masks: BitSet[] = [];
  for (let row = 0; row < rows.length; row++) {
    let mask = 0;
    for (let column = 0; column < columns.length; column++)
      if (((cells[row * columns.length + column] ?? 0) & layer) !== 0) mask |= 1 << column;
    masks.push(mask);
  }
  return masks;
}

/** For each set, how much of the other side all of the set have. */
function sharedWeights(masks: readonly BitSet[], weights: readonly number[], count: number): number[] {
  const sums = listOf(1 << count, 0);
  for (let other = 0; other < masks.length; other++) {
    const mask = masks[other] ?? 0;
    sums[mask] = (sums[mask] ?? 0) + (weights[other] ?? 0);
  }
  for (let bit = 1; bit < sums.length; bit <<= 1) {
    for (let from = 0; from < sums.length; from += 2 * bit) {
      for (let set = from; set < from + bit; set++) sums[set] = (sums[set] ?? 0) + (sums[set + bit] ?? 0);
    }
  }
  return sums;
}

function boxOfSet(grid: Grid, turned: boolean, masks: readonly BitSet[], set: BitSet): Box {
  const tried: number[] = [];
  for (let one = 0; set >> one !== 0; one++) if ((set & (1 << one)) !== 0) tried.push(one);
  const shared: number[] = [];
  for (let other = 0; other < masks.length; other++)
    if (((masks[other] ?? 0) & set) === set) shared.push(other);
  return turned ? boxOf(grid, shared, tried) : boxOf(grid, tried, shared);
}

/** The box of these rows and columns, with all layers that it has everywhere. */
function boxOf({ rows, columns, cells }: Grid, some: readonly number[], others: readonly number[]): Box {
  let layers = -1;
  let down = 0;
  for (const row of some) {
    down += rows[row] ?? 0;
    for (const column of others) layers &= cells[row * columns.length + column] ?? 0;
  }
  let across = 0;
  for (const column of others) across += columns[column] ?? 0;
  return { rows: some, columns: others, layers, pairs: down * across };
}
