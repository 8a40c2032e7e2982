import { type Dialect, generations } from '../../domain/generation.js';
import type { NodeAddress } from '../../domain/node-address.js';
import type { Tag } from '../../domain/tag.js';
import type { KnownThing } from '../../domain/thing.js';
import { CountedTexts } from './counted-texts.js';
import { grownBytes, grownWords, type Words } from './growing.js';
import { RowAddresses } from './row-addresses.js';

const dialects: readonly Dialect[] = [...generations, 'siot'];

/** Bits of a row's state; the dialect's place among `dialects` stands above them. */
const USED = 1;
const PUBLIC = 2;
const REMOVED = 4;
const FINDABLE = 8;
const DIALECT = 16;

/** What a row holds beside its tags. */
export type Standing = Pick<KnownThing, 'owner' | 'public' | 'removed' | 'generation' | 'hub'>;

/** What is known of every thing beside its tags: one row each, which the next thing takes over when it goes. */
export class ThingRows {
  readonly addresses = new RowAddresses();
  readonly owners = new CountedTexts();
  readonly hubs = new CountedTexts();
  readonly shapes = new CountedTexts();
  /** Things without an owner. */
  unclaimed = 0;
  private ownerIds: Words = new Uint32Array(16);
  private hubIds: Words = new Uint32Array(16);
  private shapeIds: Words = new Uint32Array(16);
  private states = new Uint8Array(16);

  /** Behind the last row that was ever used. */
  get end(): number {
    return this.addresses.end;
  }

  /** Says whether searches find a row: claimed, public and not removed [0347 3.13]. Valid until the next change. */
  findable(): (row: number) => boolean {
    const { states } = this;
    return (row) => ((states[row] ?? 0) & FINDABLE) !== 0;
  }

  /** Whether a thing has this row. */
  used(row: number): boolean {
    return ((this.states[row] ?? 0) & USED) !== 0;
  }

  /** The bare JID of its owner. */
  owner(row: number): string | undefined {
    return this.owners.text(this.ownerIds[row] ?? 0);
  }

  /** Whether the row is owned by whom this number of `owners` stands for. */
  ownedBy(row: number, owner: number): boolean {
    return this.ownerIds[row] === owner;
  }

  /** Whether it says of the row what is said here. */
  agrees(row: number, standing: Standing): boolean {
    const hub = this.hubs.text(this.hubIds[row] ?? 0);
    return (
      this.states[row] === stateOf(standing) && this.owner(row) === standing.owner && hub === standing.hub
    );
  }

  /** The number of the shape of its tags; 0 where the row is free. */
  shapeId(row: number): number {
    return this.shapeIds[row] ?? 0;
  }

  /** The shape of its tags. */
  shape(row: number): string {
    return this.shapes.text(this.shapeIds[row] ?? 0) ?? '';
  }

  /** The thing of a row, with these tags. */
  thing(row: number, tags: readonly Tag[]): KnownThing {
    const { jid, nodeId, sourceId, cacheType } = this.addresses.address(row);
    const state = this.states[row] ?? 0;
    const hub = this.hubs.text(this.hubIds[row] ?? 0) ?? '';
    const generation = dialects[state >>> 4] ?? 'xmpp';
    const known = { jid, nodeId, sourceId, cacheType, tags, public: (state & PUBLIC) !== 0, generation, hub };
    const owner = this.owner(row);
    const owned = owner === undefined ? known : { ...known, owner };
    return (state & REMOVED) === 0 ? owned : { ...owned, removed: true };
  }

  /** The row of an address, a new one if need be. */
  take(address: NodeAddress): number {
    const row = this.addresses.take(address);
    this.ownerIds = grownWords(this.ownerIds, row + 1);
    this.hubIds = grownWords(this.hubIds, row + 1);
    this.shapeIds = grownWords(this.shapeIds, row + 1);
    this.states = grownBytes(this.states, row + 1);
    return row;
  }

  set(row: number, standing: Standing, shape: string): void {
    const owner = standing.owner === undefined ? 0 : this.owners.take(standing.owner);
    const hub = this.hubs.take(standing.hub);
    const shapeId = this.shapes.take(shape);
    this.release(row);
    this.ownerIds[row] = owner;
    this.hubIds[row] = hub;
    this.shapeIds[row] = shapeId;
    this.states[row] = stateOf(standing);
    if (owner === 0) this.unclaimed++;
  }

  /** Frees the row. */
  drop(row: number): void {
    this.release(row);
    this.ownerIds[row] = 0;
    this.hubIds[row] = 0;
    this.shapeIds[row] = 0;
    this.states[row] = 0;
    this.addresses.drop(row);
  }

  /** The arrays to be kept in a file. */
  save(): { readonly states: Uint8Array; readonly words: readonly Words[] } {
    const { end } = this;
    const words = [this.ownerIds, this.hubIds, this.shapeIds].map((ids) => ids.subarray(0, end));
    return { states: this.states.subarray(0, end), words };
  }

  /** Takes over what `save` gave and what the dictionaries list. Throws where they do not fit. */
  adopt(states: Uint8Array<ArrayBuffer>, [owners, hubs, shapes]: readonly Words[]): void {
    const { end } = this;
    if (owners?.length !== end || hubs?.length !== end || shapes?.length !== end || states.length !== end)
      throw new Error('the columns differ in length');
    for (let row = 0; row < end; row++) {
      if (states[row] === 0) {
        if (owners[row] !== 0 || hubs[row] !== 0 || shapes[row] !== 0)
          throw new Error('a free row is not empty');
        continue;
      }
      if (owners[row] === 0) this.unclaimed++;
      if (hubs[row] === 0 || shapes[row] === 0) throw new Error('a row is incomplete');
      const state = states[row] ?? 0;
      const findable = owners[row] !== 0 && (state & (PUBLIC | REMOVED)) === PUBLIC;
      if ((state & USED) === 0 || findable !== ((state & FINDABLE) !== 0) || state >>> 4 >= dialects.length)
        throw new Error('the state of a row is none');
    }
    this.states = states;
    this.ownerIds = owners;
    this.hubIds = hubs;
    this.shapeIds = shapes;
  }

  private release(row: number): void {
    if (!this.used(row)) return;
    const owner = this.ownerIds[row] ?? 0;
    if (owner === 0) this.unclaimed--;
    this.owners.release(owner);
    this.hubs.release(this.hubIds[row] ?? 0);
    this.shapes.release(this.shapeIds[row] ?? 0);
  }
}

function stateOf(standing: Standing): number {
  const { owner, removed, generation } = standing;
  const findable = owner !== undefined && standing.public && !removed;
  return (
    USED |
    (standing.public ? PUBLIC : 0) |
    (removed ? REMOVED : 0) |
    (findable ? FINDABLE : 0) |
    (dialects.indexOf(generation) * DIALECT)
  );
}
