import { HubError } from '../../domain/errors.js';
import type { RosterItem } from '../../domain/roster-item.js';
import { rosters } from '../../storage/keys.js';
import type { Store } from '../../storage/store.js';
import type { RosterDirectory } from './roster-directory.js';

/** What a user says about a contact. */
export interface SetItem {
  /** Bare JID, normalised. */
  readonly jid: string;
  readonly name?: string;
  readonly groups: readonly string[];
}

/** Longest name of a contact or group, in characters, and most groups of one contact. */
const MAX_NAME = 1023;
const MAX_GROUPS = 50;
/** Most characters of the names of one contact together, so that a whole roster can be sent to its client. */
const MAX_NAMES = 2048;

/** A user adds a contact or changes its name and groups (RFC 6121 §2.3). */
export class SetRosterItem {
  private readonly store: Store;
  private readonly directory: RosterDirectory;
  private readonly limit: number;

  /** `limit`: contacts of one account. */
  constructor(store: Store, directory: RosterDirectory, limit: number) {
    this.store = store;
    this.directory = directory;
    this.limit = limit;
  }

  /** Resolves with the item once it is on the disk. Refuses with bad-request, not-acceptable or limit-reached. */
  run(account: string, command: SetItem): Promise<RosterItem> {
    checkNames(command);
    return this.store.transact(async (transaction) => {
      const key = { account, jid: command.jid };
      const known = await transaction.get(rosters, key);
      if (known === undefined && this.directory.of(account).size >= this.limit)
        throw new HubError('limit-reached');
      const item: RosterItem = {
        account,
        jid: command.jid,
        ...(command.name !== undefined && { name: command.name }),
        groups: command.groups,
        subscription: known?.subscription ?? 'none',
        ...(known?.ask && { ask: true }),
        ...(known?.pendingIn && { pendingIn: true }),
        listed: true,
      };
      transaction.put(rosters, key, item);
      return item;
    });
  }
}

/** RFC 6121 §2.3.3. */
function checkNames({ name, groups }: SetItem): void {
  if ((name?.length ?? 0) > MAX_NAME)
    throw new HubError('not-acceptable', 'The name of a contact is too long.');
  if (groups.length > MAX_GROUPS) throw new HubError('not-acceptable', 'A contact is in too many groups.');
  if (groups.some((group) => group === '' || group.length > MAX_NAME))
    throw new HubError('not-acceptable', 'The name of a group is empty or too long.');
  if (groups.reduce((sum, group) => sum + group.length, name?.length ?? 0) > MAX_NAMES)
    throw new HubError('not-acceptable', 'The names of a contact and its groups are too long together.');
  if (new Set(groups).size < groups.length) throw new HubError('bad-request', 'A group comes twice.');
}
