import type { Account } from '../../domain/account.js';
import { accounts } from '../../storage/keys.js';
import type { View } from '../../storage/store.js';
import type { Log } from '../../system/log.js';

/** Why the sessions of an account must end: it is gone, or its password is another. */
export type RevocationReason = 'removed' | 'password';

/** Hears that an account's credentials no longer hold. `name` is the local part. */
export type RevocationListener = (name: string, reason: RevocationReason) => void;

/** All local accounts in memory: every login asks them. Open sessions hear here when theirs is revoked. */
export class AccountDirectory implements View<string, Account> {
  readonly table = accounts;
  private readonly byName = new Map<string, Account>();
  private readonly listeners = new Set<RevocationListener>();
  private readonly log: Log;
  private owners: readonly string[] | undefined;

  constructor(log: Log) {
    this.log = log;
  }

  changed(name: string, account: Account | undefined): void {
    const known = this.byName.get(name);
    if (account === undefined) this.byName.delete(name);
    else this.byName.set(name, account);
    this.owners = undefined;
    if (known === undefined) return;
    if (account === undefined) this.tell(name, 'removed');
    else if (known.scram['SHA-256'].storedKey !== account.scram['SHA-256'].storedKey)
      this.tell(name, 'password');
  }

  /** The account with this local part, normalised. */
  find(name: string): Account | undefined {
    return this.byName.get(name);
  }

  /** How many accounts there are. */
  get count(): number {
    return this.byName.size;
  }

  /** All accounts, by name. */
  all(): Account[] {
    return [...this.byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Local parts of the accounts with the owner's role, sorted; the same array until an account changes. */
  ownerNames(): readonly string[] {
    this.owners ??= this.all()
      .filter(({ role }) => role === 'owner')
      .map(({ name }) => name);
    return this.owners;
  }

  /** Calls the listener after each commit that revokes credentials. Returns what ends that. */
  onRevoked(listener: RevocationListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private tell(name: string, reason: RevocationReason): void {
    for (const listener of this.listeners) {
      try {
        listener(name, reason);
      } catch (error) {
        this.log.error('Sessions of a revoked account could not be ended; restart the hub to end them.', {
          account: name,
          error: String(error),
        });
      }
    }
  }
}
