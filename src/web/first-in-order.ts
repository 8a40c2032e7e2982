/** Which items to take, and how they are ordered. */
interface Selection<T> {
  readonly wanted: (item: T) => boolean;
  readonly keyOf: (item: T) => string;
  /** How many at most. */
  readonly count: number;
}

/**
 * The wanted items with the smallest keys (by UTF-16 units), in their order, and whether there are more. Keeps no more
 * than about twice as many as it returns, however many there are.
 */
export function firstInOrder<T>(
  items: Iterable<T>,
  { wanted, keyOf, count }: Selection<T>,
): { readonly first: T[]; readonly more: boolean } {
  let kept: { readonly item: T; readonly key: string }[] = [];
  let bound: string | undefined;
  let found = 0;
  const trim = (): void => {
    kept.sort((a, b) => (a.key < b.key ? -1 : 1));
    kept = kept.slice(0, count);
    if (kept.length === count) bound = kept.at(-1)?.key;
  };
  for (const item of items) {
    if (!wanted(item)) continue;
    found += 1;
    const key = keyOf(item);
    if (bound !== undefined && key > bound) continue;
    kept.push({ item, key });
    if (kept.length > 2 * count + 64) trim();
  }
  trim();
  return { first: kept.map(({ item }) => item), more: found > count };
}
