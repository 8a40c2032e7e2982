import { HubError } from '../../domain/errors.js';
import { accounts } from '../../storage/keys.js';
import type { Store } from '../../storage/store.js';
import type { Clock } from '../../system/clock.js';
import type { Random } from '../../system/random.js';
import { appendAudit } from '../audit-trail.js';
import { type DeriveKeys, generatePassword } from './password.js';

/** A password that was changed. */
export interface PasswordChange {
  /** The password, if it was generated because none was given. */
  readonly generated: string | undefined;
  /** The stored key (SHA-256) by which it is checked from now on. */
  readonly key: string;
}

/** Gives a local account another password. Its sessions hear of it from the directory. */
export class ChangePassword {
  private readonly store: Store;
  private readonly deriveKeys: DeriveKeys;
  private readonly domain: string;
  private readonly clock: Clock;
  private readonly random: Random;

  constructor(
    store: Store,
    deriveKeys: DeriveKeys,
    domain: string,
    world: { readonly clock: Clock; readonly random: Random },
  ) {
    this.store = store;
    this.deriveKeys = deriveKeys;
    this.domain = domain;
    this.clock = world.clock;
    this.random = world.random;
  }

  /**
   * `since`: the stored key (SHA-256) that the one who asks logged in by; a password that was changed after that is not
   * overwritten but not-authorized.
   *
   * Resolves when it is on the disk. `name` is normalised; `by` is a bare JID, or `local`. Refuses with
   * account-not-found, and not-acceptable for the password.
   */
  async run(name: string, password: string | undefined, by: string, since?: string): Promise<PasswordChange> {
    const generated = password === undefined ? generatePassword(this.random) : undefined;
    const scram = await this.deriveKeys(password ?? generated ?? '');
    await this.store.transact(async (transaction) => {
      const account = await transaction.get(accounts, name);
      if (account === undefined) throw new HubError('account-not-found');
      if (since !== undefined && account.scram['SHA-256'].storedKey !== since)
        throw new HubError('not-authorized', 'The password was changed meanwhile. Log in with the new one.');
      transaction.put(accounts, name, { ...account, scram });
      const about = `${name}@${this.domain}`;
      await appendAudit(transaction, {
        at: this.clock.now(),
        what: 'change-password',
        by,
        about,
        outcome: 'done',
      });
    });
    return { generated, key: scram['SHA-256'].storedKey };
  }
}
