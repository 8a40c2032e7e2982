import type { Manner } from '../../domain/manner.js';
import { ownerManners } from '../keys.js';
import type { View } from '../store.js';

/** How owners' programs talk, in memory. */
export class MannerIndex implements View<string, Manner> {
  readonly table = ownerManners;
  private readonly byOwner = new Map<string, Manner>();

  changed(owner: string, manner: Manner | undefined): void {
    if (manner === undefined) this.byOwner.delete(owner);
    else this.byOwner.set(owner, manner);
  }

  /** How this owner (bare JID) is spoken to; `undefined` for one whom only a person's words reach. */
  get(owner: string): Manner | undefined {
    return this.byOwner.get(owner);
  }
}
