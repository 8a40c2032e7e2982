import type { AccessRequest, Authority } from './decision.js';
import { listOf } from './decision-grid.js';
import type { RuleSet } from './decision-rule-set.js';

/** Where the nodes and names of a set of rules are on a frame, by their numbers in it; -1 where nobody asks for them. */
export interface Seat {
  readonly set: RuleSet;
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

interface OpenSeat extends Seat {
  /** The numbers that its nodes have in the request; -1 for none. */
  readonly nodes: readonly number[];
  readonly rows: number[];
  readonly columns: number[];
}

/** Never written to: there is no place in it. */
const NOWHERE: number[] = [];

/**
 * The rows and columns on which authorities paint what they grant. Nodes of one owner that no rule singles out are one
 * row; so are names that no rule mentions one column.
 */
export class Frame {
  /** How many nodes each row stands for; rows by their first node. */
  readonly rows: number[] = [];
  /** The owner of the nodes of each row, then of the shadows, which have rows behind the others. */
  readonly owners: (string | undefined)[] = [];
  /** The row of each node. */
  readonly rowOf: number[] = [];
  /** How many names each column stands for; columns by their first name, that for every name last. */
  readonly columns: number[] = [];
  /** The column of each name. */
  readonly columnOf: number[] = [];
  /** By authority, the seats of its sets of rules. */
  readonly seats: readonly (readonly Seat[])[];
  readonly request: AccessRequest;

  constructor(request: AccessRequest, authorities: readonly Authority[]) {
    this.request = request;
    const all: OpenSeat[] = [];
    const seats: OpenSeat[][] = [];
    for (const { sets } of authorities) {
      const its: OpenSeat[] = [];
      for (const set of sets) {
        const seat = seatOf(set, request);
        its.push(seat);
        all.push(seat);
      }
      seats.push(its);
    }
    this.seats = seats;
    this.layRows(all);
    this.layColumns(all);
  }

  private layRows(seats: readonly OpenSeat[]): void {
    const { nodes, shadows, vague, registered } = this.request;
    const { owners } = registered;
    const singles: number[] = [];
    for (const { node } of vague) singles.push(nodes[node] ?? -1);
    for (const seat of seats) for (const node of seat.nodes) singles.push(node);
    const shared: number[] = [];
    for (const node of nodes) {
      // What nobody registered is the device's.
      const owner = owners[node < owners.length ? node : 0];
      const single = singles.length > 0 && singles.includes(node);
      const row = single ? this.rows.length : this.sharedRow(shared, owner);
      if (row === this.rows.length) {
        this.rows.push(0);
        this.owners.push(owner);
        if (!single) shared.push(row);
      }
      this.rows[row] = (this.rows[row] ?? 0) + 1;
      this.rowOf.push(row);
      if (single) seatNode(seats, node, row);
    }
    for (const node of shadows) {
      seatNode(seats, node, this.owners.length);
      this.owners.push(owners[node < owners.length ? node : 0]);
    }
  }

  /** The row of the nodes that one owner has and no rule singles out; the next one if there is none. */
  private sharedRow(shared: readonly number[], owner: string | undefined): number {
    for (const row of shared) if (this.owners[row] === owner) return row;
    return this.rows.length;
  }

  private layColumns(seats: readonly OpenSeat[]): void {
    const { names, every } = this.request;
    let shared: number | undefined;
    for (const name of names) {
      const mentioned = seatName(seats, name, this.columns.length);
      const column = mentioned ?? shared ?? this.columns.length;
      if (column === this.columns.length) this.columns.push(0);
      this.columns[column] = (this.columns[column] ?? 0) + 1;
      this.columnOf.push(column);
      if (mentioned === undefined) shared = column;
    }
    if (every) this.columns.push(1);
  }
}

function seatOf(set: RuleSet, { registered, unregistered }: AccessRequest): OpenSeat {
  const { nodes } = set;
  let numbers: readonly number[] = NOWHERE;
  if (nodes.length > 0) numbers = set.numbersIn(registered);
  if (unregistered !== undefined)
    numbers = numbers.map((number, place) =>
      number < 0 ? (unregistered.numberOf(nodes[place] ?? '') ?? -1) : number,
    );
  return { set, nodes: numbers, rows: nowhere(nodes.length), columns: nowhere(set.nameCount) };
}

function nowhere(count: number): number[] {
  return count === 0 ? NOWHERE : listOf(count, -1);
}

/** Gives a node this row wherever a rule is about it. */
function seatNode(seats: readonly OpenSeat[], node: number, row: number): void {
  for (const { nodes, rows } of seats) {
    const place = nodes.indexOf(node);
    if (place >= 0) rows[place] = row;
  }
}

/** The column of a name that some rule mentions: the one it has already where it comes twice, else the next one. */
function seatName(seats: readonly OpenSeat[], name: string, next: number): number | undefined {
  let column: number | undefined;
  for (const { set, columns } of seats) {
    const number = columns.length === 0 ? undefined : set.name(name);
    if (number === undefined) continue;
    const known = columns[number] ?? -1;
    column = known < 0 ? next : known;
    columns[number] = column;
  }
  return column;
}
