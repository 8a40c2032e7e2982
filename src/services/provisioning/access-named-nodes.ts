import type { NodePart } from '../../domain/command.js';
import type { NodeNumbers, VagueNode } from '../../domain/decision.js';
import { nodeKey } from '../../domain/decision-rule-set.js';
import type { NodeAddress } from '../../domain/node-address.js';
import { type AccessNodes, DEVICE } from './access-nodes.js';

/** What a part of a request means where it is not just one node: places among the nodes and the shadows. */
interface Spread {
  readonly places: readonly number[];
  /** The node with just that nodeId, which nobody registered. */
  readonly shadow: number | undefined;
}

/** What of a request is granted. */
export interface GrantedNodes {
  /** Whether the node at this place is. */
  has(place: number): boolean;
  /** Whether all that is granted of the nodes would be right for this shadow too. */
  hasShadow(shadow: number): boolean;
}

const NO_VAGUE: readonly VagueNode[] = [];

/** The nodes that a request means, and how an answer says which of them are granted. */
export class NamedNodes {
  /** Their numbers, each once, in the order of the request. */
  readonly nodes: readonly number[];
  /** Numbers of nodes that nobody registered and that a nodeId of the request could mean beside registered ones. */
  readonly shadows: number[] = [];
  readonly registered: AccessNodes;
  private readonly parts: readonly NodePart[];
  /** For each part, the place of the node that it means, or of all that it spreads over. */
  private readonly meanings: (number | Spread)[] = [];
  private vagueOnes: VagueNode[] | undefined;
  private others: Unregistered | undefined;

  /** Without parts, the device itself and all that is behind it is meant. */
  constructor(registered: AccessNodes, parts: readonly NodePart[]) {
    this.registered = registered;
    this.parts = parts;
    const nodes: number[] = [];
    if (parts.length === 0) for (let node = 0; node < registered.addresses.length; node++) nodes.push(node);
    let highest = -1;
    for (const part of parts) {
      const plain = registered.plainly(part);
      // Most requests name their nodes in order: what comes behind all others is new.
      if (plain !== undefined && plain > highest) this.meanings.push(nodes.push(plain) - 1);
      else this.meanings.push(plain === undefined ? this.meaning(part, nodes) : placeOf(plain, nodes));
      highest = Math.max(highest, nodes[nodes.length - 1] ?? -1);
    }
    this.nodes = nodes;
  }

  /** Those whose names mean others too, by their places. */
  get vague(): readonly VagueNode[] {
    return this.vagueOnes ?? (this.parts.length === 0 ? this.registered.vague : NO_VAGUE);
  }

  /** The numbers of nodes that nobody registered; `undefined` where there are none. */
  get unregistered(): Pick<NodeNumbers, 'numberOf'> | undefined {
    return this.others;
  }

  /** Bare JID of a node's owner: what nobody registered is the device's. */
  ownerOf(node: number): string | undefined {
    return this.registered.owners[this.isRegistered(node) ? node : DEVICE];
  }

  /** Whether it is the device itself or a node that is registered behind it. */
  isRegistered(node: number): boolean {
    return node < this.registered.addresses.length;
  }

  /** How the answer names the nodes that are granted: as the request did, as far as all is that its words mean. */
  granted(granted: GrantedNodes): readonly NodePart[] {
    const named: NodePart[] = [];
    if (this.parts.length === 0) {
      this.nodes.forEach((node, place) => {
        if (granted.has(place)) named.push(partOf(this.registered.addressOf(node)));
      });
    }
    for (let at = 0; at < this.parts.length; at++) {
      const part = this.parts[at];
      const meaning = this.meanings[at];
      if (part === undefined || meaning === undefined) continue;
      if (typeof meaning !== 'number') named.push(...this.spread(part, meaning, granted));
      else if (granted.has(meaning)) named.push(part);
    }
    return named;
  }

  private spread(part: NodePart, { places, shadow }: Spread, granted: GrantedNodes): NodePart[] {
    const some = places.filter((place) => granted.has(place));
    if (some.length === places.length && (shadow === undefined || granted.hasShadow(shadow))) return [part];
    return some.map((place) => partOf(this.registered.addressOf(this.nodes[place] ?? DEVICE)));
  }

  private meaning(part: NodePart, nodes: number[]): number | Spread {
    const meant = this.registered.meant(part);
    const [only] = meant;
    if (only === undefined) return placeOf(this.unknown(part), nodes);
    const exact = this.registered.numberOf(nodeKey(part));
    if (meant.length === 1 && exact === only) return placeOf(only, nodes);
    const places = meant.map((node) => placeOf(node, nodes));
    if (exact === undefined) return { places, shadow: this.shadows.push(this.unknown(part)) - 1 };
    this.vagueOnes ??= [];
    this.vagueOnes.push({ node: placeOf(exact, nodes), others: places });
    return { places, shadow: undefined };
  }

  private unknown(part: NodePart): number {
    this.others ??= new Unregistered(this.registered.addresses.length);
    return this.others.take(nodeKey(part));
  }
}

/** Numbers for the nodes of one request that nobody registered. */
class Unregistered {
  private readonly first: number;
  private readonly keys = new Map<string, number>();

  constructor(first: number) {
    this.first = first;
  }

  numberOf(key: string): number | undefined {
    return this.keys.get(key);
  }

  take(key: string): number {
    const number = this.keys.get(key) ?? this.first + this.keys.size;
    this.keys.set(key, number);
    return number;
  }
}

/** The place of a node, the next one if it has none. */
function placeOf(node: number, nodes: number[]): number {
  const place = nodes.indexOf(node);
  return place < 0 ? nodes.push(node) - 1 : place;
}

function partOf({ nodeId, sourceId, cacheType }: NodeAddress): NodePart {
  return { nodeId, sourceId, cacheType };
}
