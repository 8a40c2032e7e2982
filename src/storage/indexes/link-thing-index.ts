import type { NodeAddress } from '../../domain/node-address.js';
import { linkThings } from '../keys.js';
import type { View } from '../store.js';

/** A thing that registered over the link before anybody owned it, and when, in milliseconds since 1970. */
export interface LinkThing {
  readonly address: NodeAddress;
  readonly at: number;
}

/** The things that registered over the link before anybody owned them, in memory. Some have an owner by now, or left. */
export class LinkThingIndex implements View<NodeAddress, number> {
  readonly table = linkThings;
  private readonly byAddress = new Map<string, LinkThing>();

  changed(address: NodeAddress, at: number | undefined): void {
    const key = linkThings.encode(address);
    if (at === undefined) this.byAddress.delete(key);
    else this.byAddress.set(key, { address, at });
  }

  /** How many there are. */
  get count(): number {
    return this.byAddress.size;
  }

  /** Whether the thing at this address is one of them. */
  has(address: NodeAddress): boolean {
    return this.byAddress.has(linkThings.encode(address));
  }

  /** All of them, in no order. */
  all(): Iterable<LinkThing> {
    return this.byAddress.values();
  }
}
