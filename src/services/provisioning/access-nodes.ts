import type { NodePart } from '../../domain/command.js';
import type { AskedNode, VagueNode } from '../../domain/decision.js';
import { nodeKey } from '../../domain/decision-rule-set.js';
import { deviceAddress, type NodeAddress } from '../../domain/node-address.js';
import type { KnownThing } from '../../domain/thing.js';

/** A node about which something is decided. */
export interface AccessNode extends AskedNode {
  readonly address: NodeAddress;
  readonly registered: boolean;
}

const NONE: readonly AccessNode[] = [];

/** The nodes of one device as decisions see them: the device itself, and what is registered behind it. */
export class AccessNodes {
  readonly device: AccessNode;
  /** The device, then the nodes in the order of their names. */
  readonly all: readonly AccessNode[];
  /** Places in `all` of nodes whose names mean others too. */
  readonly vague: readonly VagueNode[];
  /** Whose a question about the device is. */
  readonly decider: string | undefined;
  private readonly byKey = new Map<string, AccessNode>();
  private readonly byNodeId = new Map<string, AccessNode[]>();
  /** Those of which the nodeId is the whole name, and no other's. */
  private readonly plain = new Map<string, AccessNode>();

  /** `things`: what the registry has of the device (bare JID). */
  constructor(jid: string, things: readonly KnownThing[]) {
    const own = deviceAddress(jid);
    const itself = things.find((thing) => nodeKey(thing) === nodeKey(own));
    const owner = itself?.owner;
    this.device = { key: nodeKey(own), owner, address: own, registered: itself !== undefined };
    const nodes = things.filter((thing) => thing !== itself).map((thing) => nodeOf(thing, owner, true));
    nodes.sort((a, b) => order(a.address, b.address));
    this.all = [this.device, ...nodes];
    this.decider = owner ?? things.find((thing) => thing.owner !== undefined)?.owner;
    for (const node of nodes) {
      this.byKey.set(node.key, node);
      const { nodeId } = node.address;
      const others = this.byNodeId.get(nodeId);
      if (others === undefined) this.byNodeId.set(nodeId, [node]);
      else others.push(node);
    }
    for (const [nodeId, [node, ...others]] of this.byNodeId)
      if (node !== undefined && others.length === 0 && isBare(node.address)) this.plain.set(nodeId, node);
    this.vague = this.vagueOnes();
  }

  /** The one node that a part of a request means, where its nodeId is the whole name of a node and of no other. */
  plainly(part: NodePart): AccessNode | undefined {
    return isBare(part) ? this.plain.get(part.nodeId) : undefined;
  }

  /** The registered nodes that a part of a request means: all with its nodeId where it gives no more [0324 6.5]. */
  meant(part: NodePart): readonly AccessNode[] {
    if (isBare(part)) return part.nodeId === '' ? [this.device] : (this.byNodeId.get(part.nodeId) ?? NONE);
    const node = this.byKey.get(nodeKey(part));
    return node === undefined ? NONE : [node];
  }

  /** The node at exactly this address, as one of the device's own where nobody registered it. */
  exactly(part: NodePart): AccessNode {
    const key = nodeKey(part);
    const { device } = this;
    if (key === device.key) return device;
    return this.byKey.get(key) ?? nodeOf({ ...part, jid: device.address.jid }, device.owner, false);
  }

  private vagueOnes(): readonly VagueNode[] {
    const places = new Map(this.all.map((node, place) => [node, place]));
    return this.all.flatMap((node, place) => {
      const meant = isBare(node.address) ? this.meant(node.address) : NONE;
      if (meant.length < 2) return [];
      return [{ node: place, others: meant.map((other) => places.get(other) ?? place) }];
    });
  }
}

/** Whether the part gives a nodeId and no more. */
export function isBare({ sourceId, cacheType }: NodePart): boolean {
  return sourceId === '' && cacheType === '';
}

function nodeOf(
  thing: NodeAddress & { readonly owner?: string },
  deviceOwner: string | undefined,
  registered: boolean,
): AccessNode {
  const { jid, nodeId, sourceId, cacheType } = thing;
  const address = { jid, nodeId, sourceId, cacheType };
  return { key: nodeKey(address), owner: thing.owner ?? deviceOwner, address, registered };
}

function order(a: NodeAddress, b: NodeAddress): number {
  return compare(a.sourceId, b.sourceId) || compare(a.cacheType, b.cacheType) || compare(a.nodeId, b.nodeId);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
