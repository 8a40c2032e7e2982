import type { Config } from '../config/schema.js';
import type { AuditRepeats } from '../services/audit-repeats.js';
import type { Owners } from '../services/owner/owners.js';
import { RateLimit } from '../services/rate-limit.js';
import { AnswerChallenge } from '../services/tokens/answer-challenge.js';
import { CertificateReader } from '../services/tokens/certificate-reader.js';
import { GetCertificateOf } from '../services/tokens/get-certificate.js';
import { GetTokenFor } from '../services/tokens/get-token.js';
import { IdentifyTokens } from '../services/tokens/identify.js';
import { PendingChallenges } from '../services/tokens/pending-challenges.js';
import { type ChallengePort, ProveToken } from '../services/tokens/prove-token.js';
import { RevokeCertificate } from '../services/tokens/revoke-certificate.js';
import { WatchExpiry } from '../services/tokens/watch-expiry.js';
import type { Store } from '../storage/store.js';
import type { World } from '../system/world.js';
import type { Indexes } from './indexes.js';

/** Challenges that wait for answers, of one account and in all. */
const CHALLENGES = { perAccount: 10, all: 1000 };

const MINUTE = 60_000;

/** What tokens stand on. */
export interface TokenParts {
  readonly store: Store;
  readonly indexes: Indexes;
  readonly owners: Owners;
  readonly repeats: AuditRepeats;
  readonly port: ChallengePort;
  /** The address that tokens name. */
  readonly hub: string;
  readonly timeKnown: () => boolean;
  readonly userOf: (token: string) => string | undefined;
}

/** Tokens and certificates, joined. */
export class TokenServices {
  readonly reader = new CertificateReader([]);
  readonly getToken: GetTokenFor;
  readonly answerChallenge: AnswerChallenge;
  readonly getCertificate: GetCertificateOf;
  readonly identify: IdentifyTokens;
  readonly revoke: RevokeCertificate;
  readonly expiry: WatchExpiry;

  /** Follows the store, so before it starts. */
  constructor(config: Config, parts: TokenParts, world: World) {
    const { store, indexes, owners, repeats: audit, port, hub, timeKnown, userOf } = parts;
    const { clock, random, log } = world;
    const { tokenPadding: padding, challengeMinutes } = config.provisioning;
    const { tokensPerAccount, tokens: all, tokenRequestsPerMinute } = config.limits;
    const { tokens, certificates, rules } = indexes;
    const { reader } = this;
    const pending = new PendingChallenges(CHALLENGES, clock);
    const rate = new RateLimit(tokenRequestsPerMinute, clock);
    const policy = { selfSigned: config.provisioning.selfSigned, issued: false };
    const challenges = { reader, pending, certificates, rate, audit };
    this.getToken = new GetTokenFor(challenges, { policy, padding, timeKnown }, clock, random);
    const limits = { perAccount: tokensPerAccount, all };
    this.answerChallenge = new AnswerChallenge({ store, pending, tokens, audit }, hub, limits, clock, random);
    this.getCertificate = new GetCertificateOf(store, tokens, hub, rate);
    const every = { padding, challengeEvery: challengeMinutes * MINUTE };
    const prove = new ProveToken({ store, port, reader, audit }, every, clock, random, log.part('tokens'));
    const matters: ConstructorParameters<typeof IdentifyTokens>[0]['matters'] = (device, subject) =>
      rules.about('read', device, subject) !== undefined ||
      rules.about('control', device, subject) !== undefined;
    const identity = { tokens, certificates, prove, audit, userOf, matters, timeKnown };
    this.identify = new IdentifyTokens(identity, hub, clock);
    this.revoke = new RevokeCertificate(store, owners, clock);
    this.expiry = new WatchExpiry(store, certificates, timeKnown, clock, log.part('tokens'));
    store.follow(this.expiry);
  }
}
