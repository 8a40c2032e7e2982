import type { RosterItem } from '../../domain/roster-item.js';
import { rosters } from '../../storage/keys.js';
import type { Store } from '../../storage/store.js';
import { joinKey } from '../../storage/table.js';

/** Deletes the roster of an account that is gone, so that the next one of that name begins with an empty one. */
export class ClearRoster {
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  /** Resolves with the items as they were; the caller ends the subscriptions that they recorded. */
  run(account: string): Promise<readonly RosterItem[]> {
    return this.store.transact(async (transaction) => {
      const items: RosterItem[] = [];
      for await (const [key, item] of transaction.scan(rosters, { prefix: joinKey([account, '']) })) {
        transaction.delete(rosters, key);
        items.push(item);
      }
      return items;
    });
  }
}
