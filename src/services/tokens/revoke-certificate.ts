import { HubError } from '../../domain/errors.js';
import { certificates, tokens } from '../../storage/keys.js';
import type { Store, Transaction } from '../../storage/store.js';
import type { Clock } from '../../system/clock.js';
import { appendAudit } from '../audit-trail.js';
import type { Owners } from '../owner/owners.js';
import { announceIdentities } from './announce-identities.js';
import { tokensWhere } from './end-tokens.js';

/**
 * An owner says that a certificate is nobody's word any more: its tokens end, its rules grant nothing, it gets no new
 * token, and what had rules about it forgets its cached answers. That is remembered for good.
 */
export class RevokeCertificate {
  private readonly store: Store;
  private readonly owners: Owners;
  private readonly clock: Clock;

  constructor(store: Store, owners: Owners, clock: Clock) {
    this.store = store;
    this.owners = owners;
    this.clock = clock;
  }

  /**
   * `fingerprint` is hex SHA-256, `owner` a bare JID. Resolves when it is on the disk; once more changes nothing.
   * Refuses with owner-only, and with item-not-found what never had a token.
   */
  async run(fingerprint: string, owner: string): Promise<void> {
    if (!this.owners.mayOwn(owner)) throw new HubError('owner-only');
    await this.store.transact((transaction) => this.revoke(transaction, fingerprint, owner));
  }

  private async revoke(transaction: Transaction, fingerprint: string, owner: string): Promise<void> {
    const certificate = await transaction.get(certificates, fingerprint);
    if (certificate === undefined)
      throw new HubError('item-not-found', 'No certificate that the hub knows has this fingerprint.');
    if (certificate.revoked !== undefined) return;
    const at = this.clock.now();
    transaction.put(certificates, fingerprint, { ...certificate, tokens: 0, revoked: { at, by: owner } });
    for (const [hash] of await tokensWhere(transaction, (token) => token.fingerprint === fingerprint))
      transaction.delete(tokens, hash);
    await announceIdentities(transaction, new Set([fingerprint]), at);
    await appendAudit(transaction, {
      at,
      what: 'revoke-certificate',
      by: owner,
      about: fingerprint,
      outcome: `done, ${certificate.tokens} tokens`,
    });
  }
}
