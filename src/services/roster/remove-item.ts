import { HubError } from '../../domain/errors.js';
import type { RosterItem } from '../../domain/roster-item.js';
import { rosters } from '../../storage/keys.js';
import type { Store } from '../../storage/store.js';

/** A user deletes a contact (RFC 6121 §2.5). The caller ends the subscriptions that the item recorded. */
export class RemoveRosterItem {
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  /** Resolves with the item as it was. Refuses with item-not-found. */
  run(account: string, jid: string): Promise<RosterItem> {
    return this.store.transact(async (transaction) => {
      const key = { account, jid };
      const item = await transaction.get(rosters, key);
      if (item === undefined || !item.listed)
        throw new HubError('item-not-found', 'There is no such contact in your roster.');
      transaction.delete(rosters, key);
      return item;
    });
  }
}
