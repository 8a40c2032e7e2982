/**
 * XEP-0324: Internet of Things - Provisioning, version 0.5.1, device side, and its successors of IEEE P1451.99 and the
 * Neuro-Foundation, which differ in the namespace and in how clearCache is acknowledged.
 */
import type { OperationName } from '../domain/command.js';
import { type Generation, generations } from '../domain/generation.js';
import { element } from '../xmpp/element.js';
import { provisioningNs } from './namespaces.js';
import { readNode, writeNode } from './node.js';
import { answerElement, booleanAttribute, jidAttribute, required } from './read.js';
import type { Row } from './row.js';

/** The rows of provisioning in one generation. */
export function provisioningRows(generation: Generation) {
  return [
    isFriend(generation),
    befriend('friend', generation),
    befriend('unfriend', generation),
    clearCache(generation),
  ] as const;
}

/** The rows of provisioning in all generations. */
export const xep0324: readonly Row<OperationName>[] = generations.flatMap((generation) => [
  ...(provisioningRows(generation) as unknown as Row<OperationName>[]),
]);

function isFriend(generation: Generation): Row<'is-friend'> {
  const ns = provisioningNs[generation];
  return {
    operation: 'is-friend',
    generation,
    kind: 'iq',
    types: ['get', 'set'],
    ns,
    name: 'isFriend',
    readRequest: (payload) => ({ jid: jidAttribute(payload) }),
    writeRequest: ({ jid }) => element('isFriend', ns, { jid }),
    readAnswer: (payload) => {
      const answer = answerElement(payload, 'isFriendResponse');
      required(answer, 'result');
      return {
        jid: jidAttribute(answer),
        result: booleanAttribute(answer, 'result', false),
        secondaryTrust: booleanAttribute(answer, 'secondaryTrustAllowed', false),
      };
    },
    writeAnswer: ({ jid, result, secondaryTrust }) =>
      element('isFriendResponse', ns, {
        jid,
        result: String(result),
        secondaryTrustAllowed: secondaryTrust && generation === 'xmpp' ? 'true' : undefined,
      }),
  };
}

function befriend<Name extends 'friend' | 'unfriend'>(operation: Name, generation: Generation): Row<Name> {
  const ns = provisioningNs[generation];
  return {
    operation,
    generation,
    kind: 'message',
    types: [],
    ns,
    name: operation,
    readRequest: (payload) => ({ jid: jidAttribute(payload) }),
    writeRequest: ({ jid }) => element(operation, ns, { jid }),
    readAnswer: () => undefined,
    writeAnswer: () => undefined,
  };
}

/** The XEP acknowledges with clearCacheResponse, its successors with an empty result; both are read. */
function clearCache(generation: Generation): Row<'clear-cache'> {
  const ns = provisioningNs[generation];
  return {
    operation: 'clear-cache',
    generation,
    kind: 'iq',
    types: ['set'],
    ns,
    name: 'clearCache',
    readRequest: (payload) => ({ node: readNode(payload) }),
    writeRequest: ({ node }) =>
      element('clearCache', ns, generation === 'xmpp' ? {} : writeNode(node, generation)),
    readAnswer: () => undefined,
    writeAnswer: () => (generation === 'xmpp' ? element('clearCacheResponse', ns) : undefined),
  };
}
