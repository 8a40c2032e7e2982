import type { NodePart } from '../../domain/command.js';
import type { VagueNode } from '../../domain/decision.js';
import { type AccessNode, type AccessNodes, isBare } from './access-nodes.js';

/** What a part of a request means where it is not just one node: places among the nodes and the shadows. */
interface Spread {
  readonly nodes: readonly number[];
  /** The node with just that nodeId, which nobody registered. */
  readonly shadow: number | undefined;
}

/** What of a request is granted. */
export interface GrantedNodes {
  /** Whether the node at this place is. */
  has(node: number): boolean;
  /** Whether all that is granted of the nodes would be right for this shadow too. */
  hasShadow(shadow: number): boolean;
}

/** Up to so many nodes are found fastest by looking at each. */
const FEW = 32;

/** The nodes that a request means, and how an answer says which of them are granted. */
export class NamedNodes {
  /** Each once, in the order of the request. */
  readonly nodes: AccessNode[] = [];
  /** Nodes that are not registered and that a nodeId of the request could mean beside registered ones. */
  readonly shadows: AccessNode[] = [];
  /** Those whose names mean others too. */
  readonly vague: VagueNode[] = [];
  private readonly known: AccessNodes;
  private readonly parts: readonly NodePart[];
  /** For each part, the place of the node that it means, or of all that it spreads over. */
  private readonly meanings: (number | Spread)[] = [];
  private places: Map<AccessNode, number> | undefined;
  private unregistered: Map<string, AccessNode> | undefined;

  /** Without parts, the device itself and all that is behind it is meant. */
  constructor(known: AccessNodes, parts: readonly NodePart[]) {
    this.known = known;
    this.parts = parts;
    if (parts.length === 0) {
      this.nodes.push(...known.all);
      this.vague.push(...known.vague);
    }
    for (const part of parts) this.meanings.push(this.meaning(part));
  }

  /** How the answer names the nodes that are granted: as the request did, as far as all is that its words mean. */
  granted(granted: GrantedNodes): readonly NodePart[] {
    if (this.parts.length === 0)
      return this.nodes.filter((_, node) => granted.has(node)).map(({ address }) => partOf(address));
    const named: NodePart[] = [];
    for (let place = 0; place < this.parts.length; place++) {
      const part = this.parts[place];
      const meaning = this.meanings[place];
      if (part === undefined || meaning === undefined) continue;
      if (typeof meaning !== 'number') named.push(...this.spread(part, meaning, granted));
      else if (granted.has(meaning)) named.push(part);
    }
    return named;
  }

  private spread(part: NodePart, { nodes, shadow }: Spread, granted: GrantedNodes): NodePart[] {
    const some = nodes.filter((node) => granted.has(node));
    if (some.length === nodes.length && (shadow === undefined || granted.hasShadow(shadow))) return [part];
    return some.flatMap((node) => this.nodes.slice(node, node + 1).map(({ address }) => partOf(address)));
  }

  private meaning(part: NodePart): number | Spread {
    const plain = this.known.plainly(part);
    if (plain !== undefined) return this.place(plain);
    const meant = this.known.meant(part);
    const [only] = meant;
    if (only === undefined) return this.place(this.unknown(part));
    if (meant.length === 1 && isBare(part) === isBare(only.address)) return this.place(only);
    const nodes = meant.map((node) => this.place(node));
    const exact = this.known.exactly(part);
    if (!exact.registered) return { nodes, shadow: this.shadows.push(exact) - 1 };
    this.vague.push({ node: this.place(exact), others: nodes });
    return { nodes, shadow: undefined };
  }

  /** The place of a node, which gets one if it has none. */
  private place(node: AccessNode): number {
    const { nodes } = this;
    const known = this.places === undefined ? nodes.indexOf(node) : (this.places.get(node) ?? -1);
    if (known >= 0) return known;
    nodes.push(node);
    this.places?.set(node, nodes.length - 1);
    if (nodes.length === FEW) this.places = new Map(nodes.map((one, place) => [one, place]));
    return nodes.length - 1;
  }

  private unknown(part: NodePart): AccessNode {
    const node = this.known.exactly(part);
    const before = this.unregistered?.get(node.key);
    if (before !== undefined) return before;
    this.unregistered ??= new Map();
    this.unregistered.set(node.key, node);
    return node;
  }
}

function partOf({ nodeId, sourceId, cacheType }: NodePart): NodePart {
  return { nodeId, sourceId, cacheType };
}
