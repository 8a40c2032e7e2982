import { HubError } from '../../domain/errors.js';
import { accounts } from '../../storage/keys.js';
import type { Store } from '../../storage/store.js';
import type { Clock } from '../../system/clock.js';
import { appendAudit } from '../audit-trail.js';
import type { SetupCode } from './setup-code.js';

/** Makes an account that exists an owner by the setup code. */
export class RedeemSetupCode {
  private readonly store: Store;
  private readonly setupCode: SetupCode;
  private readonly domain: string;
  private readonly clock: Clock;

  constructor(store: Store, setupCode: SetupCode, domain: string, clock: Clock) {
    this.store = store;
    this.setupCode = setupCode;
    this.domain = domain;
    this.clock = clock;
  }

  /**
   * Resolves when it is on the disk; the code is used up then. `name` is normalised. Refuses with forbidden for a wrong
   * code, and with account-not-found.
   */
  async run(name: string, code: string): Promise<void> {
    const undo = this.setupCode.take(code);
    if (undo === undefined)
      throw new HubError('forbidden', 'This setup code is wrong or too old. A fresh one: hearth owner');
    try {
      await this.promote(name);
    } catch (error) {
      undo();
      throw error;
    }
  }

  private promote(name: string): Promise<void> {
    return this.store.transact(async (transaction) => {
      const account = await transaction.get(accounts, name);
      if (account === undefined) throw new HubError('account-not-found');
      transaction.put(accounts, name, { ...account, role: 'owner' });
      const jid = `${name}@${this.domain}`;
      await appendAudit(transaction, {
        at: this.clock.now(),
        what: 'redeem-setup-code',
        by: jid,
        about: jid,
        outcome: 'done, owner',
      });
    });
  }
}
