import type { Store } from '../../storage/store.js';
import { ChangeRosterSubscription } from './change-subscription.js';
import { ClearRoster } from './clear-roster.js';
import { RemoveRosterItem } from './remove-item.js';
import { RosterDirectory } from './roster-directory.js';
import { SetRosterItem } from './set-item.js';

/** Everything about rosters, joined. */
export class RosterServices {
  readonly directory = new RosterDirectory();
  readonly set: SetRosterItem;
  readonly remove: RemoveRosterItem;
  readonly change: ChangeRosterSubscription;
  readonly clear: ClearRoster;

  /** Follows the store, so before it starts. `limit`: contacts of one account. */
  constructor(store: Store, limit: number) {
    this.set = new SetRosterItem(store, this.directory, limit);
    this.remove = new RemoveRosterItem(store);
    this.change = new ChangeRosterSubscription(store, this.directory, limit);
    this.clear = new ClearRoster(store);
    store.follow(this.directory);
  }
}
