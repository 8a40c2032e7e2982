/** Where something is granted: groups of the shorter side by groups of the longer one, with the size of each. */
export interface Matrix {
  readonly weights: readonly number[];
  readonly otherWeights: readonly number[];
  readonly set: (one: number, other: number) => boolean;
}

/** A set of the shorter side, and all of the longer side that all of the set have; ascending. */
export interface Sets {
  readonly tried: () => readonly number[];
  readonly shared: () => readonly number[];
}

/** Takes sets that are a box; `cells` is its size. */
export interface Candidates {
  offer(cells: number, sets: Sets): void;
}

/** How many cells are looked at before the best that was found is good enough. */
const MOST_LOOKS = 1_000_000;

/**
 * Offers good sets where there are too many to try them all: beginning with each of the shorter side, the heaviest
 * first, others join by how much they leave to share; then the same from the longer side.
 */
export function manySets(matrix: Matrix, candidates: Candidates): void {
  grow(matrix, MOST_LOOKS / 2, candidates);
  const turned: Matrix = {
    weights: matrix.otherWeights,
    otherWeights: matrix.weights,
    set: (one, other) => matrix.set(other, one),
  };
  grow(turned, MOST_LOOKS / 2, {
    offer: (cells, { tried, shared }) => candidates.offer(cells, { tried: shared, shared: tried }),
  });
}

function grow(matrix: Matrix, most: number, candidates: Candidates): void {
  const { weights, otherWeights, set } = matrix;
  const step = weights.length * otherWeights.length;
  const rows = weights.map((_, one) => placesOf(otherWeights, (other) => set(one, other)));
  const sizes = rows.map((row) => sum(row, otherWeights));
  const seeds = weights
    .map((_, one) => one)
    .sort((a, b) => (sizes[b] ?? 0) * (weights[b] ?? 0) - (sizes[a] ?? 0) * (weights[a] ?? 0) || a - b);
  let looks = 0;
  for (const seed of seeds) {
    let shared = rows[seed] ?? [];
    while (shared.length > 0) {
      if (looks > most) return;
      looks += step;
      const { tried, next } = joined(matrix, shared);
      const kept = shared;
      candidates.offer(sum(tried, weights) * sum(kept, otherWeights), {
        tried: () => tried,
        shared: () => kept,
      });
      shared = next;
    }
  }
}

/** Who has all that is shared, and what would be shared with the one who has most of the rest. */
function joined({ weights, otherWeights, set }: Matrix, shared: readonly number[]) {
  const tried: number[] = [];
  let next: number[] = [];
  let most = 0;
  for (let one = 0; one < weights.length; one++) {
    const common = shared.filter((other) => set(one, other));
    if (common.length === shared.length) {
      tried.push(one);
      continue;
    }
    const size = sum(common, otherWeights) * (weights[one] ?? 0);
    if (size <= most) continue;
    most = size;
    next = common;
  }
  return { tried, next };
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
