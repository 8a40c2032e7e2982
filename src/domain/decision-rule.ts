import { type Category, categories } from './access.js';
import type { NodePart } from './command.js';
import type { Rule } from './rule.js';

/** Every category: one bit each, in the order of `categories`. */
export const ALL_LAYERS = (1 << categories.length) - 1;

const bits: ReadonlyMap<string, number> = new Map(
  categories.map((category, place) => [category, 1 << place]),
);

/** A rule as decisions about reading and control use it. */
export interface AccessRule {
  readonly rule: Rule;
  /** The key of the node that it is about; `undefined` where it is about the device. */
  readonly node: string | undefined;
  /** One bit for each category that it covers. */
  readonly layers: number;
}

/** Makes a rule ready for decisions. */
export function accessRule(rule: Rule): AccessRule {
  const { thing, categories: covered } = rule;
  const device = thing.nodeId === '' && thing.sourceId === '' && thing.cacheType === '';
  return {
    rule,
    node: device ? undefined : nodeKey(thing),
    layers: covered === undefined ? ALL_LAYERS : layersOf(covered),
  };
}

/** A text that no other node of the same device has, whatever characters its parts hold. */
export function nodeKey({ nodeId, sourceId, cacheType }: NodePart): string {
  return `${nodeId.length} ${sourceId.length} ${nodeId}${sourceId}${cacheType}`;
}

/** One bit for each of the categories. */
export function layersOf(list: readonly Category[]): number {
  let layers = 0;
  for (const category of list) layers |= bits.get(category) ?? 0;
  return layers;
}

const lists = new Map<number, readonly Category[]>();

/** The categories that these bits stand for. */
export function categoriesOf(layers: number): readonly Category[] {
  const known = lists.get(layers);
  if (known !== undefined) return known;
  const list = categories.filter((_, place) => (layers & (1 << place)) !== 0);
  lists.set(layers, list);
  return list;
}
