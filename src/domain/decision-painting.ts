import type { AccessFacts, AccessRequest, AskedNode, Authority } from './decision.js';
import type { Box, Grid } from './decision-grid.js';
import type { AccessRule } from './decision-rule.js';
import type { Rule } from './rule.js';

/** What one authority grants of a request, cell by cell. */
export class Painting implements Grid {
  readonly rows: number;
  readonly columns: number;
  readonly cells: Uint16Array;
  private readonly request: AccessRequest;
  private readonly authority: Authority;
  private readonly facts: AccessFacts;
  private places: ReadonlyMap<string, number> | undefined;
  private names: ReadonlyMap<string, number> | undefined;

  /** Marks in `spoken` the nodes of which a rule says something. */
  constructor(request: AccessRequest, authority: Authority, facts: AccessFacts, spoken: Uint8Array) {
    this.request = request;
    this.authority = authority;
    this.facts = facts;
    this.rows = request.nodes.length;
    this.columns = request.names.length + Number(request.every);
    this.cells = new Uint16Array((this.rows + request.shadows.length) * this.columns);
    this.paint(true, spoken);
    // Denials come last, so that they take away from every grant, however the rules lie in storage.
    this.paint(false, spoken);
    this.paintOwn(spoken);
    this.takeVague();
  }

  /** Whether a shadow has all names and layers of a box. */
  shadowHas(shadow: number, { columns, layers }: Box): boolean {
    const from = (this.rows + shadow) * this.columns;
    return columns.every((column) => ((this.cells[from + column] ?? 0) & layers) === layers);
  }

  /** The rules that grant something of the box. */
  granting(box: Box): Rule[] {
    return this.inForce(true)
      .filter((rule) => this.touches(rule, box))
      .map(({ rule }) => rule);
  }

  /** The rules that take something of the request away. */
  denying(): Rule[] {
    return this.inForce(false)
      .filter((rule) => this.touches(rule))
      .map(({ rule }) => rule);
  }

  /** Whether something of the box is granted because the caller owns the node. */
  owned({ rows }: Box): boolean {
    return rows.some((row) => this.isOwn(row));
  }

  private inForce(allow: boolean): AccessRule[] {
    return this.authority.rules.filter(
      ({ rule }) => rule.allow === allow && this.facts.moment.standing(rule) === 'holds',
    );
  }

  private touches(rule: AccessRule, box?: Box): boolean {
    if ((rule.layers & (box?.layers ?? this.request.layers)) === 0) return false;
    const columns = this.columnsOf(rule.rule);
    if (columns !== undefined && !columns.some((column) => box?.columns.includes(column) ?? true))
      return false;
    const rows = box?.rows ?? Array.from({ length: this.rows }, (_, row) => row);
    return rows.some((row) => this.covers(rule, row));
  }

  private paint(allow: boolean, spoken: Uint8Array): void {
    for (const one of this.authority.rules) {
      const { rule } = one;
      const layers = one.layers & this.request.layers;
      if (rule.allow !== allow || layers === 0) continue;
      const standing = this.facts.moment.standing(rule);
      if (standing === 'over') continue;
      const columns = this.columnsOf(rule);
      if (columns?.length === 0) continue;
      const holds = standing === 'holds';
      if (one.node !== undefined) {
        const row = this.placeOf(one.node);
        if (row === undefined || !this.decides(rule.by, row)) continue;
        spoken[row] = 1;
        if (holds) this.paintRow(row, columns, layers, allow);
        continue;
      }
      const rows = this.rows + this.request.shadows.length;
      for (let row = 0; row < rows; row++) {
        if (!this.decides(rule.by, row)) continue;
        spoken[row] = 1;
        if (holds) this.paintRow(row, columns, layers, allow);
      }
    }
  }

  private paintRow(
    row: number,
    columns: readonly number[] | undefined,
    layers: number,
    allow: boolean,
  ): void {
    const { cells } = this;
    const from = row * this.columns;
    if (columns === undefined) {
      const end = from + this.columns;
      for (let at = from; at < end; at++)
        cells[at] = allow ? (cells[at] ?? 0) | layers : (cells[at] ?? 0) & ~layers;
      return;
    }
    for (const column of columns) {
      const at = from + column;
      cells[at] = allow ? (cells[at] ?? 0) | layers : (cells[at] ?? 0) & ~layers;
    }
  }

  /** What the caller owns is his, whatever rules say. */
  private paintOwn(spoken: Uint8Array): void {
    if (this.authority.token !== undefined) return;
    for (let row = 0; row < spoken.length; row++) {
      if (!this.isOwn(row)) continue;
      spoken[row] = 1;
      this.paintRow(row, undefined, this.request.layers, true);
    }
  }

  private takeVague(): void {
    const { cells, columns } = this;
    for (const { node, others } of this.request.vague) {
      for (const other of others) {
        for (let column = 0; column < columns; column++) {
          const at = node * columns + column;
          cells[at] = (cells[at] ?? 0) & (cells[other * columns + column] ?? 0);
        }
      }
    }
  }

  private isOwn(row: number): boolean {
    return this.authority.token === undefined && this.node(row)?.owner === this.facts.caller;
  }

  private covers({ node, rule }: AccessRule, row: number): boolean {
    return (node === undefined || this.placeOf(node) === row) && this.decides(rule.by, row);
  }

  private decides(by: string, row: number): boolean {
    const owner = this.node(row)?.owner;
    return owner === undefined || owner === by || this.facts.decides(by, owner);
  }

  private node(row: number): AskedNode | undefined {
    const { nodes, shadows } = this.request;
    return row < nodes.length ? nodes[row] : shadows[row - nodes.length];
  }

  private placeOf(key: string): number | undefined {
    if (this.places === undefined) {
      const all = [...this.request.nodes, ...this.request.shadows];
      this.places = new Map(all.map((node, place) => [node.key, place]));
    }
    return this.places.get(key);
  }

  /** The columns of the names of a rule; `undefined` for all. */
  private columnsOf({ names, allow }: Rule): readonly number[] | undefined {
    if (names === undefined) return undefined;
    this.names ??= new Map(this.request.names.map((name, column) => [name, column]));
    const columns: number[] = [];
    for (const name of names) {
      const column = this.names.get(name);
      if (column !== undefined) columns.push(column);
    }
    // Where one name is denied, not every name is granted.
    if (!allow && names.length > 0 && this.request.every) columns.push(this.columns - 1);
    return columns;
  }
}
