import type { NodePart } from '../../domain/command.js';
import type { NodeNumbers, VagueNode } from '../../domain/decision.js';
import { nodeKey } from '../../domain/decision-rule-set.js';
import { deviceAddress, type NodeAddress } from '../../domain/node-address.js';
import type { KnownThing } from '../../domain/thing.js';

/** The number of the device itself. */
export const DEVICE = 0;

const NONE: readonly number[] = [];

/**
 * The nodes of one device as decisions see them: the device itself, and what is registered behind it, in the order of
 * their names. They go by their places here.
 */
export class AccessNodes implements NodeNumbers {
  readonly id: number;
  readonly addresses: readonly NodeAddress[];
  /** Bare JIDs: that of the device's owner where nobody else owns the node. */
  readonly owners: readonly (string | undefined)[];
  /** Whether the device itself is registered. */
  readonly registered: boolean;
  /** Nodes whose names mean others too. */
  readonly vague: readonly VagueNode[];
  /** Whose a question about the device is. */
  readonly decider: string | undefined;
  private readonly byKey = new Map<string, number>();
  private readonly byNodeId = new Map<string, readonly number[]>();
  /** Those of which the nodeId is the whole name, and no other's. */
  private readonly plain = new Map<string, number>();

  /** `things`: what the registry has of the device (bare JID). */
  constructor(id: number, jid: string, things: readonly KnownThing[]) {
    this.id = id;
    const own = deviceAddress(jid);
    const itself = things.find((thing) => nodeKey(thing) === nodeKey(own));
    const nodes = things.filter((thing) => thing !== itself).sort(order);
    this.registered = itself !== undefined;
    this.addresses = [own, ...nodes.map(addressOf)];
    this.owners = [itself?.owner, ...nodes.map(({ owner }) => owner ?? itself?.owner)];
    this.decider = itself?.owner ?? things.find((thing) => thing.owner !== undefined)?.owner;
    this.addresses.forEach((address, node) => {
      this.byKey.set(nodeKey(address), node);
      const { nodeId } = address;
      if (node !== DEVICE) this.byNodeId.set(nodeId, [...(this.byNodeId.get(nodeId) ?? NONE), node]);
    });
    for (const [nodeId, [node = DEVICE, ...others]] of this.byNodeId)
      if (others.length === 0 && isBare(this.addressOf(node))) this.plain.set(nodeId, node);
    this.vague = this.addresses.flatMap((address, node) => {
      const meant = this.meant(address);
      return meant.length < 2 ? [] : [{ node, others: meant }];
    });
  }

  numberOf(key: string): number | undefined {
    return this.byKey.get(key);
  }

  /** The address of a node that has a number here. */
  addressOf(node: number): NodeAddress {
    return this.addresses[node] ?? this.addresses[DEVICE] ?? deviceAddress('');
  }

  /** The one node that a part of a request means, where its nodeId is the whole name of a node and of no other. */
  plainly(part: NodePart): number | undefined {
    return isBare(part) ? this.plain.get(part.nodeId) : undefined;
  }

  /** The registered nodes that a part of a request means: all with its nodeId that fit what else it gives [0324 6.5]. */
  meant(part: NodePart): readonly number[] {
    if (isBare(part) && part.nodeId === '') return [DEVICE];
    const named = this.byNodeId.get(part.nodeId) ?? NONE;
    return isBare(part) ? named : named.filter((node) => fits(this.addressOf(node), part));
  }
}

/** Whether the part gives a nodeId and no more. */
export function isBare({ sourceId, cacheType }: NodePart): boolean {
  return sourceId === '' && cacheType === '';
}

/** What a part leaves out may be anything. */
function fits({ sourceId, cacheType }: NodePart, part: NodePart): boolean {
  return (
    (part.sourceId === '' || part.sourceId === sourceId) &&
    (part.cacheType === '' || part.cacheType === cacheType)
  );
}

function addressOf({ jid, nodeId, sourceId, cacheType }: NodeAddress): NodeAddress {
  return { jid, nodeId, sourceId, cacheType };
}

function order(a: NodeAddress, b: NodeAddress): number {
  return compare(a.sourceId, b.sourceId) || compare(a.cacheType, b.cacheType) || compare(a.nodeId, b.nodeId);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
