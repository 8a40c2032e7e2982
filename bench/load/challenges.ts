import { randomBytes } from 'node:crypto';
import forge from 'node-forge';
import type { Caller } from '../../src/domain/command.js';
import { AuditRepeats } from '../../src/services/audit-repeats.js';
import { RateLimit } from '../../src/services/rate-limit.js';
import { CertificateReader } from '../../src/services/tokens/certificate-reader.js';
import { GetTokenFor } from '../../src/services/tokens/get-token.js';
import { PendingChallenges } from '../../src/services/tokens/pending-challenges.js';
import { CertificateIndex } from '../../src/storage/indexes/certificate-index.js';
import { MemoryStore } from '../../src/storage/memory-store.js';
import { SystemClock } from '../../src/system/clock.js';
import { standardErrorLog } from '../../src/system/log-writer.js';
import { SystemRandom } from '../../src/system/random.js';
import type { BenchCertificate } from './test-certificates.js';

const THING: Caller = { jid: 'thing@bench.local', assurance: 'sasl', hub: 'hub.bench.local' };

/** No limit of the hub ends the bench. */
const MANY = 1_000_000_000;

const clock = new SystemClock();
const random = new SystemRandom();
const log = standardErrorLog('error', process.env, clock);

/** The hub's own service, from a certificate's text to a challenge that waits for its answer. */
export class HubChallenges {
  private readonly certificates: readonly BenchCertificate[];
  private readonly pending: PendingChallenges;
  private readonly service: GetTokenFor;
  private count = 0;

  constructor(certificates: readonly BenchCertificate[]) {
    this.certificates = certificates;
    this.pending = new PendingChallenges({ perAccount: MANY, all: MANY }, clock);
    const parts = {
      reader: new CertificateReader([]),
      pending: this.pending,
      certificates: new CertificateIndex(),
      rate: new RateLimit(MANY, clock),
      audit: new AuditRepeats(new MemoryStore({ clock, random, log }), clock, log),
    };
    const policy = { selfSigned: true, issued: false };
    const options = { policy, padding: 'auto', timeKnown: () => true } as const;
    this.service = new GetTokenFor(parts, options, clock, random);
  }

  /** Makes a challenge for the next certificate, and takes it out of those that wait as an answer would. */
  next(): void {
    const certificate = this.certificates[this.count++ % this.certificates.length]?.text ?? '';
    const { seqnr } = this.service.run({ certificate, generation: 'nfi' }, THING);
    this.pending.take(THING.jid, seqnr);
  }
}

/** The same random bytes encrypted by node-forge, the keys being read already. */
export class ForgeChallenges {
  private readonly certificates: readonly BenchCertificate[];
  private count = 0;

  constructor(certificates: readonly BenchCertificate[]) {
    this.certificates = certificates;
  }

  /** Encrypts for the next certificate. */
  next(): void {
    const key = this.certificates[this.count++ % this.certificates.length]?.key;
    const md = forge.md.sha1.create();
    key?.encrypt(randomBytes(32).toString('latin1'), 'RSA-OAEP', { md, mgf1: { md } });
  }
}
