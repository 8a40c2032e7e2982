/**
 * XEP-0347: Internet of Things - Discovery, version 0.5.2, and its successors of IEEE P1451.99 and the
 * Neuro-Foundation, which differ in the namespace, the names of a node's attributes and the length of tag names.
 */
import type { NodePart, OperationName } from '../domain/command.js';
import { HubError } from '../domain/errors.js';
import { type Generation, generations } from '../domain/generation.js';
import { type Element, element } from '../xmpp/element.js';
import { discoveryNs } from './namespaces.js';
import { readNode, writeNode } from './node.js';
import { answerElement, booleanAttribute, integerAttribute, jidAttribute, unexpected } from './read.js';
import type { Row } from './row.js';
import { readOperator, writeOperator } from './search-operators.js';
import { readTags, writeTags } from './tags.js';

/** The most things that one page of a search holds; a larger maxCount is lowered [0347 3.13]. */
export const MAX_PAGE = 100;

/** The rows of discovery in one generation. */
export function discoveryRows(generation: Generation) {
  return [
    register(generation),
    claim(generation),
    claimed(generation),
    unregister(generation),
    search(generation),
  ] as const;
}

/** The rows of discovery in all generations. */
export const xep0347: readonly Row<OperationName>[] = generations.flatMap((generation) => [
  ...(discoveryRows(generation) as unknown as Row<OperationName>[]),
]);

function register(generation: Generation): Row<'register'> {
  const ns = discoveryNs[generation];
  return {
    operation: 'register',
    generation,
    kind: 'iq',
    types: ['set', 'get'],
    ns,
    name: 'register',
    readRequest: (payload) => ({
      node: readNode(payload),
      selfOwned: booleanAttribute(payload, 'selfOwned', false),
      tags: readTags(payload, generation),
      generation,
    }),
    writeRequest: ({ node, selfOwned, tags }) =>
      element(
        'register',
        ns,
        { ...writeNode(node, generation), selfOwned: selfOwned ? 'true' : undefined },
        ...writeTags(tags, ns),
      ),
    readAnswer: (payload) =>
      payload === undefined ? undefined : readOwner(answerElement(payload, 'claimed')),
    writeAnswer: (answer) => answer && writeOwner(answer, generation),
  };
}

function claim(generation: Generation): Row<'claim'> {
  const ns = discoveryNs[generation];
  return {
    operation: 'claim',
    generation,
    kind: 'iq',
    types: ['set', 'get'],
    ns,
    name: 'mine',
    readRequest: (payload) => {
      const tags = readTags(payload, generation);
      if (tags.length === 0) throw new HubError('bad-request', 'A claim names the tags of the thing.');
      return { tags, public: booleanAttribute(payload, 'public', true) };
    },
    writeRequest: (command) =>
      element('mine', ns, { public: String(command.public) }, ...writeTags(command.tags, ns)),
    readAnswer: (payload) => {
      const answer = answerElement(payload, 'claimed');
      return {
        thing: { jid: jidAttribute(answer), ...readNode(answer) },
        public: booleanAttribute(answer, 'public', true),
      };
    },
    writeAnswer: ({ thing, public: isPublic }) =>
      element('claimed', ns, { jid: thing.jid, ...writeNode(thing, generation), public: String(isPublic) }),
  };
}

function claimed(generation: Generation): Row<'claimed'> {
  return {
    operation: 'claimed',
    generation,
    kind: 'iq',
    types: ['set'],
    ns: discoveryNs[generation],
    name: 'claimed',
    readRequest: readOwner,
    writeRequest: (command) => writeOwner(command, generation),
    readAnswer: () => undefined,
    writeAnswer: () => undefined,
  };
}

/** `claimed` as the thing sees it: prose and examples mean public where nothing is said [0347 3.8]. */
function readOwner(payload: Element): { owner: string; public: boolean; node: NodePart } {
  return {
    owner: jidAttribute(payload),
    public: booleanAttribute(payload, 'public', true),
    node: readNode(payload),
  };
}

/** Always says `public`: the schema and real clients take its absence for false, the prose for true. */
function writeOwner(
  answer: { owner: string; public: boolean; node: NodePart },
  generation: Generation,
): Element {
  const { owner, public: isPublic, node } = answer;
  return element('claimed', discoveryNs[generation], {
    jid: owner,
    ...writeNode(node, generation),
    public: String(isPublic),
  });
}

function unregister(generation: Generation): Row<'unregister'> {
  const ns = discoveryNs[generation];
  return {
    operation: 'unregister',
    generation,
    kind: 'iq',
    types: ['set', 'get'],
    ns,
    name: 'unregister',
    readRequest: (payload) => ({ node: readNode(payload) }),
    writeRequest: ({ node }) => element('unregister', ns, writeNode(node, generation)),
    readAnswer: () => undefined,
    writeAnswer: () => undefined,
  };
}

function search(generation: Generation): Row<'search'> {
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
    writeAnswer: ({ more, things }) =>
      element('found', ns, { more: String(more) }, ...things.map((found) => writeThing(found, generation))),
  };
}

type FoundThing = ReturnType<Row<'search'>['readAnswer']>['things'][number];

function readFound(answer: Element, generation: Generation): { more: boolean; things: FoundThing[] } {
  const things = answer.elements().map((thing) => ({
    thing: { jid: jidAttribute(thing), ...readNode(thing) },
    owner: thing.attribute('owner') === undefined ? '' : jidAttribute(thing, 'owner'),
    tags: readTags(thing, generation),
  }));
  return { more: booleanAttribute(answer, 'more', false), things };
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
