import type { AccessFacts, Authority } from './decision.js';
import type { Frame, Seat } from './decision-frame.js';
import type { Box, Grid } from './decision-grid.js';
import type { AccessRule } from './decision-rule-set.js';
import type { Rule } from './rule.js';

/** What one authority grants of a request, on the rows and columns of a frame. */
export class Painting implements Grid {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  readonly cells: number[];
  private readonly frame: Frame;
  private readonly seats: readonly Seat[];
  private readonly facts: AccessFacts;
  /** Whether the caller's address is the authority: what he owns is his. */
  private readonly byAddress: boolean;

  /** Marks in `spoken` the rows of which a rule says something. */
  constructor(
    frame: Frame,
    seats: readonly Seat[],
    { token }: Authority,
    facts: AccessFacts,
    spoken: boolean[],
  ) {
    this.frame = frame;
    this.seats = seats;
    this.facts = facts;
    this.byAddress = token === undefined;
    this.rows = frame.rows;
    this.columns = frame.columns;
    this.cells = new Array<number>(frame.owners.length * frame.columns.length).fill(0);
    this.paintAll(true, spoken);
    // Denials come last, so that they take away from every grant, however the rules lie in storage.
    this.paintAll(false, spoken);
    if (this.byAddress) this.paintOwn(spoken);
    this.takeVague();
  }

  /** Whether a shadow has all names and layers of a box. */
  shadowHas(shadow: number, { columns, layers }: Box): boolean {
    const from = (this.rows.length + shadow) * this.columns.length;
    return columns.every((column) => ((this.cells[from + column] ?? 0) & layers) === layers);
  }

  /** The rules that grant something of the box. */
  granting(box: Box): Rule[] {
    return this.touching(true, box);
  }

  /** The rules that take something of the request away. */
  denying(): Rule[] {
    return this.touching(false, undefined);
  }

  /** Whether something of the box is granted because the caller owns the node. */
  owned({ rows }: Box): boolean {
    return this.byAddress && rows.some((row) => this.frame.owners[row] === this.facts.caller);
  }

  /** The rules in force that cover something of the box, or of the request. */
  private touching(allow: boolean, box: Box | undefined): Rule[] {
    const { request } = this.frame;
    const found: Rule[] = [];
    for (const seat of this.seats) {
      for (const one of seat.set.rules) {
        const { rule, layers } = one;
        if (rule.allow !== allow || (layers & (box?.layers ?? request.layers)) === 0) continue;
        if (this.facts.moment.standing(rule) !== 'holds') continue;
        const columns = this.columnsOf(one, seat);
        if (columns?.some((column) => box?.columns.includes(column) ?? true) === false) continue;
        const wanted = (row: number) => box?.rows.includes(row) ?? true;
        if (this.rows.some((_, row) => wanted(row) && this.covers(one, seat, row))) found.push(rule);
      }
    }
    return found;
  }

  private paintAll(allow: boolean, spoken: boolean[]): void {
    for (const seat of this.seats) {
      for (const one of seat.set.rules) if (one.rule.allow === allow) this.paint(one, seat, spoken);
    }
  }

  private paint(one: AccessRule, seat: Seat, spoken: boolean[]): void {
    const { rule, node, names } = one;
    const layers = one.layers & this.frame.request.layers;
    const standing = this.facts.moment.standing(rule);
    const columns = names === undefined ? undefined : this.columnsOf(one, seat);
    const from = node === undefined ? 0 : (seat.rows[node] ?? -1);
    if (layers === 0 || standing === 'over' || columns?.length === 0 || from < 0) return;
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

  private covers({ rule, node }: AccessRule, seat: Seat, row: number): boolean {
    return (node === undefined || seat.rows[node] === row) && this.decides(rule.by, row);
  }

  /** Whether who made a rule decides about the nodes of a row. */
  private decides(by: string, row: number): boolean {
    const owner = this.frame.owners[row];
    return owner === undefined || owner === by || this.facts.decides(by, owner);
  }

  /** The columns of the names of a rule; `undefined` for all. */
  private columnsOf({ rule, names }: AccessRule, seat: Seat): readonly number[] | undefined {
    if (names === undefined) return undefined;
    const columns: number[] = [];
    for (const name of names) {
      const column = seat.columns[name] ?? -1;
      if (column >= 0) columns.push(column);
    }
    // Where one name is denied, not every name is granted.
    if (!rule.allow && names.length > 0 && this.frame.request.every) columns.push(this.columns.length - 1);
    return columns;
  }
}
