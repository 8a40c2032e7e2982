import { HubError } from '../../domain/errors.js';
import { accounts, notices, questions } from '../../storage/keys.js';
import type { Store, Transaction } from '../../storage/store.js';
import type { Clock } from '../../system/clock.js';
import { appendAudit } from '../audit-trail.js';
import { withdrawQuestion } from '../provisioning/withdraw-question.js';
import { endTokensOf } from '../tokens/end-tokens.js';

/** Removes a local account. Its sessions hear of it from the directory. */
export class RemoveAccount {
  private readonly store: Store;
  private readonly domain: string;
  private readonly clock: Clock;

  constructor(store: Store, domain: string, clock: Clock) {
    this.store = store;
    this.domain = domain;
    this.clock = clock;
  }

  /**
   * Resolves when it is gone from the disk. `name` is normalised; `by` is a bare JID, or `local`. Refuses with
   * account-not-found.
   */
  run(name: string, by: string): Promise<void> {
    return this.store.transact(async (transaction) => {
      const account = await transaction.get(accounts, name);
      if (account === undefined) throw new HubError('account-not-found');
      transaction.delete(accounts, name);
      const about = `${name}@${this.domain}`;
      await forgetQuestions(transaction, about);
      const at = this.clock.now();
      await endTokensOf(transaction, about, at);
      const outcome = `done, ${account.role}`;
      await appendAudit(transaction, { at, what: 'remove-account', by, about, outcome });
    });
  }
}

/**
 * Who gets the name later is somebody else: he must not be allowed what the removed one asked for, nor read what that
 * one was to be told.
 */
async function forgetQuestions(transaction: Transaction, jid: string): Promise<void> {
  for await (const [, question] of transaction.scan(questions)) {
    if (question.caller === jid) await withdrawQuestion(transaction, question);
  }
  for await (const [seq, { to, body }] of transaction.scan(notices)) {
    const text = body.operation === 'tell' || body.operation === 'ask';
    if (to === jid && text) transaction.delete(notices, seq);
  }
}
