import { type Category, categories as everyCategory } from '../domain/access.js';
import type { QuestionReport, RuleReport } from '../domain/admin-provisioning.js';
import { formatCategories } from '../domain/category-words.js';
import type { RuleKind } from '../domain/rule.js';
import { readableTime } from './readable-time.js';

/** What of a thing a rule, a question or an answer is about; empty or absent lists stand for all. */
export interface What {
  readonly kind: RuleKind;
  readonly categories?: readonly Category[];
  readonly names?: readonly string[];
}

const STANDING: Record<RuleReport['standing'], string> = {
  holds: '',
  waits: ' (not now)',
  over: ' (over)',
};

/** `be friends with`, `read Temperature (momentary) of`, `read momentary fields of`, `control`: the words before the thing. */
export function whatWords({ kind, categories = [], names = [] }: What): string {
  if (kind === 'friend') return 'be friends with';
  // Who asks for every category by name asks for no other than who names none.
  const some = categories.length < everyCategory.length ? formatCategories(categories) : '';
  if (names.length === 0) return some === '' ? kind : `${kind} ${some} fields of`;
  return `${kind} ${names.join(', ')}${some === '' ? '' : ` (${some})`} of`;
}

/** `anna@home.local wants to read Temperature of meter@home.local`, and on whose behalf. */
export function questionWords({ kind, thing, caller, wants }: QuestionReport): string {
  const behind = wants?.behind.map(({ who }) => who) ?? [];
  const tokens = behind.length === 0 ? '' : `, with tokens of ${behind.join(' and ')}`;
  return `${caller} wants to ${whatWords({ kind, ...wants })} ${thing}${tokens}`;
}

/** `everyone at home.local may not control lamp@home.local`. */
export function ruleWords(rule: RuleReport): string {
  return `${rule.who} ${rule.allow ? 'may' : 'may not'} ${whatWords(rule)} ${rule.thing}`;
}

/** When a rule holds: `always`, `until 24 Dec 18:00, daily 08:00-18:00 (not now)`. */
export function whenWords({ until, daily, standing }: RuleReport, now: number): string {
  const parts = [
    ...(until === undefined ? [] : [`until ${readableTime(until, now)}`]),
    ...(daily === undefined ? [] : [`daily ${daily}`]),
  ];
  return parts.length === 0 ? 'always' : parts.join(', ') + STANDING[standing];
}
