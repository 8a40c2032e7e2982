import type { NodeAddress } from '../../domain/node-address.js';
import type { SearchOperator } from '../../domain/search.js';
import type { KnownThing, Thing } from '../../domain/thing.js';
import { things } from '../keys.js';
import { Expressions } from '../search/expressions.js';
import { search } from '../search/search.js';
import { restoreTable, saveTable } from '../search/table-file.js';
import { ThingTable } from '../search/thing-table.js';
import type { SnapshotView } from '../store.js';

/** One page of what a search found. */
export interface FoundThings {
  readonly things: readonly KnownThing[];
  /** Whether there are further ones. */
  readonly more: boolean;
}

/** The things of the registry in memory, without their keys: whose they are, and which of them a search finds. */
export class ThingIndex implements SnapshotView<NodeAddress, Thing> {
  readonly table = things;
  private readonly expressions = new Expressions();
  private content = new ThingTable();
  private changes = 0;

  changed(address: NodeAddress, thing: Thing | undefined): void {
    this.changes++;
    if (thing === undefined) this.content.remove(address);
    else this.content.put(address, thing);
  }

  begin(): void {
    this.content.beginFilling();
  }

  end(): void {
    this.content.endFilling();
  }

  agrees(address: NodeAddress, thing: Thing | undefined): boolean {
    const row = this.content.rows.addresses.find(address);
    if (row === undefined || thing === undefined) return row === undefined && thing === undefined;
    return this.content.rows.agrees(row, thing);
  }

  /** How many things there are. */
  get count(): number {
    return this.content.rows.addresses.count;
  }

  /** Another number after every change: what was worked out from the things holds while it stays. */
  get revision(): number {
    return this.changes;
  }

  /** How many of them nobody has claimed. */
  get unclaimed(): number {
    return this.content.rows.unclaimed;
  }

  /** The thing at an address. */
  get(address: NodeAddress): KnownThing | undefined {
    const row = this.content.rows.addresses.find(address);
    return row === undefined ? undefined : this.content.thing(row);
  }

  /** The things that an account has: itself, and nodes behind it. */
  of(jid: string): readonly KnownThing[] {
    return this.content.rows.addresses.of(jid).map((row) => this.content.thing(row));
  }

  /** How many things an account has. */
  countOf(jid: string): number {
    return this.content.rows.addresses.countOf(jid);
  }

  /** Whether the account is a thing, or has things, that this bare JID owns. */
  owns(owner: string, jid: string): boolean {
    const { owners, addresses } = this.content.rows;
    const id = owners.find(owner);
    return id !== 0 && addresses.of(jid).some((row) => this.content.rows.ownedBy(row, id));
  }

  /** Whether this bare JID owns anything at all. */
  isOwner(jid: string): boolean {
    return this.content.rows.owners.has(jid);
  }

  /** The things that this bare JID owns, in no order; without a walk for one who owns nothing. */
  ownedBy(owner: string): readonly KnownThing[] {
    const { rows } = this.content;
    const id = rows.owners.find(owner);
    const found: KnownThing[] = [];
    if (id === 0) return found;
    for (let row = 0; row < rows.end; row++)
      if (rows.used(row) && rows.ownedBy(row, id)) found.push(this.content.thing(row));
    return found;
  }

  /** All things, in no order. */
  *all(): Iterable<KnownThing> {
    const { content } = this;
    for (let row = 0; row < content.rows.end; row++) {
      if (content.rows.used(row)) yield content.thing(row);
    }
  }

  /** To be awaited before a search with a regular expression: loads what reads it. */
  async prepare(operators: readonly SearchOperator[]): Promise<void> {
    if (operators.some(({ kind }) => kind === 'strRegEx')) await this.expressions.load();
  }

  /**
   * A page of the claimed, public things for which every operator holds [0347 3.15], in an order that stays the same
   * while other things come and go. Refuses with bad-request a regular expression that is none, and with
   * search-too-costly a search that takes too many steps.
   */
  find(operators: readonly SearchOperator[], offset: number, maxCount: number): FoundThings {
    const page = search(this.content, operators, { offset, maxCount }, this.expressions);
    return { things: page.rows.map((row) => this.content.thing(row)), more: page.more };
  }

  save(): readonly Uint8Array[] {
    return saveTable(this.content);
  }

  restore(content: Uint8Array): void {
    this.changes++;
    this.content = restoreTable(content);
  }

  clear(): void {
    this.changes++;
    this.content = new ThingTable();
  }
}
