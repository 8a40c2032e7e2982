import type { NodePart } from '../../domain/command.js';
import type { VagueNode } from '../../domain/decision.js';
import type { Box } from '../../domain/decision-grid.js';
import type { Painting } from '../../domain/decision-painting.js';
import type { AccessNode, AccessNodes } from './access-nodes.js';

/** What a part of a request means where it is not just one node. */
interface Spread {
  readonly rows: readonly number[];
  /** The place among the shadows of the node with just that nodeId, which nobody registered. */
  readonly shadow: number | undefined;
}

/** The nodes that a request means, and how an answer says which of them are granted. */
export class NamedNodes {
  /** Each once, in the order of the request. */
  readonly nodes: AccessNode[] = [];
  /** Nodes that are not registered and that a nodeId of the request could mean beside registered ones. */
  readonly shadows: AccessNode[] = [];
  /** Those whose names mean others too. */
  readonly vague: VagueNode[] = [];
  private readonly parts: readonly NodePart[];
  /** For each part, the row that it means, or all that it spreads over. */
  private readonly meanings: (number | Spread)[] = [];
  private readonly rowOf = new Map<string, number>();

  /** Without parts, the device itself and all that is behind it is meant. */
  constructor(known: AccessNodes, parts: readonly NodePart[]) {
    this.parts = parts;
    if (parts.length === 0) {
      this.nodes.push(...known.all);
      this.vague.push(...known.vague);
    }
    for (const part of parts) this.meanings.push(this.meaning(known, part));
  }

  /** How the answer names the nodes of a box: as the request did, as far as all is granted that its words mean. */
  granted(box: Box, painting: Painting): readonly NodePart[] {
    if (this.parts.length === 0)
      return box.rows.length === this.nodes.length ? [] : box.rows.flatMap((row) => this.partOf(row));
    const rows = new Set(box.rows);
    const said = new Set<number>();
    const named: NodePart[] = [];
    this.parts.forEach((part, place) => {
      const meaning = this.meanings[place] ?? { rows: [], shadow: undefined };
      const { rows: its, shadow } =
        typeof meaning === 'number' ? { rows: [meaning], shadow: undefined } : meaning;
      const fresh = its.filter((row) => rows.has(row) && !said.has(row));
      if (fresh.length === 0) return;
      for (const row of fresh) said.add(row);
      const whole = its.every((row) => rows.has(row));
      const unregistered = shadow === undefined || painting.shadowHas(shadow, box);
      named.push(...(whole && unregistered ? [part] : fresh.flatMap((row) => this.partOf(row))));
    });
    return named;
  }

  private meaning(known: AccessNodes, part: NodePart): number | Spread {
    const meant = known.meant(part);
    const [only, ...more] = meant;
    if (only === undefined) return this.row(known.exactly(part));
    const exact = known.exactly(part);
    if (more.length === 0 && exact.registered) return this.row(only);
    const rows = meant.map((node) => this.row(node));
    if (!exact.registered) return { rows, shadow: this.shadow(exact) };
    this.vague.push({ node: this.row(exact), others: rows });
    return { rows, shadow: undefined };
  }

  private row(node: AccessNode): number {
    const known = this.rowOf.get(node.key);
    if (known !== undefined) return known;
    this.rowOf.set(node.key, this.nodes.length);
    return this.nodes.push(node) - 1;
  }

  private shadow(node: AccessNode): number {
    const known = this.shadows.findIndex(({ key }) => key === node.key);
    return known < 0 ? this.shadows.push(node) - 1 : known;
  }

  private partOf(row: number): NodePart[] {
    const node = this.nodes[row];
    if (node === undefined) return [];
    const { nodeId, sourceId, cacheType } = node.address;
    return [{ nodeId, sourceId, cacheType }];
  }
}
