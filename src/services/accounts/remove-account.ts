import { HubError } from '../../domain/errors.js';
import { accounts, notices, questions, things } from '../../storage/keys.js';
import type { Store, Transaction } from '../../storage/store.js';
import { joinKey } from '../../storage/table.js';
import type { Clock } from '../../system/clock.js';
import { appendAudit } from '../audit-trail.js';
import { withdrawQuestion } from '../provisioning/withdraw-question.js';
import { relistClaims } from '../registry/claim-hash.js';
import { endTokensOf } from '../tokens/end-tokens.js';

/** Removes a local account, with its things that no owner claimed. Its sessions hear of it from the directory. */
export class RemoveAccount {
  private readonly store: Store;
  private readonly domain: string;
  private readonly clock: Clock;
  /** Those that are being removed, for as long as memory knows them. */
  private readonly leaving = new Set<string>();

  constructor(store: Store, domain: string, clock: Clock) {
    this.store = store;
    this.domain = domain;
    this.clock = clock;
  }

  /**
   * Resolves when it is gone from the disk. `name` is normalised; `by` is a bare JID, or `local`. Refuses with
   * account-not-found.
   */
  async run(name: string, by: string): Promise<void> {
    let isLeaving = false;
    try {
      await this.remove(name, by, () => {
        this.leaving.add(name);
        isLeaving = true;
      });
    } finally {
      // Another removal of the same account, refused, is over sooner than the one that removes it.
      if (isLeaving) this.leaving.delete(name);
    }
  }

  /** Whether an account with this name, normalised, is on its way out. */
  removes(name: string): boolean {
    return this.leaving.has(name);
  }

  private remove(name: string, by: string, leaves: () => void): Promise<void> {
    return this.store.transact(async (transaction) => {
      const account = await transaction.get(accounts, name);
      if (account === undefined) throw new HubError('account-not-found');
      leaves();
      transaction.delete(accounts, name);
      const about = `${name}@${this.domain}`;
      const gone = await forgetThings(transaction, about);
      await forgetQuestions(transaction, about, gone);
      const at = this.clock.now();
      await endTokensOf(transaction, about, at);
      const outcome = `done, ${account.role}`;
      await appendAudit(transaction, { at, what: 'remove-account', by, about, outcome });
    });
  }
}

/**
 * What nobody owns, or only the account itself, goes with it: nobody could take it out of the registry any more. Returns
 * the keys of these things. What an owner claimed stays his.
 */
async function forgetThings(transaction: Transaction, jid: string): Promise<ReadonlySet<string>> {
  const gone = new Set<string>();
  for await (const [address, thing] of transaction.scan(things, { prefix: `${joinKey([jid])}\u0000` })) {
    if (thing.owner !== undefined && thing.owner !== jid) continue;
    relistClaims(transaction, thing, undefined);
    transaction.delete(things, address);
    gone.add(things.encode(address));
  }
  return gone;
}

/**
 * Who gets the name later is somebody else: he must not be allowed what the removed one asked for, nor read what that
 * one was to be told.
 */
async function forgetQuestions(
  transaction: Transaction,
  jid: string,
  gone: ReadonlySet<string>,
): Promise<void> {
  for await (const [, question] of transaction.scan(questions)) {
    if (question.caller === jid) await withdrawQuestion(transaction, question);
  }
  for await (const [seq, { to, body }] of transaction.scan(notices)) {
    const text = body.operation === 'tell' || body.operation === 'ask';
    if (to === jid && (text || gone.has(things.encode(body.thing)))) transaction.delete(notices, seq);
  }
}
