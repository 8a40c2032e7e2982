import type { AccessFacts, Authority } from './decision.js';
import type { Frame, Seat } from './decision-frame.js';
import { type Box, type Grid, listOf } from './decision-grid.js';
import type { AccessRule } from './decision-rule-set.js';
import type { Standing } from './decision-time.js';
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
    this.cells = listOf(frame.owners.length * frame.columns.length, 0);
    for (const seat of seats) for (const one of seat.set.allowing) this.paint(one, seat, spoken);
    // Denials come last, so that they take away from every grant, however the rules lie in storage.
    for (const seat of seats) for (const one of seat.set.denying) this.paint(one, seat, spoken);
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
    return this.touching('allowing', box);
  }

  /** The rules that take something of the request away. */
  denying(): Rule[] {
    return this.touching('denying', undefined);
  }

  /** Whether something of the box is granted because the caller owns the node. */
  owned({ rows }: Box): boolean {
    return this.byAddress && rows.some((row) => this.frame.owners[row] === this.facts.caller);
  }

  /** The rules in force that cover something of the box, or of the request. */
  private touching(kind: 'allowing' | 'denying', box: Box | undefined): Rule[] {
    const layers = box?.layers ?? this.frame.request.layers;
    const wanted = (row: number) => box?.rows.includes(row) ?? true;
    const wantedColumn = (column: number) => box?.columns.includes(column) ?? column >= 0;
    const found: Rule[] = [];
    for (const seat of this.seats) {
      for (const one of seat.set[kind]) {
        if ((one.layers & layers) === 0 || this.standing(one) !== 'holds') continue;
        if (one.names?.some((name) => wantedColumn(seat.columns[name] ?? -1)) === false) continue;
        if (this.rows.some((_, row) => wanted(row) && this.covers(one, seat, row))) found.push(one.rule);
      }
    }
    return found;
  }

  private paint(one: AccessRule, seat: Seat, spoken: boolean[]): void {
    const { node, by } = one;
    const layers = one.layers & this.frame.request.layers;
    const standing = this.standing(one);
    const from = node === undefined ? 0 : (seat.rows[node] ?? -1);
    if (layers === 0 || standing === 'over' || from < 0) return;
    const end = node === undefined ? this.frame.owners.length : from + 1;
    const holding = standing === 'holds' ? layers : 0;
    for (let row = from; row < end; row++) {
      if (this.decides(by, row) && this.paintRow(row, one, seat, holding)) spoken[row] = true;
    }
  }

  /** Whether the rule says something of the row, even if it paints no layer now. */
  private paintRow(row: number, { names, allow }: AccessRule, seat: Seat, layers: number): boolean {
    const from = row * this.columns.length;
    if (names === undefined) {
      for (let column = 0; column < this.columns.length; column++)
        this.paintCell(from + column, layers, allow);
      return true;
    }
    let some = false;
    for (const name of names) {
      const column = seat.columns[name] ?? -1;
      if (column < 0) continue;
      this.paintCell(from + column, layers, allow);
      some = true;
    }
    if (!some || allow || !this.frame.request.every) return some;
    // Where one name is denied, not every name is granted; but of the others nothing is said.
    this.paintCell(from + this.columns.length - 1, layers, allow);
    return false;
  }

  private paintCell(at: number, layers: number, allow: boolean): void {
    const before = this.cells[at] ?? 0;
    this.cells[at] = allow ? before | layers : before & ~layers;
  }

  /** What the caller owns is his, whatever rules say. */
  private paintOwn(spoken: boolean[]): void {
    const { owners, request } = this.frame;
    for (let row = 0; row < owners.length; row++) {
      if (owners[row] !== this.facts.caller) continue;
      spoken[row] = true;
      for (let column = 0; column < this.columns.length; column++)
        this.paintCell(row * this.columns.length + column, request.layers, true);
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

  private covers({ by, node }: AccessRule, seat: Seat, row: number): boolean {
    return (node === undefined || seat.rows[node] === row) && this.decides(by, row);
  }

  private standing({ timed, rule }: AccessRule): Standing {
    return timed ? this.facts.moment.standing(rule) : 'holds';
  }

  /** Whether who made a rule decides about the nodes of a row. */
  private decides(by: string, row: number): boolean {
    const owner = this.frame.owners[row];
    return owner === undefined || owner === by || this.facts.decides(by, owner);
  }
}
