import { type Category, categories } from './access.js';

/** Every category: one bit each, in the order of `categories`. */
export const ALL_LAYERS = (1 << categories.length) - 1;

const bits: ReadonlyMap<string, number> = new Map(
  categories.map((category, place) => [category, 1 << place]),
);

const lists = new Map<number, readonly Category[]>();

/** One bit for each of the categories. */
export function layersOf(list: readonly Category[]): number {
  let layers = 0;
  for (const category of list) layers |= bits.get(category) ?? 0;
  return layers;
}

/** The categories that these bits stand for, in the order in which answers list them. */
export function categoriesOf(layers: number): readonly Category[] {
  const known = lists.get(layers);
  if (known !== undefined) return known;
  const list = categories.filter((_, place) => (layers & (1 << place)) !== 0);
  lists.set(layers, list);
  return list;
}
