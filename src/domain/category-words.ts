import { type Category, categories } from './access.js';
import { HubError } from './errors.js';
import { nearest } from './nearest.js';

/** The word for all categories whose names begin so, as the XEP's own `historical` [0324 schema]. */
const HISTORICAL = 'historical';

const historical: readonly Category[] = categories.filter((category) => category.startsWith(HISTORICAL));

/** Every word that stands for categories, for help and messages. */
export const categoryWords: readonly string[] = [
  ...categories.filter((category) => !historical.includes(category)),
  HISTORICAL,
  ...historical,
];

/** Reads words for categories, in the order in which answers list these. Throws bad-request for one that is none. */
export function readCategories(words: readonly string[]): Category[] {
  const chosen = new Set(words.flatMap(readWord));
  return categories.filter((category) => chosen.has(category));
}

/** Categories as a person reads them: `momentary, historical`. */
export function formatCategories(list: readonly Category[]): string {
  const whole = historical.every((category) => list.includes(category));
  const plain = whole ? list.filter((category) => !historical.includes(category)) : list;
  return [...plain, ...(whole ? [HISTORICAL] : [])].join(', ');
}

function readWord(word: string): readonly Category[] {
  if (word === HISTORICAL) return historical;
  const category = categories.find((known) => known === word);
  if (category !== undefined) return [category];
  const meant = nearest(word, categoryWords);
  const hint = meant === undefined ? `It is one of ${categoryWords.join(', ')}.` : `Did you mean "${meant}"?`;
  throw new HubError('bad-request', `"${word}" is no category of fields. ${hint}`);
}
