import { isInForce } from '../../domain/certificate.js';
import { type CertificatePolicy, certificateRefusal } from '../../domain/certificate-checks.js';
import type { Caller } from '../../domain/command.js';
import { HubError } from '../../domain/errors.js';
import type { Challenge, GetToken } from '../../domain/token-commands.js';
import type { CertificateIndex } from '../../storage/indexes/certificate-index.js';
import type { Clock } from '../../system/clock.js';
import type { Random } from '../../system/random.js';
import type { AuditRepeats } from '../audit-repeats.js';
import type { RateLimit } from '../rate-limit.js';
import type { CertificateReader, ReadCertificate } from './certificate-reader.js';
import type { PendingChallenges } from './pending-challenges.js';
import { makeSecret, type Secret, type TokenPadding } from './secret.js';

/** How certificates are judged and challenges made. */
export interface ChallengeOptions {
  readonly policy: CertificatePolicy;
  readonly padding: TokenPadding;
  /** Whether the clock can be right: one that is older than the last known time is not. */
  readonly timeKnown: () => boolean;
}

/** What challenges stand on. */
export interface ChallengeParts {
  readonly reader: CertificateReader;
  readonly pending: PendingChallenges;
  readonly certificates: CertificateIndex;
  readonly rate: RateLimit;
  readonly audit: AuditRepeats;
}

/**
 * A device or service asks for a token with its certificate [0324 3.1.3]: it must first decrypt a challenge. Everything
 * about that is in memory until it did. Refuses with too-many-requests; with bad-request what is no certificate; with
 * not-acceptable, and a reason, one that the checks refuse or an owner revoked; with time-unknown while the hub cannot
 * tell whether one is valid.
 */
export class GetTokenFor {
  private readonly parts: ChallengeParts;
  private readonly options: ChallengeOptions;
  private readonly clock: Clock;
  private readonly random: Random;

  constructor(parts: ChallengeParts, options: ChallengeOptions, clock: Clock, random: Random) {
    this.parts = parts;
    this.options = options;
    this.clock = clock;
    this.random = random;
  }

  run({ certificate: text, generation = 'xmpp' }: GetToken, { jid }: Caller): Challenge {
    const { rate, pending, reader, audit } = this.parts;
    if (!rate.take(jid)) throw new HubError('too-many-requests');
    pending.checkRoom(jid);
    try {
      const certificate = reader.read(text);
      this.check(certificate);
      const secret = this.secret(certificate, generation);
      const seqnr = pending.add({ to: jid, secret, certificate, generation });
      return { seqnr, challenge: secret.challenge };
    } catch (error) {
      if (error instanceof HubError) audit.note('get-token', jid, 'certificate', `no (${error.message})`);
      throw error;
    }
  }

  private check({ facts }: ReadCertificate): void {
    if (!this.options.timeKnown()) throw new HubError('time-unknown');
    const now = this.clock.now();
    const reason = certificateRefusal(facts, this.options.policy, now);
    if (reason !== undefined) throw new HubError('not-acceptable', reason);
    const known = this.parts.certificates.get(facts.fingerprint);
    if (known !== undefined && !isInForce(known, now))
      throw new HubError('not-acceptable', 'An owner of this hub has revoked the certificate.');
  }

  private secret({ key }: ReadCertificate, generation: NonNullable<GetToken['generation']>): Secret {
    try {
      return makeSecret(key, generation, this.options.padding, this.random);
    } catch (cause) {
      throw new HubError('bad-request', "Nothing can be encrypted with the certificate's key.", { cause });
    }
  }
}
