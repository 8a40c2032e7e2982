import type { Generation } from '../../domain/generation.js';
import { type Element, element } from '../../xmpp/element.js';
import { readTokens, writeTokens } from '../caller-tokens.js';
import { readParts, writeNames, writeNodes } from '../named-parts.js';
import { provisioningNs } from '../namespaces.js';
import { answerElement, jidAttribute, requiredBoolean } from '../read.js';
import type { Row } from '../row.js';

/** What request and answer have in common. */
type Asked = Omit<ReturnType<Row<'can-control'>['readAnswer']>, 'result'>;

/**
 * A thing asks what of it a caller may control [0324 3.4]. The schemas of the successors write `p n`, their only client
 * writes and reads `parameter name`: an answer spells parameters as its request did, and the long way where that names
 * none.
 */
export function canControl(generation: Generation): Row<'can-control'> {
  const ns = provisioningNs[generation];
  return {
    operation: 'can-control',
    generation,
    kind: 'iq',
    types: ['get', 'set'],
    ns,
    name: 'canControl',
    readRequest: (payload) => ({ ...readAsked(payload), tokens: readTokens(payload) }),
    writeRequest: (command) =>
      element(
        'canControl',
        ns,
        { jid: command.jid, ...writeTokens(command.tokens, generation) },
        ...childrenOf(command, generation),
      ),
    readAnswer: (payload) => {
      const answer = answerElement(payload, 'canControlResponse');
      return { ...readAsked(answer), result: requiredBoolean(answer, 'result') };
    },
    writeAnswer: (answer) =>
      element(
        'canControlResponse',
        ns,
        { jid: answer.jid, result: String(answer.result) },
        ...childrenOf(answer, generation),
      ),
  };
}

function readAsked(payload: Element): Asked {
  const { nodes, names, spelling = 'long' } = readParts(payload, 'parameter');
  return { jid: jidAttribute(payload), nodes, parameters: names, spelling };
}

function childrenOf({ nodes, parameters, spelling }: Asked, generation: Generation): Element[] {
  const ns = provisioningNs[generation];
  return [...writeNodes(nodes, generation, ns), ...writeNames(parameters, 'parameter', spelling, ns)];
}
