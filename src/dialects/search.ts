import type { Found } from '../domain/command.js';
import type { Generation } from '../domain/generation.js';
import { type Element, element } from '../xmpp/element.js';
import { discoveryNs } from './namespaces.js';
import { readNode, writeNode } from './node.js';
import { answerElement, booleanAttribute, integerAttribute, jidAttribute, unexpected } from './read.js';
import type { Row } from './row.js';
import { readOperator, writeOperator } from './search-operators.js';
import { readTags, writeTags } from './tags.js';

/** The most things that one page of a search holds; a larger maxCount is lowered [0347 3.15]. */
export const MAX_PAGE = 100;

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

/** One page of found things as an element. */
export function writeFound({ more, things }: Found, generation: Generation): Element {
  const children = things.map((found) => writeThing(found, generation));
  return element('found', discoveryNs[generation], { more: String(more) }, ...children);
}

/** The owner is told in the XEP's own namespace only: its clients rely on it, the successors took it out. */
function writeThing(found: FoundThing, generation: Generation): Element {
  const ns = discoveryNs[generation];
  const owner = generation === 'xmpp' ? found.owner : undefined;
  return element(
    'thing',
    ns,
    { owner, jid: found.thing.jid, ...writeNode(found.thing, generation) },
    ...writeTags(found.tags, ns),
  );
}
