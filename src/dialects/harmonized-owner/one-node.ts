import type { NodePart } from '../../domain/command.js';
import { HubError } from '../../domain/errors.js';

/** The only node that a question, or an answer to one, may name; the device itself where that is empty or absent. */
export function oneNode(nodes: readonly NodePart[]): { readonly node?: NodePart } {
  const [node, ...more] = nodes;
  if (more.length > 0) throw new HubError('bad-request', 'A question is about one node at most.');
  if (node === undefined) return {};
  return node.nodeId === '' && node.sourceId === '' && node.cacheType === '' ? {} : { node };
}
