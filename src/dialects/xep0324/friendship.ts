import type { Generation } from '../../domain/generation.js';
import { element } from '../../xmpp/element.js';
import { provisioningNs } from '../namespaces.js';
import { readNode, writeNode } from '../node.js';
import { answerElement, booleanAttribute, jidAttribute, requiredBoolean } from '../read.js';
import type { Row } from '../row.js';

/** A thing asks whether it may befriend somebody [0324 3.2.1]. That the owner is asked has no word here. */
export function isFriend(generation: Generation): Row<'is-friend'> {
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
      return {
        jid: jidAttribute(answer),
        result: requiredBoolean(answer, 'result'),
        pending: false,
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

/** The hub recommends a friendship, or ends one [0324 3.2.3, 3.2.4]. */
export function befriend<Name extends 'friend' | 'unfriend'>(
  operation: Name,
  generation: Generation,
): Row<Name> {
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
export function clearCache(generation: Generation): Row<'clear-cache'> {
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
