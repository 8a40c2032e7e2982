import { HubError } from '../domain/errors.js';
import { KEY, stringValue, type Tag, tagName, tagSet } from '../domain/tag.js';
import type { Description, TagValues } from './options.js';

/** Longest tag name that every generation takes. */
const MAX_NAME = 32;

const KIND = /^[A-Za-z][A-Za-z0-9-]{0,31}$/;

/**
 * The tags that a thing registers, and is claimed with: its kind as CLASS, its own, and KEY [0347 3.6]. Throws
 * bad-request for what the registry would refuse.
 */
export function tagsOf({ kind, tags = {} }: Description, key: string): readonly Tag[] {
  if (!KIND.test(kind))
    throw new HubError('bad-request', 'A kind is a letter, then up to 31 letters, digits and "-".');
  if (key === '') throw new HubError('bad-request', 'A KEY is not empty.');
  const own = readTags(tags, [KEY, 'R', 'CLASS']);
  return tagSet([{ name: 'CLASS', value: kind }, ...own, { name: KEY, value: stringValue(key) }]);
}

/** Tags that a thing changes later [0347 3.13]. Throws bad-request for what the registry would refuse. */
export function changedTags(tags: TagValues): readonly Tag[] {
  const changes = readTags(tags, [KEY, 'R']);
  if (changes.length === 0) throw new HubError('bad-request', 'An update names tags.');
  return tagSet(changes);
}

/** Tags that a person gives a thing of his; `''` takes one away. Throws bad-request. */
export function givenTags(tags: TagValues): readonly Tag[] {
  return tagSet(readTags(tags, []));
}

function readTags(tags: TagValues, reserved: readonly string[]): Tag[] {
  const read = Object.entries(tags).map(([name, value]) => ({
    name: tagName(name, MAX_NAME),
    value: sound(value),
  }));
  const taken = read.find(({ name }) => reserved.includes(name));
  if (taken !== undefined)
    throw new HubError('bad-request', `The tag ${taken.name} is set by the thing itself.`);
  return read;
}

function sound(value: string | number): string | number {
  if (typeof value === 'string') return stringValue(value);
  if (!Number.isFinite(value)) throw new HubError('bad-request', 'A numeric tag is a finite number.');
  return value;
}
