import { HubError } from '../domain/errors.js';
import { KEY, stringValue, type Tag, tagName, tagSet } from '../domain/tag.js';
import type { ThingOptions } from './options.js';

/** Longest tag name that every generation takes. */
const MAX_NAME = 32;

const KIND = /^[A-Za-z][A-Za-z0-9-]{0,31}$/;

/**
 * The tags that a thing registers, and is claimed with: its kind as CLASS, its own, and KEY [0347 3.5]. Throws
 * bad-request for what the registry would refuse.
 */
export function tagsOf({ kind, tags = {} }: ThingOptions, key: string): readonly Tag[] {
  if (!KIND.test(kind))
    throw new HubError('bad-request', 'A kind is a letter, then up to 31 letters, digits and "-".');
  const own = Object.entries(tags).map(([name, value]) => ({
    name: tagName(name, MAX_NAME),
    value: sound(value),
  }));
  const reserved = own.find(({ name }) => name === KEY || name === 'R' || name === 'CLASS');
  if (reserved !== undefined)
    throw new HubError('bad-request', `The tag ${reserved.name} is set by the thing itself.`);
  return tagSet([{ name: 'CLASS', value: kind }, ...own, { name: KEY, value: key }]);
}

function sound(value: string | number): string | number {
  if (typeof value === 'string') return stringValue(value);
  if (!Number.isFinite(value)) throw new HubError('bad-request', 'A numeric tag is a finite number.');
  return value;
}
