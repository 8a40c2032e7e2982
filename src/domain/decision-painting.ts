import type { AccessFacts, Authority } from './decision.js';
import type { Frame } from './decision-frame.js';
import type { Box, Grid } from './decision-grid.js';
import type { AccessRule } from './decision-rule.js';
import type { Rule } from './rule.js';

/** What one authority grants of a request, on the rows and columns of a frame. */
export class Painting implements Grid {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  readonly cells: number[];
  private readonly frame: Frame;
  private readonly authority: Authority;
  private readonly facts: AccessFacts;

  /** Marks in `spoken` the rows of which a rule says something. */
  constructor(frame: Frame, authority: Authority, facts: AccessFacts, spoken: boolean[]) {
    this.frame = frame;
    this.authority = authority;
    this.facts = facts;
    this.rows = frame.rows;
    this.columns = frame.columns;
    this.cells = new Array<number>(frame.owners.length * frame.columns.length).fill(0);
    // Denials come last, so that they take away from every grant, however the rules lie in storage.
    for (const rule of authority.rules) if (rule.rule.allow) this.paint(rule, spoken);
    for (const rule of authority.rules) if (!rule.rule.allow) this.paint(rule, spoken);
    if (authority.token === undefined) this.paintOwn(spoken);
    this.takeVague();
  }

  /** Whether a shadow has all names and layers of a box. */
  shadowHas(shadow: number, { columns, layers }: Box): boolean {
    const from = (this.rows.length + shadow) * this.columns.length;
    return columns.every((column) => ((this.cells[from + column] ?? 0) & layers) === layers);
  }

  /** The rules that grant something of the box. */
  granting(box: Box): Rule[] {
    return this.inForce(true, (rule) => this.touches(rule, box));
  }

  /** The rules that take something of the request away. */
  denying(): Rule[] {
    return this.inForce(false, (rule) => this.touches(rule, undefined));
  }

  /** Whether something of the box is granted because the caller owns the node. */
  owned({ rows }: Box): boolean {
    return (
      this.authority.token === undefined && rows.some((row) => this.frame.owners[row] === this.facts.caller)
    );
  }

  private inForce(allow: boolean, wanted: (rule: AccessRule) => boolean): Rule[] {
    return this.authority.rules
      .filter((rule) => rule.rule.allow === allow && this.facts.moment.standing(rule.rule) === 'holds')
      .filter(wanted)
      .map(({ rule }) => rule);
  }

  private touches(rule: AccessRule, box: Box | undefined): boolean {
    if ((rule.layers & (box?.layers ?? this.frame.request.layers)) === 0) return false;
    const columns = this.columnsOf(rule.rule);
    if (columns !== undefined && !columns.some((column) => box?.columns.includes(column) ?? true))
      return false;
    for (let row = 0; row < this.rows.length; row++) {
      if ((box?.rows.includes(row) ?? true) && this.covers(rule, row)) return true;
    }
    return false;
  }

  private covers({ node, rule }: AccessRule, row: number): boolean {
    return (node === undefined || this.frame.rowOfNode(node) === row) && this.decides(rule.by, row);
  }

  private paint({ rule, node, layers: all }: AccessRule, spoken: boolean[]): void {
    const layers = all & this.frame.request.layers;
    const standing = this.facts.moment.standing(rule);
    const from = node === undefined ? 0 : this.frame.rowOfNode(node);
    if (layers === 0 || standing === 'over' || from < 0) return;
    const columns = this.columnsOf(rule);
    if (columns?.length === 0) return;
    const end = node === undefined ? this.frame.owners.length : from + 1;
    for (let row = from; row < end; row++) {
      if (!this.decides(rule.by, row)) continue;
      spoken[row] = true;
      if (standing === 'holds') this.paintRow(row, columns, layers, rule.allow);
    }
  }

  private paintRow(
    row: number,
    columns: readonly number[] | undefined,
    layers: number,
    allow: boolean,
  ): void {
    const { cells } = this;
    const from = row * this.columns.length;
    const count = columns?.length ?? this.columns.length;
    for (let place = 0; place < count; place++) {
      const at = from + (columns === undefined ? place : (columns[place] ?? 0));
      cells[at] = allow ? (cells[at] ?? 0) | layers : (cells[at] ?? 0) & ~layers;
    }
  }

  /** What the caller owns is his, whatever rules say. */
  private paintOwn(spoken: boolean[]): void {
    const { owners, request } = this.frame;
    for (let row = 0; row < owners.length; row++) {
      if (owners[row] !== this.facts.caller) continue;
      spoken[row] = true;
      this.paintRow(row, undefined, request.layers, true);
    }
  }

  private takeVague(): void {
    const { cells, frame } = this;
    const width = this.columns.length;
    for (const { node, others } of frame.request.vague) {
      const row = frame.rowOf[node] ?? 0;
      for (const other of others) {
        const from = (frame.rowOf[other] ?? 0) * width;
        for (let column = 0; column < width; column++)
          cells[row * width + column] = (cells[row * width + column] ?? 0) & (cells[from + column] ?? 0);
      }
    }
  }

  private decides(by: string, row: number): boolean {
    const owner = this.frame.owners[row];
    return owner === undefined || owner === by || this.facts.decides(by, owner);
  }

  /** The columns of the names of a rule; `undefined` for all. */
  private columnsOf({ names, allow }: Rule): readonly number[] | undefined {
    if (names === undefined) return undefined;
    const columns: number[] = [];
    for (const name of names) {
      const column = this.frame.columnOfName(name);
      if (column >= 0) columns.push(column);
    }
    // Where one name is denied, not every name is granted.
    if (!allow && names.length > 0 && this.frame.request.every) columns.push(this.columns.length - 1);
    return columns;
  }
}
