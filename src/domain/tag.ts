import { HubError } from './errors.js';

/**
 * A meta tag of a thing [0347 5.2]. Names are kept in upper case, for they compare without case; values compare
 * exactly, numbers as numbers. The type of the value is the type of the tag.
 */
export interface Tag {
  readonly name: string;
  readonly value: string | number;
}

/** The tag that only thing and owner share: never indexed, found, listed, logged or exported [0347 3.15]. */
export const KEY = 'KEY';

/** Longest string value, in characters [0347 5.2]. */
export const MAX_TAG_VALUE = 128;

const NAME = /^[^\s:#\p{C}]+$/u;
const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

/**
 * The name of a tag in upper case. Refuses with bad-request what is empty, longer than `maximum` characters, or has
 * a colon, a hash sign, white space or a control character [0347 5.2].
 */
export function tagName(text: string, maximum: number): string {
  // Some letters are two in upper case, which is how the name is written from now on.
  const name = text.toUpperCase();
  if (text.length > maximum || name.length > maximum)
    throw new HubError('bad-request', `A tag name is longer than ${maximum} characters.`);
  if (!NAME.test(text))
    throw new HubError('bad-request', 'A tag name is empty, or has ":", "#" or white space.');
  return name;
}

/** The value of a string tag. Refuses with bad-request what is longer than 128 characters. */
export function stringValue(text: string): string {
  if (text.length > MAX_TAG_VALUE)
    throw new HubError('bad-request', `A tag value is longer than ${MAX_TAG_VALUE} characters.`);
  return text;
}

/** The value of a numeric tag: a finite decimal number. Refuses anything else with bad-request. */
export function numberValue(text: string): number {
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value))
    throw new HubError('bad-request', 'A numeric value is not a finite decimal number.');
  return value === 0 ? 0 : value;
}

/** The tags as one set. Refuses with bad-request a name that comes twice. */
export function tagSet(tags: readonly Tag[]): readonly Tag[] {
  if (new Set(tags.map((tag) => tag.name)).size < tags.length)
    throw new HubError('bad-request', 'A tag comes twice.');
  return tags;
}

/**
 * The one text of a set of tags, whatever their order: what a claim must match exactly [0347 3.9]. Tag R names the
 * registry in claim codes and is no part of what is claimed.
 */
export function canonicalTags(tags: readonly Tag[]): string {
  const claimed = tags.filter(({ name }) => name !== 'R');
  return claimed.sort(inCanonicalOrder).map(canonicalTag).join('\u0001');
}

/** The order of the tags' canonical texts; most of them differ in their names. */
function inCanonicalOrder(a: Tag, b: Tag): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return canonicalTag(a) < canonicalTag(b) ? -1 : 1;
}

function canonicalTag({ name, value }: Tag): string {
  return `${name}\u0000${typeof value === 'number' ? '#' : '$'}${value}`;
}

/** The tags that others may see: all but KEY. */
export function publicTags(tags: readonly Tag[]): readonly Tag[] {
  return tags.filter((tag) => tag.name !== KEY);
}
