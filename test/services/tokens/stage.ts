import type { Tokens } from '../../../src/domain/access.js';
import type { CertificatePolicy } from '../../../src/domain/certificate-checks.js';
import type { Caller } from '../../../src/domain/command.js';
import type { Dialect } from '../../../src/domain/generation.js';
import type { Rule, TokenSubject } from '../../../src/domain/rule.js';
import { AuditRepeats } from '../../../src/services/audit-repeats.js';
import { Owners } from '../../../src/services/owner/owners.js';
import { RateLimit } from '../../../src/services/rate-limit.js';
import { AnswerChallenge } from '../../../src/services/tokens/answer-challenge.js';
import { CertificateReader } from '../../../src/services/tokens/certificate-reader.js';
import { GetCertificateOf } from '../../../src/services/tokens/get-certificate.js';
import { GetTokenFor } from '../../../src/services/tokens/get-token.js';
import { IdentifyTokens } from '../../../src/services/tokens/identify.js';
import { PendingChallenges } from '../../../src/services/tokens/pending-challenges.js';
import { ProveToken } from '../../../src/services/tokens/prove-token.js';
import { RevokeCertificate } from '../../../src/services/tokens/revoke-certificate.js';
import type { TokenPadding } from '../../../src/services/tokens/secret.js';
import { WatchExpiry } from '../../../src/services/tokens/watch-expiry.js';
import { CertificateIndex } from '../../../src/storage/indexes/certificate-index.js';
import { TokenIndex } from '../../../src/storage/indexes/token-index.js';
import { audits, notices, rules } from '../../../src/storage/keys.js';
import { MemoryBackend } from '../../../src/storage/memory-backend.js';
import { MemoryStore } from '../../../src/storage/memory-store.js';
import { SystemRandom } from '../../../src/system/random.js';
import type { TestCertificate } from '../../world/certificates.js';
import { CollectedLog } from '../../world/collected-log.js';
import { ManualClock } from '../../world/manual-clock.js';

export const HUB = 'hub.pronto.local';
export const ANNA = 'anna@pronto.local';
export const HOUR = 3_600_000;

/** A caller of the hub. */
export const caller = (jid: string): Caller => ({ jid, assurance: 'sasl', hub: HUB });

export const pump = caller('pump@pronto.local');
export const meter = caller('meter@pronto.local');

/** Tokens of a request, by one kind. */
export const bring = (tokens: Partial<Tokens>): Tokens => ({ service: [], device: [], user: [], ...tokens });

/** A challenge that reached a device, and what it answers. */
export interface Received {
  readonly to: string;
  readonly token: string;
  readonly challenge: string;
  answer(response: string | undefined): void;
  /** Nothing could be sent. */
  fail(error: Error): void;
}

/** What of a stage is unusual. */
export interface StageWish {
  readonly policy?: CertificatePolicy;
  readonly authorities?: readonly TestCertificate[];
  readonly padding?: TokenPadding;
  readonly perMinute?: number;
  readonly challenges?: { readonly perAccount: number; readonly all: number };
  readonly tokens?: { readonly perAccount: number; readonly all: number };
  readonly memory?: MemoryBackend;
  readonly clock?: ManualClock;
}

/** Everything about tokens on a store in memory, joined as the hub joins it, with a clock that a test moves. */
export async function open(wish: StageWish = {}) {
  const clock = wish.clock ?? new ManualClock();
  const log = new CollectedLog();
  const random = new SystemRandom();
  const memory = wish.memory ?? new MemoryBackend();
  const store = new MemoryStore({ clock, random, log }, memory);
  const tokens = new TokenIndex();
  const certificates = new CertificateIndex();
  const known = { time: true };
  const timeKnown = () => known.time;
  const watch = new WatchExpiry(store, certificates, timeKnown, clock, log);
  store.follow(tokens);
  store.follow(certificates);
  store.follow(watch);
  const audit = new AuditRepeats(store, clock, log);
  const pending = new PendingChallenges(wish.challenges ?? { perAccount: 5, all: 100 }, clock);
  const reader = new CertificateReader((wish.authorities ?? []).map(({ x509 }) => x509));
  const rate = new RateLimit(wish.perMinute ?? 10_000, clock);
  const policy = wish.policy ?? { selfSigned: true, issued: false };
  const padding = wish.padding ?? 'auto';
  const options = { policy, padding, timeKnown };
  const get = new GetTokenFor({ reader, pending, certificates, rate, audit }, options, clock, random);
  const limits = wish.tokens ?? { perAccount: 20, all: 1000 };
  const answer = new AnswerChallenge({ store, pending, tokens, audit }, HUB, limits, clock, random);
  const received: Received[] = [];
  const heard: (() => void)[] = [];
  const port = {
    challenge: (to: Caller, token: string, challenge: string) =>
      new Promise<string | undefined>((resolve, reject) => {
        received.push({ to: to.jid, token, challenge, answer: resolve, fail: reject });
        for (const tell of heard.splice(0)) tell();
      }),
  };
  const proofs = { padding, challengeEvery: HOUR } as const;
  const prove = new ProveToken({ store, port, reader, audit }, proofs, clock, random, log);
  const users = new Map<string, string>();
  const subjects = { matter: (_device: string, _subject: TokenSubject) => true };
  const identify = new IdentifyTokens(
    {
      tokens,
      certificates,
      prove,
      audit,
      timeKnown,
      userOf: (token) => users.get(token),
      matters: (device, subject) => subjects.matter(device, subject),
    },
    HUB,
    clock,
  );
  await store.start();
  watch.start();
  return {
    ...{ clock, log, memory, store, tokens, certificates, audit, known, watch, users, subjects, received },
    ...{ get, answer, identify, prove },
    getCertificate: new GetCertificateOf(store, tokens, HUB, rate),
    revoke: new RevokeCertificate(store, new Owners(() => [ANNA], []), clock),
    /** The next challenge on use, when it has come. */
    next: async (): Promise<Received> => {
      while (received.length === 0) await new Promise<void>((resolve) => heard.push(resolve));
      const [first] = received.splice(0, 1);
      if (first === undefined) throw new Error('A challenge was announced that is not there.');
      return first;
    },
    /** Gets a token as a device does. */
    fetch: async (certificate: TestCertificate, by = pump, generation: Dialect = 'xmpp') => {
      const { seqnr, challenge } = get.run({ certificate: certificate.text, generation }, by);
      const response = certificate.answer(challenge, generation === 'xmpp' ? 'pkcs1' : 'oaep');
      return (await answer.run({ seqnr, response }, by)).token;
    },
    /** Puts a rule about a thing into the store. */
    rule: (jid: string, subject: Rule['subject'], id = `${jid} ${subject.kind}`) =>
      store.transact((transaction) => {
        const thing = { jid, nodeId: '', sourceId: '', cacheType: '' };
        const rule = { id, kind: 'read', thing, subject, allow: true, by: ANNA, createdAt: 0 } as const;
        transaction.put(rules, { thing, kind: 'read', id }, rule);
      }),
    /** Whose caches are to be cleared, in the order of the outbox. */
    cleared: async () => {
      const found: string[] = [];
      for await (const [, { to, body }] of store.scan(notices))
        if (body.operation === 'clear-cache') found.push(to);
      return found;
    },
    /** The audit, as lines. */
    audited: async () => {
      const found: string[] = [];
      for await (const [, { what, by, about, outcome }] of store.scan(audits))
        found.push(`${what} ${by} ${about}: ${outcome}`);
      return found;
    },
  };
}

/** The stage of a test. */
export type Stage = Awaited<ReturnType<typeof open>>;
