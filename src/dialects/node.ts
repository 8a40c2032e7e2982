import type { NodePart } from '../domain/command.js';
import { HubError } from '../domain/errors.js';
import type { Generation } from '../domain/generation.js';
import type { Element } from '../xmpp/element.js';
import { either } from './read.js';

const LONG = { nodeId: 'nodeId', sourceId: 'sourceId', cacheType: 'cacheType' } as const;
const SHORT = { nodeId: 'id', sourceId: 'src', cacheType: 'pt' } as const;

/** Longest part of a node's address, in characters. */
const MAX_NODE_PART = 1024;

/**
 * The node that a payload is about. XEP-0347 writes nodeId, sourceId, cacheType; its successors id, src, pt; clients of
 * 2017 to 2019 mixed them, so both are read everywhere. An empty attribute counts as absent.
 */
export function readNode(payload: Element): NodePart {
  return {
    nodeId: part(payload, 'nodeId'),
    sourceId: part(payload, 'sourceId'),
    cacheType: part(payload, 'cacheType'),
  };
}

/** The node that an element must name. Refuses with bad-request. */
export function requiredNode(element: Element): NodePart {
  const node = readNode(element);
  if (node.nodeId === '') throw new HubError('bad-request', `<${element.name}/> needs "nodeId".`);
  return node;
}

function part(payload: Element, name: keyof NodePart): string {
  const value = either(payload, LONG[name], SHORT[name]);
  if (value.length > MAX_NODE_PART)
    throw new HubError('bad-request', `"${LONG[name]}" is longer than ${MAX_NODE_PART} characters.`);
  return value;
}

/** The node's attributes as the generation spells them. */
export function writeNode(node: NodePart, generation: Generation): Record<string, string | undefined> {
  const names = generation === 'xmpp' ? LONG : SHORT;
  return {
    [names.nodeId]: node.nodeId || undefined,
    [names.sourceId]: node.sourceId || undefined,
    [names.cacheType]: node.cacheType || undefined,
  };
}
