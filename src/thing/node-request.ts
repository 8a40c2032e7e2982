import type { NodePart } from '../domain/command.js';
import { HubError } from '../domain/errors.js';
import type { Grant, Guard } from './guard.js';
import type { NodeSet } from './node-set.js';
import type { Requester } from './requester.js';
import type { ThingNode } from './thing-node.js';

/** The nodes that a request means, and what of them is allowed: something of one of them at least. */
export interface Granted {
  readonly nodes: readonly ThingNode[];
  readonly grants: readonly Grant[];
}

/**
 * The nodes that a request names, the account itself for none, and what the requester may do with them, as `ask` finds
 * out. Refuses with forbidden where that is nothing. Others hear item-not-found of a node that is not there; who may do
 * nothing here learns not even which nodes there are.
 */
export async function grantedNodes(
  nodes: NodeSet,
  named: readonly NodePart[],
  by: { readonly guard: Guard; readonly requester: Requester },
  ask: (nodes: readonly ThingNode[]) => Promise<readonly Grant[]>,
): Promise<Granted> {
  const found = named.map((address) => nodes.matching(address));
  const meant = named.length === 0 ? nodes.all : [...new Set(found.flat())];
  const isComplete =
    named.length === 0 ? !nodes.isConcentrator : found.every((matching) => matching.length > 0);
  const knows = !isComplete && by.guard.isAtHome(by.requester);
  const grants = knows || meant.length === 0 ? [] : await ask(meant);
  if (isComplete && grants.length > 0) return { nodes: meant, grants };
  if (!knows && grants.length === 0) throw new HubError('forbidden', 'Access denied.');
  const text = nodes.isConcentrator
    ? 'There is no such node behind this concentrator.'
    : 'There are no nodes behind this thing.';
  throw new HubError('item-not-found', named.length === 0 ? 'Name a node of this concentrator.' : text);
}
