import type { NodePart } from '../domain/command.js';
import { HubError } from '../domain/errors.js';
import type { NodeSet } from './node-set.js';
import { NO_NODE, type ThingNode } from './thing-node.js';

/** What a caller may do with one node: the names of fields or parameters. */
export interface Permission {
  readonly node: ThingNode;
  readonly names: ReadonlySet<string>;
}

/**
 * The nodes that a request names, the account itself for none, and what the caller may do with each. Refuses with
 * forbidden where that is nothing for one of them; who may do nothing here learns not even which nodes there are. Others
 * hear item-not-found of a node that is not there.
 */
export async function permittedNodes(
  nodes: NodeSet,
  named: readonly NodePart[],
  permit: (node: ThingNode) => Promise<readonly string[]>,
): Promise<readonly Permission[]> {
  const wanted = named.length === 0 ? [NO_NODE] : named;
  const known = wanted.flatMap((address) => nodes.at(address) ?? []);
  const complete = known.length === wanted.length;
  const permissions: Permission[] = [];
  for (const node of new Set(complete ? known : nodes.all))
    permissions.push({ node, names: new Set(await permit(node)) });
  const allowed = permissions.filter(({ names }) => names.size > 0);
  if (complete ? allowed.length < permissions.length : allowed.length === 0)
    throw new HubError('forbidden', 'Access denied.');
  if (complete) return permissions;
  const text = nodes.isConcentrator
    ? 'There is no such node behind this concentrator.'
    : 'There are no nodes behind this thing.';
  throw new HubError('item-not-found', named.length === 0 ? 'Name a node of this concentrator.' : text);
}
