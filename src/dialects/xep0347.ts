/**
 * XEP-0347: Internet of Things - Discovery, version 0.5.2, and its successors of IEEE P1451.99 and the
 * Neuro-Foundation, which differ in the namespace, the names of a node's attributes and the length of tag names.
 */
import type { NodePart, OperationName } from '../domain/command.js';
import { REGISTRY } from '../domain/discovery-text.js';
import { HubError } from '../domain/errors.js';
import { type Generation, generations } from '../domain/generation.js';
import { type Element, element } from '../xmpp/element.js';
import { discoveryNs } from './namespaces.js';
import { readNode, writeNode } from './node.js';
import { answerElement, booleanAttribute, jidAttribute } from './read.js';
import type { Row } from './row.js';
import { search } from './search.js';
import { readTags, writeTags } from './tags.js';

/** The rows of discovery in one generation. */
export function discoveryRows(generation: Generation) {
  return [
    register(generation),
    claim(generation),
    claimed(generation),
    update(generation),
    ownerCommand('remove', generation),
    released('removed', generation),
    unregister(generation),
    ownerCommand('disown', generation),
    released('disowned', generation),
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
      if (tags.every(({ name }) => name === REGISTRY))
        throw new HubError('bad-request', 'A claim names the tags of the thing.');
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

/** `claimed` as the thing sees it: prose and examples mean public where nothing is said [0347 3.9]. */
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

/** The thing itself speaks, or the owner of the thing that `jid` names [0347 3.13, 3.14]. */
function update(generation: Generation): Row<'update'> {
  const ns = discoveryNs[generation];
  return {
    operation: 'update',
    generation,
    kind: 'iq',
    types: ['set', 'get'],
    ns,
    name: 'update',
    readRequest: (payload) => ({
      node: readNode(payload),
      ...(payload.attribute('jid') ? { jid: jidAttribute(payload) } : {}),
      tags: readTags(payload, generation),
    }),
    writeRequest: ({ node, jid, tags }) =>
      element('update', ns, { jid, ...writeNode(node, generation) }, ...writeTags(tags, ns)),
    readAnswer: (payload) => {
      if (payload !== undefined) answerElement(payload, 'disowned');
      return { disowned: payload !== undefined };
    },
    writeAnswer: ({ disowned }) => (disowned ? element('disowned', ns) : undefined),
  };
}

/** What an owner says of a thing of his, and what has no answer but that it is done. */
function ownerCommand<Name extends 'remove' | 'disown'>(operation: Name, generation: Generation): Row<Name> {
  const ns = discoveryNs[generation];
  return {
    operation,
    generation,
    kind: 'iq',
    types: ['set', 'get'],
    ns,
    name: operation,
    readRequest: (payload) => ({ thing: { jid: jidAttribute(payload), ...readNode(payload) } }),
    writeRequest: ({ thing }) => element(operation, ns, { jid: thing.jid, ...writeNode(thing, generation) }),
    readAnswer: () => undefined,
    writeAnswer: () => undefined,
  };
}

/** What the registry tells a thing when its owner did that. */
function released<Name extends 'removed' | 'disowned'>(operation: Name, generation: Generation): Row<Name> {
  const ns = discoveryNs[generation];
  return {
    operation,
    generation,
    kind: 'iq',
    types: ['set'],
    ns,
    name: operation,
    readRequest: (payload) => ({ node: readNode(payload) }),
    writeRequest: ({ node }) => element(operation, ns, writeNode(node, generation)),
    readAnswer: () => undefined,
    writeAnswer: () => undefined,
  };
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
