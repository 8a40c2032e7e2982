import { type Category, categories } from '../domain/access.js';
import { HubError } from '../domain/errors.js';
import type { Generation } from '../domain/generation.js';
import type { Element } from '../xmpp/element.js';
import { booleanAttribute } from './read.js';

const historical = categories.filter((category) => category.startsWith('historical'));

/** Attributes that the XEPs and their successors spell differently, with the categories that they stand for. */
const SPELT_TWICE: readonly (readonly [long: string, short: string, readonly Category[]])[] = [
  ['momentary', 'm', ['momentary']],
  ['peak', 'p', ['peak']],
  ['status', 's', ['status']],
  ['computed', 'c', ['computed']],
  ['identity', 'i', ['identity']],
  ['historical', 'h', historical],
];

/**
 * The categories that the attributes of a payload name, in both spellings: each by itself, `historical` or `h` for nine
 * of them, `all` for all [0323 schema, fieldTypes]. Refuses with bad-request spellings that contradict each other.
 */
export function readCategories(payload: Element): readonly Category[] {
  const named = new Set<Category>();
  const add = (meant: readonly Category[]) => {
    for (const category of meant) named.add(category);
  };
  if (booleanAttribute(payload, 'all', false)) add(categories);
  for (const category of historical) if (booleanAttribute(payload, category, false)) named.add(category);
  for (const [long, short, meant] of SPELT_TWICE) {
    const first = booleanAttribute(payload, long, false);
    const second = booleanAttribute(payload, short, first);
    if (first !== second && payload.attribute(long) !== undefined)
      throw new HubError('bad-request', `"${long}" and "${short}" say different things.`);
    if (second) add(meant);
  }
  return categories.filter((category) => named.has(category));
}

/**
 * What becomes of some of the historical categories in the harmonised dialects, which know only all of them together:
 * a question asks for all, a permission leaves them out, and a rule cannot be said.
 */
export type PartOfHistory = 'ask-all' | 'leave-out' | 'refuse';

/** Categories as attributes in the generation's own spelling; never more than there are, but for `ask-all`. */
export function writeCategories(
  named: readonly Category[],
  generation: Generation,
  part: PartOfHistory,
): Record<string, string> {
  const has = new Set(named);
  if (has.size === categories.length) return { all: 'true' };
  const attributes: Record<string, string> = {};
  for (const [long, short, meant] of SPELT_TWICE) {
    const count = meant.filter((category) => has.has(category)).length;
    if (count === 0) continue;
    if (count === meant.length) attributes[generation === 'xmpp' ? long : short] = 'true';
    else if (generation === 'xmpp') Object.assign(attributes, separately(meant, has));
    else if (part === 'ask-all') attributes[short] = 'true';
    else if (part === 'refuse')
      throw new HubError('bad-request', 'This dialect knows all historical categories together only.');
  }
  return attributes;
}

function separately(meant: readonly Category[], has: ReadonlySet<Category>): Record<string, string> {
  return Object.fromEntries(meant.filter((category) => has.has(category)).map((name) => [name, 'true']));
}
