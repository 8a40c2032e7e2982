import type { NodePart } from '../domain/command.js';
import { HubError } from '../domain/errors.js';
import type { NodeName, ThingOptions } from './options.js';
import { NO_NODE, ThingNode } from './thing-node.js';

/** Longest part of a node's name, in characters. */
const MAX_PART = 1024;

/** Everything of an account that registers: the account itself, or the nodes of a concentrator. */
export class NodeSet {
  readonly all: readonly ThingNode[];
  private readonly byAddress: ReadonlyMap<string, ThingNode>;

  /** Throws bad-request for options that are no thing and no concentrator. */
  constructor(options: ThingOptions) {
    const { nodes } = options;
    this.all =
      nodes === undefined
        ? [new ThingNode(NO_NODE, options)]
        : nodes.map((node) => new ThingNode(addressOf(node), node));
    this.byAddress = new Map(this.all.map((node) => [keyOf(node.address), node]));
    if (nodes !== undefined) checkConcentrator(options);
    if (this.byAddress.size < this.all.length)
      throw new HubError('bad-request', 'Two nodes of the concentrator have the same name.');
  }

  /** Whether the things are behind the account, not the account itself. */
  get isConcentrator(): boolean {
    return !this.byAddress.has(keyOf(NO_NODE));
  }

  /** The node at an address, `undefined` if there is none. */
  at(address: NodePart): ThingNode | undefined {
    return this.byAddress.get(keyOf(address));
  }

  /**
   * The nodes that a request means: parts of the address that it leaves out may be anything, and what is ambiguous means
   * all [0324 6.5].
   */
  matching({ nodeId, sourceId, cacheType }: NodePart): readonly ThingNode[] {
    return this.all.filter(
      ({ address }) =>
        address.nodeId === nodeId &&
        (sourceId === '' || address.sourceId === sourceId) &&
        (cacheType === '' || address.cacheType === cacheType),
    );
  }

  /** The node of a name; the account itself for none. Throws item-not-found. */
  named(name: NodeName | undefined): ThingNode {
    const node = this.at(name === undefined ? NO_NODE : addressOf(name));
    if (node !== undefined) return node;
    const text =
      name === undefined ? 'Say which node of the concentrator is meant.' : 'There is no such node.';
    throw new HubError('item-not-found', text);
  }

  /** Whether this bare JID owns any of them. */
  isOwner(jid: string): boolean {
    return this.all.some(({ owner }) => owner === jid);
  }
}

/** The address of a node that its maker names. */
function addressOf({ nodeId, sourceId = '', cacheType = '' }: NodeName): NodePart {
  if (nodeId === '') throw new HubError('bad-request', 'A node has a nodeId.');
  if ([nodeId, sourceId, cacheType].some((part) => part.length > MAX_PART))
    throw new HubError('bad-request', `A part of a node's name is longer than ${MAX_PART} characters.`);
  return { nodeId, sourceId, cacheType };
}

function checkConcentrator({ nodes = [], tags, fields, parameters, selfOwned, key }: ThingOptions): void {
  if (nodes.length === 0) throw new HubError('bad-request', 'A concentrator has nodes.');
  if ([tags, fields, parameters, selfOwned, key].some((own) => own !== undefined))
    throw new HubError(
      'bad-request',
      'Tags, fields, parameters, selfOwned and key of a concentrator are those of its nodes.',
    );
}

function keyOf({ nodeId, sourceId, cacheType }: NodePart): string {
  return JSON.stringify([nodeId, sourceId, cacheType]);
}
