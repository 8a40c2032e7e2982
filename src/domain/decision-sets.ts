import type { Grid } from './decision-grid.js';

/** How many cells are looked at before the best that was found is good enough. */
const MOST_LOOKS = 1_000_000;

/** Takes rows and columns that make a box, both ascending. */
type Offer = (rows: readonly number[], columns: readonly number[]) => void;

/** Where a layer is granted, looked at from one of the two sides. */
interface Side {
  readonly weights: readonly number[];
  readonly otherWeights: readonly number[];
  readonly has: (one: number, other: number) => boolean;
}

/**
 * Offers good boxes of a layer where there are too many to try them all: beginning with each row, the heaviest first,
 * others join by how much they leave to share; then the same with columns.
 */
export function manySets({ rows, columns, cells }: Grid, layer: number, offer: Offer): void {
  const has = (row: number, column: number) => ((cells[row * columns.length + column] ?? 0) & layer) !== 0;
  grow({ weights: rows, otherWeights: columns, has }, offer);
  const turned = {
    weights: columns,
    otherWeights: rows,
    has: (one: number, other: number) => has(other, one),
  };
  grow(turned, (some, others) => offer(others, some));
}

function grow(side: Side, offer: Offer): void {
  const { weights, otherWeights, has } = side;
  const owned = weights.map((_, one) => placesOf(otherWeights, (other) => has(one, other)));
  const sizes = owned.map((places, one) => sum(places, otherWeights) * (weights[one] ?? 0));
  const seeds = weights.map((_, one) => one).sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0) || a - b);
  let looks = 0;
  for (const seed of seeds) {
    let shared = owned[seed] ?? [];
    while (shared.length > 0) {
      if (looks > MOST_LOOKS / 2) return;
      looks += weights.length * otherWeights.length;
      const { joined, next } = join(side, shared);
      offer(joined, shared);
      shared = next;
    }
  }
}

/** Who has all that is shared, and what would be shared with the one who has most of the rest. */
function join({ weights, otherWeights, has }: Side, shared: readonly number[]) {
  const joined: number[] = [];
  let next: number[] = [];
  let most = 0;
  for (let one = 0; one < weights.length; one++) {
    const common = shared.filter((other) => has(one, other));
    if (common.length === shared.length) {
      joined.push(one);
      continue;
    }
    const size = sum(common, otherWeights) * (weights[one] ?? 0);
    if (size <= most) continue;
    most = size;
    next = common;
  }
  return { joined, next };
}

function placesOf(list: readonly unknown[], wanted: (place: number) => boolean): number[] {
  const found: number[] = [];
  for (let place = 0; place < list.length; place++) if (wanted(place)) found.push(place);
  return found;
}

function sum(places: readonly number[], weights: readonly number[]): number {
  let total = 0;
  for (const place of places) total += weights[place] ?? 0;
  return total;
}
