import type { Generation } from '../../domain/generation.js';
import { type Element, element } from '../../xmpp/element.js';
import { readTokens, writeTokens } from '../caller-tokens.js';
import { type PartOfHistory, readCategories, writeCategories } from '../categories.js';
import { readParts, writeNames, writeNodes } from '../named-parts.js';
import { provisioningNs } from '../namespaces.js';
import { answerElement, jidAttribute, requiredBoolean } from '../read.js';
import type { Row } from '../row.js';

/** What request and answer have in common. */
type Asked = Omit<ReturnType<Row<'can-read'>['readAnswer']>, 'result'>;

/**
 * A thing asks what of it a caller may read [0324 3.3]. The answer says categories, nodes and fields itself, for clients
 * read of it alone what they may send; a category that cannot be said as it is stays out of it.
 */
export function canRead(generation: Generation): Row<'can-read'> {
  const ns = provisioningNs[generation];
  return {
    operation: 'can-read',
    generation,
    kind: 'iq',
    types: ['get', 'set'],
    ns,
    name: 'canRead',
    readRequest: (payload) => ({ ...readAsked(payload), tokens: readTokens(payload) }),
    writeRequest: (command) =>
      element(
        'canRead',
        ns,
        {
          jid: command.jid,
          ...writeTokens(command.tokens, generation),
          ...attributesOf(command, generation, 'ask-all'),
        },
        ...childrenOf(command, generation),
      ),
    readAnswer: (payload) => {
      const answer = answerElement(payload, 'canReadResponse');
      return { ...readAsked(answer), result: requiredBoolean(answer, 'result') };
    },
    writeAnswer: (answer) =>
      element(
        'canReadResponse',
        ns,
        {
          jid: answer.jid,
          ...attributesOf(answer, generation, 'leave-out'),
          result: String(answer.result),
        },
        ...childrenOf(answer, generation),
      ),
  };
}

function readAsked(payload: Element): Asked {
  const { nodes, names } = readParts(payload, 'field');
  return { jid: jidAttribute(payload), categories: readCategories(payload), nodes, fields: names };
}

function attributesOf({ categories }: Asked, generation: Generation, part: PartOfHistory) {
  return writeCategories(categories, generation, part);
}

function childrenOf({ nodes, fields }: Asked, generation: Generation): Element[] {
  const ns = provisioningNs[generation];
  const spelling = generation === 'xmpp' ? 'long' : 'short';
  return [...writeNodes(nodes, generation, ns), ...writeNames(fields, 'field', spelling, ns)];
}
