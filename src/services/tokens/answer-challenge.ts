import { isInForce } from '../../domain/certificate.js';
import type { Caller } from '../../domain/command.js';
import { HubError } from '../../domain/errors.js';
import type { ChallengeAnswer, Token } from '../../domain/token-commands.js';
import type { TokenIndex } from '../../storage/indexes/token-index.js';
import { certificates, tokens } from '../../storage/keys.js';
import type { Store, Transaction } from '../../storage/store.js';
import type { Clock } from '../../system/clock.js';
import type { Random } from '../../system/random.js';
import type { AuditRepeats } from '../audit-repeats.js';
import { appendAudit } from '../audit-trail.js';
import { dropToken } from './end-tokens.js';
import type { PendingChallenges, SentChallenge } from './pending-challenges.js';
import { isSecret } from './secret.js';
import { hashToken, newToken } from './token-text.js';

/** How many tokens there may be. Of an account's the oldest makes room; some things ask for one at every start. */
export interface TokenLimits {
  readonly perAccount: number;
  readonly all: number;
}

/** What answers are judged by, and where tokens go. */
export interface AnswerParts {
  readonly store: Store;
  readonly pending: PendingChallenges;
  readonly tokens: TokenIndex;
  readonly audit: AuditRepeats;
}

/**
 * Who decrypted his challenge gets a token for his certificate [0324 3.1.3]. Refuses with bad-request a wrong answer,
 * which also ends the challenge; with item-not-found what was asked longer than a minute ago, of somebody else, or
 * never; with not-acceptable for a certificate that was revoked meanwhile; with limit-reached.
 */
export class AnswerChallenge {
  private readonly parts: AnswerParts;
  private readonly hub: string;
  private readonly limits: TokenLimits;
  private readonly clock: Clock;
  private readonly random: Random;
  /** Tokens on their way to the disk, by account. */
  private readonly coming = new Map<string, number>();

  /** `hub` is the address that tokens name: where their certificates are asked for. */
  constructor(parts: AnswerParts, hub: string, limits: TokenLimits, clock: Clock, random: Random) {
    this.parts = parts;
    this.hub = hub;
    this.limits = limits;
    this.clock = clock;
    this.random = random;
  }

  /** Resolves with the token when it is on the disk; only its hash is kept. */
  async run({ seqnr, response }: ChallengeAnswer, { jid }: Caller): Promise<Token> {
    const sent = this.parts.pending.take(jid, seqnr);
    if (sent === undefined) throw new HubError('item-not-found');
    if (!isSecret(sent.secret, response)) {
      this.parts.audit.note('get-token', jid, sent.certificate.facts.fingerprint, 'no (wrong answer)');
      throw new HubError('bad-request', 'This is not what the challenge says. Ask for a new one.');
    }
    const token = newToken(this.hub, this.random);
    this.countComing(jid, 1);
    try {
      await this.parts.store.transact((transaction) => this.keep(transaction, hashToken(token), sent));
    } finally {
      this.countComing(jid, -1);
    }
    return { token };
  }

  private async keep(transaction: Transaction, hash: string, sent: SentChallenge): Promise<void> {
    const { facts, der } = sent.certificate;
    const { fingerprint, subject, notBefore, notAfter, keyBits } = facts;
    const now = this.clock.now();
    await this.makeRoom(transaction, sent.to);
    const known = await transaction.get(certificates, fingerprint);
    if (known?.revoked !== undefined || !isInForce(facts, now))
      throw new HubError('not-acceptable', 'The certificate is not good any more.');
    const firstSeen = known?.firstSeen ?? now;
    const count = (known?.tokens ?? 0) + 1;
    const described = { der, subject, notBefore, notAfter, keyBits, tokens: count, firstSeen };
    transaction.put(certificates, fingerprint, { ...described, ...(known?.lapsed && { lapsed: true }) });
    const { to: by, generation } = sent;
    transaction.put(tokens, hash, { by, fingerprint, issuedAt: now, generation });
    await appendAudit(transaction, { at: now, what: 'get-token', by, about: fingerprint, outcome: 'done' });
  }

  /** The account's oldest tokens go where it has as many as it may. Memory lags, so what is gone is looked up. */
  private async makeRoom(transaction: Transaction, jid: string): Promise<void> {
    const { tokens: index } = this.parts;
    const own = index.of(jid);
    const over = own.length + (this.coming.get(jid) ?? 0) - this.limits.perAccount;
    const gone = own.slice(0, Math.max(over, 0));
    for (const hash of gone) {
      const oldest = await transaction.get(tokens, hash);
      if (oldest !== undefined) await dropToken(transaction, hash, oldest);
    }
    const all = index.count + this.allComing() - gone.length;
    if (gone.length < over || all > this.limits.all) throw new HubError('limit-reached');
  }

  private allComing(): number {
    let count = 0;
    for (const coming of this.coming.values()) count += coming;
    return count;
  }

  private countComing(jid: string, change: number): void {
    const count = (this.coming.get(jid) ?? 0) + change;
    if (count === 0) this.coming.delete(jid);
    else this.coming.set(jid, count);
  }
}
