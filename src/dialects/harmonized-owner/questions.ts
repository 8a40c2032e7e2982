import { type Category, categories } from '../../domain/access.js';
import type { NodePart } from '../../domain/command.js';
import { type Element, element } from '../../xmpp/element.js';
import { readTokens, writeTokens } from '../caller-tokens.js';
import { readCategories, writeCategories } from '../categories.js';
import {
  type NamedParts,
  PartReader,
  readPartial,
  readParts,
  writeNames,
  writeNodes,
} from '../named-parts.js';
import { type HarmonizedGeneration, ownerNs } from '../namespaces.js';
import { childElements, unexpected } from '../read.js';
import type { Row } from '../row.js';
import { readAbout, writeAbout } from './about.js';
import { oneNode } from './one-node.js';

/** What all questions have in common: they are messages, for these wait for who is offline. */
const MESSAGE = {
  kind: 'message',
  types: [],
  readAnswer: () => undefined,
  writeAnswer: () => undefined,
} as const;

/** The owner is asked whether somebody may befriend a device of his. */
export function friendQuestion(generation: HarmonizedGeneration): Row<'friend-question'> {
  const ns = ownerNs[generation];
  return {
    ...MESSAGE,
    operation: 'friend-question',
    generation,
    ns,
    name: 'isFriend',
    readRequest: readAbout,
    writeRequest: (question) => element('isFriend', ns, writeAbout(question)),
  };
}

/**
 * The owner is asked what somebody may read. Fields are children of the question itself; where no category was named all
 * are meant, and said, for the client takes none for nothing.
 */
export function readQuestion(generation: HarmonizedGeneration): Row<'read-question'> {
  const ns = ownerNs[generation];
  return {
    ...MESSAGE,
    operation: 'read-question',
    generation,
    ns,
    name: 'canRead',
    readRequest: (payload) => {
      const { nodes, names } = readParts(payload, 'field');
      return {
        ...readAbout(payload),
        tokens: readTokens(payload),
        ...oneNode(nodes),
        categories: readCategories(payload),
        fields: names,
      };
    },
    writeRequest: (question) =>
      element(
        'canRead',
        ns,
        {
          ...writeAbout(question),
          ...writeTokens(question.tokens, generation),
          ...writeCategories(orAll(question.categories), generation, 'ask-all'),
        },
        ...writeNode(question.node, generation),
        ...writeNames(question.fields, 'field', 'short', ns),
      ),
  };
}

/**
 * The owner is asked what somebody may control. The schema has parameters within `partial`, where the client does not
 * look: they are written as children of the question itself, and read from both places.
 */
export function controlQuestion(generation: HarmonizedGeneration): Row<'control-question'> {
  const ns = ownerNs[generation];
  return {
    ...MESSAGE,
    operation: 'control-question',
    generation,
    ns,
    name: 'canControl',
    readRequest: (payload) => {
      const { nodes, names } = readControlParts(payload);
      return {
        ...readAbout(payload),
        tokens: readTokens(payload),
        ...oneNode(nodes),
        parameters: names,
      };
    },
    writeRequest: (question) =>
      element(
        'canControl',
        ns,
        { ...writeAbout(question), ...writeTokens(question.tokens, generation) },
        ...writeNode(question.node, generation),
        ...writeNames(question.parameters, 'parameter', 'short', ns),
      ),
  };
}

function orAll(named: readonly Category[]): readonly Category[] {
  return named.length === 0 ? categories : named;
}

function writeNode(node: NodePart | undefined, generation: HarmonizedGeneration): Element[] {
  return node === undefined ? [] : writeNodes([node], generation, ownerNs[generation]);
}

function readControlParts(payload: Element): NamedParts {
  const reader = new PartReader('parameter');
  for (const child of childElements(payload)) {
    if (child.ns !== payload.ns) throw unexpected(payload, child);
    if (child.name === 'partial') readPartial(child, reader);
    else if (!reader.node(child) && !reader.name(child)) throw unexpected(payload, child);
  }
  return reader.parts();
}
