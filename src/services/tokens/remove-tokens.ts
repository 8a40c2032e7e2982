import { HubError } from '../../domain/errors.js';
import type { Store } from '../../storage/store.js';
import type { Clock } from '../../system/clock.js';
import { appendAudit } from '../audit-trail.js';
import type { Owners } from '../owner/owners.js';
import { endTokensOf, tokensWhere } from './end-tokens.js';

/** An owner ends the tokens that an account got; it may get new ones, unless the certificate is revoked. */
export class RemoveTokens {
  private readonly store: Store;
  private readonly owners: Owners;
  private readonly clock: Clock;

  constructor(store: Store, owners: Owners, clock: Clock) {
    this.store = store;
    this.owners = owners;
    this.clock = clock;
  }

  /**
   * `jid` and `owner` are bare JIDs. Resolves with how many there were, when they are gone from the disk. Refuses with
   * owner-only, and with item-not-found where the account has none.
   */
  async run(jid: string, owner: string): Promise<number> {
    if (!this.owners.mayOwn(owner)) throw new HubError('owner-only');
    return this.store.transact(async (transaction) => {
      const { length } = await tokensWhere(transaction, ({ by }) => by === jid);
      if (length === 0)
        throw new HubError('item-not-found', 'This account has no tokens. See: hearth tokens');
      const at = this.clock.now();
      await endTokensOf(transaction, jid, at);
      const outcome = `done, ${length} ${length === 1 ? 'token' : 'tokens'}`;
      await appendAudit(transaction, { at, what: 'remove-tokens', by: owner, about: jid, outcome });
      return length;
    });
  }
}
