import type { NodeAddress } from '../../domain/node-address.js';
import { matches, type SearchOperator } from '../../domain/search.js';
import { publicTags } from '../../domain/tag.js';
import type { KnownThing, Thing } from '../../domain/thing.js';
import { things } from '../keys.js';
import type { View } from '../store.js';

/** The things of the registry in memory: whose they are, and which of them a search finds. */
export class ThingIndex implements View<NodeAddress, Thing> {
  readonly table = things;
  private readonly byJid = new Map<string, Map<string, Thing>>();
  private size = 0;

  changed(address: NodeAddress, thing: Thing | undefined): void {
    const key = things.encode(address);
    const nodes = this.byJid.get(address.jid) ?? new Map<string, Thing>();
    this.size -= nodes.size;
    if (thing === undefined) nodes.delete(key);
    else nodes.set(key, thing);
    this.size += nodes.size;
    if (nodes.size === 0) this.byJid.delete(address.jid);
    else this.byJid.set(address.jid, nodes);
  }

  /** How many things there are. */
  get count(): number {
    return this.size;
  }

  /** The thing at an address. */
  get(address: NodeAddress): Thing | undefined {
    return this.byJid.get(address.jid)?.get(things.encode(address));
  }

  /** The things that an account has: itself, and nodes behind it. */
  of(jid: string): readonly Thing[] {
    return [...(this.byJid.get(jid)?.values() ?? [])];
  }

  /** Whether the account is a thing, or has things, that this bare JID owns. */
  owns(owner: string, jid: string): boolean {
    for (const thing of this.byJid.get(jid)?.values() ?? []) {
      if (thing.owner === owner) return true;
    }
    return false;
  }

  /** How many things an account has. */
  countOf(jid: string): number {
    return this.byJid.get(jid)?.size ?? 0;
  }

  /** Whether this bare JID owns anything. */
  isOwner(jid: string): boolean {
    for (const thing of this.all()) if (thing.owner === jid) return true;
    return false;
  }

  /** All things, in no order. */
  *all(): Iterable<Thing> {
    for (const nodes of this.byJid.values()) yield* nodes.values();
  }

  /** One page of the claimed, public things that hold to every operator, in the order of their addresses [0347 3.15]. */
  find(
    operators: readonly SearchOperator[],
    offset: number,
    maxCount: number,
  ): { readonly things: readonly KnownThing[]; readonly more: boolean } {
    const found: KnownThing[] = [];
    for (const thing of this.all()) {
      if (thing.owner === undefined || !thing.public || thing.removed) continue;
      const tags = publicTags(thing.tags);
      if (matches(operators, tags)) found.push({ ...thing, tags });
    }
    found.sort((a, b) => compare(things.encode(a), things.encode(b)));
    return { things: found.slice(offset, offset + maxCount), more: found.length > offset + maxCount };
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
