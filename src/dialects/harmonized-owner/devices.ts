import { HubError } from '../../domain/errors.js';
import type { OwnedDevices } from '../../domain/owner-commands.js';
import { type Element, element } from '../../xmpp/element.js';
import { type HarmonizedGeneration, ownerNs } from '../namespaces.js';
import { readNode, writeNode } from '../node.js';
import { answerElement, integerAttribute, jidAttribute } from '../read.js';
import type { Row } from '../row.js';
import { MAX_PAGE, readFound, writeFound } from '../search.js';

/** What an owner does with one of his devices, with a node of it, or with all. */
export function ownedDevices<Name extends 'clear-device-cache' | 'delete-rules'>(
  operation: Name,
  name: string,
  generation: HarmonizedGeneration,
): Row<Name> {
  const ns = ownerNs[generation];
  return {
    operation,
    generation,
    kind: 'iq',
    types: ['set'],
    ns,
    name,
    readRequest: readDevices,
    writeRequest: ({ device, node }) => element(name, ns, { jid: device, ...writeNode(node, generation) }),
    readAnswer: () => undefined,
    writeAnswer: () => undefined,
  };
}

/** The owner lists his devices; the answer is that of a search, in the same generation. */
export function listDevices(generation: HarmonizedGeneration): Row<'list-devices'> {
  const ns = ownerNs[generation];
  return {
    operation: 'list-devices',
    generation,
    kind: 'iq',
    types: ['get', 'set'],
    ns,
    name: 'getDevices',
    readRequest: (payload) => ({
      offset: integerAttribute(payload, 'offset', 0, 0, Number.MAX_SAFE_INTEGER),
      maxCount: integerAttribute(payload, 'maxCount', MAX_PAGE, 1, MAX_PAGE),
    }),
    writeRequest: ({ offset, maxCount }) =>
      element('getDevices', ns, { offset: String(offset), maxCount: String(maxCount) }),
    readAnswer: (payload) => readFound(answerElement(payload, 'found'), generation),
    writeAnswer: (found) => writeFound(found, generation),
  };
}

/** Attributes that are empty count as absent: clients send an empty id with a device. */
function readDevices(payload: Element): OwnedDevices {
  const node = readNode(payload);
  if (payload.attribute('jid')) return { device: jidAttribute(payload), node };
  if (node.nodeId !== '' || node.sourceId !== '' || node.cacheType !== '')
    throw new HubError('bad-request', `<${payload.name}/> names a node, and no device.`);
  return { node };
}
