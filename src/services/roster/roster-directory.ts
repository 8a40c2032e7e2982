import type { RosterItem } from '../../domain/roster-item.js';
import { type RosterKey, rosters } from '../../storage/keys.js';
import type { View } from '../../storage/store.js';

const NOBODY: ReadonlyMap<string, RosterItem> = new Map();

/** All rosters in memory: presence asks them at every change. */
export class RosterDirectory implements View<RosterKey, RosterItem> {
  readonly table = rosters;
  private readonly byAccount = new Map<string, Map<string, RosterItem>>();

  changed(key: RosterKey, item: RosterItem | undefined): void {
    const roster = this.byAccount.get(key.account);
    if (item !== undefined) {
      if (roster === undefined) this.byAccount.set(key.account, new Map([[key.jid, item]]));
      else roster.set(key.jid, item);
    } else if (roster?.delete(key.jid) && roster.size === 0) this.byAccount.delete(key.account);
  }

  /** The contacts of an account (local part) by bare JID, unlisted ones too. */
  of(account: string): ReadonlyMap<string, RosterItem> {
    return this.byAccount.get(account) ?? NOBODY;
  }

  /** One contact of an account, by its bare JID. */
  item(account: string, jid: string): RosterItem | undefined {
    return this.byAccount.get(account)?.get(jid);
  }

  /** The accounts (local parts) that have a roster. */
  accounts(): string[] {
    return [...this.byAccount.keys()];
  }
}
