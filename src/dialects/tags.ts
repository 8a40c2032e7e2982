import type { Generation } from '../domain/generation.js';
import { numberValue, stringValue, type Tag, tagName, tagSet } from '../domain/tag.js';
import { type Element, element } from '../xmpp/element.js';
import { childElements, required, unexpected } from './read.js';

/** Longest tag name, in characters: 32 in the XEP, 64 in its successors. */
export function maxTagName(generation: Generation): number {
  return generation === 'xmpp' ? 32 : 64;
}

/** The `str` and `num` children of a payload, as a set [0347 3.6]. */
export function readTags(payload: Element, generation: Generation): readonly Tag[] {
  return tagSet(childElements(payload).map((child) => readTag(payload, child, generation)));
}

function readTag(payload: Element, child: Element, generation: Generation): Tag {
  if (child.ns !== payload.ns || (child.name !== 'str' && child.name !== 'num'))
    throw unexpected(payload, child);
  const name = tagName(required(child, 'name'), maxTagName(generation));
  const value = required(child, 'value');
  return { name, value: child.name === 'str' ? stringValue(value) : numberValue(value) };
}

/** Tags as `str` and `num` elements. */
export function writeTags(tags: readonly Tag[], ns: string): Element[] {
  return tags.map(({ name, value }) =>
    element(typeof value === 'string' ? 'str' : 'num', ns, { name, value: String(value) }),
  );
}
