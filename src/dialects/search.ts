import type { Found } from '../domain/command.js';
import type { Generation } from '../domain/generation.js';
import { type Element, element } from '../xmpp/element.js';
import { discoveryNs } from './namespaces.js';
import { readNode, writeNode } from './node.js';
import { answerElement, booleanAttribute, integerAttribute, jidAttribute, unexpected } from './read.js';
import type { Row } from './row.js';
import { readOperator, writeOperator } from './search-operators.js';
import { maxTagName, readTags, writeTags } from './tags.js';

/** The most things that one page of a search holds; a larger maxCount is lowered [0347 3.15]. */
export const MAX_PAGE = 100;

/** How large an answer may be: no larger than what a hub itself takes of a peer that is logged in, by default. */
const MAX_ELEMENTS = 1900;
const MAX_BYTES = 240_000;

/** Bytes of an attribute and of a tag beside their texts. */
const ATTRIBUTE_BYTES = 14;
const TAG_BYTES = 24;

/** Characters that are longer on the wire. */
const ESCAPED = /[&<>"'\t\n\r]/g;

/** The search of XEP-0347 and its successors in one generation [0347 3.15]. */
export function search(generation: Generation): Row<'search'> {
  const ns = discoveryNs[generation];
  return {
    operation: 'search',
    generation,
    kind: 'iq',
    types: ['get', 'set'],
    ns,
    name: 'search',
    readRequest: (payload) => ({
      offset: integerAttribute(payload, 'offset', 0, 0, Number.MAX_SAFE_INTEGER),
      maxCount: integerAttribute(payload, 'maxCount', MAX_PAGE, 1, MAX_PAGE),
      operators: payload.elements().map((child) => {
        if (child.ns !== ns) throw unexpected(payload, child);
        return readOperator(child, generation);
      }),
    }),
    writeRequest: ({ offset, maxCount, operators }) =>
      element(
        'search',
        ns,
        { offset: String(offset), maxCount: String(maxCount) },
        ...operators.map((operator) => writeOperator(operator, ns)),
      ),
    readAnswer: (payload) => readFound(answerElement(payload, 'found'), generation),
    writeAnswer: (found) => writeFound(found, generation),
  };
}

type FoundThing = Found['things'][number];

/** One page of found things. */
export function readFound(answer: Element, generation: Generation): Found {
  const things = answer.elements().map((thing) => ({
    thing: { jid: jidAttribute(thing), ...readNode(thing) },
    owner: thing.attribute('owner') === undefined ? '' : jidAttribute(thing, 'owner'),
    tags: readTags(thing, generation),
  }));
  return { more: booleanAttribute(answer, 'more', false), things };
}

/** One page of found things as an element: as many as clients take. */
export function writeFound({ more, things }: Found, generation: Generation): Element {
  const page = fitting(things);
  const rest = more || page.length < things.length;
  const children = page.map((found) => writeThing(found, generation));
  return element('found', discoveryNs[generation], { more: String(rest) }, ...children);
}

/** As many of the things as clients take in one stanza, at least one; they ask for the rest, as `more` tells. */
function fitting(things: readonly FoundThing[]): readonly FoundThing[] {
  let elements = 0;
  let bytes = 0;
  const end = things.findIndex(({ thing, owner, tags }) => {
    elements += 1 + tags.length;
    for (const text of [owner, ...Object.values(thing)]) bytes += ATTRIBUTE_BYTES + bytesOf(text);
    for (const { name, value } of tags) bytes += TAG_BYTES + bytesOf(name) + bytesOf(String(value));
    return elements > MAX_ELEMENTS || bytes > MAX_BYTES;
  });
  return end < 0 ? things : things.slice(0, Math.max(end, 1));
}

/** The length of an attribute's value on the wire, with its escapes. */
function bytesOf(text: string): number {
  return Buffer.byteLength(text) + 5 * (text.match(ESCAPED)?.length ?? 0);
}

/**
 * The owner is told in the XEP's own namespace only: its clients rely on it, the successors took it out. Names of tags
 * that only the successors allow are left out there: its clients would refuse the whole answer.
 */
function writeThing(found: FoundThing, generation: Generation): Element {
  const ns = discoveryNs[generation];
  const owner = generation === 'xmpp' ? found.owner : undefined;
  const tags = found.tags.filter(({ name }) => name.length <= maxTagName(generation));
  return element(
    'thing',
    ns,
    { owner, jid: found.thing.jid, ...writeNode(found.thing, generation) },
    ...writeTags(tags, ns),
  );
}
