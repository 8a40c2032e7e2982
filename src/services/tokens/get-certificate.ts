import type { Caller } from '../../domain/command.js';
import { HubError } from '../../domain/errors.js';
import type { Certificate, Token } from '../../domain/token-commands.js';
import type { TokenIndex } from '../../storage/indexes/token-index.js';
import { certificates } from '../../storage/keys.js';
import type { Reader } from '../../storage/store.js';
import type { RateLimit } from '../rate-limit.js';
import { hashToken, isTokenOf } from './token-text.js';

/**
 * Somebody who was sent a token asks for the certificate behind it. The token may come without the hub's address before
 * it, as some clients cut it off. Refuses with too-many-requests, and with item-not-found what is no token of this hub.
 */
export class GetCertificateOf {
  private readonly store: Reader;
  private readonly tokens: TokenIndex;
  private readonly hub: string;
  private readonly rate: RateLimit;

  constructor(store: Reader, tokens: TokenIndex, hub: string, rate: RateLimit) {
    this.store = store;
    this.tokens = tokens;
    this.hub = hub;
    this.rate = rate;
  }

  async run({ token }: Token, { jid }: Caller): Promise<Certificate> {
    if (!this.rate.take(jid)) throw new HubError('too-many-requests');
    const whole = isTokenOf(this.hub, token) ? token : `${this.hub}:${token}`;
    const known = this.tokens.get(hashToken(whole));
    const certificate = known && (await this.store.get(certificates, known.fingerprint));
    if (certificate === undefined || certificate.revoked !== undefined) throw new HubError('item-not-found');
    return { certificate: certificate.der };
  }
}
