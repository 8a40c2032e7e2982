import { HubError } from '../../domain/errors.js';
import type { Dialect } from '../../domain/generation.js';
import type { Clock } from '../../system/clock.js';
import type { ReadCertificate } from './certificate-reader.js';
import type { Secret } from './secret.js';

/** How long a challenge waits for its answer, in milliseconds [0324 3.1.3]. */
const LIFETIME = 60_000;

/** The numbers of challenges are positive and fit into 31 bits. */
const LAST_NUMBER = 0x7fff_ffff;

/** A challenge that was sent. */
export interface SentChallenge {
  /** Bare JID of the one who must answer. */
  readonly to: string;
  readonly secret: Secret;
  readonly certificate: ReadCertificate;
  readonly generation: Dialect;
}

/** How many challenges may wait for answers, of one account and in all. */
export interface ChallengeLimits {
  readonly perAccount: number;
  readonly all: number;
}

/** Challenges that wait for their answer, in memory. Each can be answered once, by the one who got it. */
export class PendingChallenges {
  /** In the order in which they were sent. */
  private readonly sent = new Map<number, SentChallenge & { readonly at: number }>();
  private readonly counts = new Map<string, number>();
  private readonly limits: ChallengeLimits;
  private readonly clock: Clock;
  private last = 0;

  constructor(limits: ChallengeLimits, clock: Clock) {
    this.limits = limits;
    this.clock = clock;
  }

  /** Refuses with too-many-requests where as many wait as may: none is forgotten before its time. */
  checkRoom(to: string): void {
    this.forgetOld();
    const full = this.sent.size >= this.limits.all || (this.counts.get(to) ?? 0) >= this.limits.perAccount;
    if (full) throw new HubError('too-many-requests');
  }

  /** Remembers a challenge; returns its number. */
  add(challenge: SentChallenge): number {
    do this.last = this.last === LAST_NUMBER ? 1 : this.last + 1;
    while (this.sent.has(this.last));
    this.sent.set(this.last, { ...challenge, at: this.clock.monotonic() });
    this.counts.set(challenge.to, (this.counts.get(challenge.to) ?? 0) + 1);
    return this.last;
  }

  /** Takes the challenge with this number out; `undefined` for an old one, an unknown one, and another's. */
  take(to: string, seqnr: number): SentChallenge | undefined {
    this.forgetOld();
    const challenge = this.sent.get(seqnr);
    if (challenge?.to !== to) return undefined;
    this.forget(seqnr, challenge);
    return challenge;
  }

  private forgetOld(): void {
    const oldest = this.clock.monotonic() - LIFETIME;
    for (const [seqnr, challenge] of this.sent) {
      if (challenge.at >= oldest) return;
      this.forget(seqnr, challenge);
    }
  }

  private forget(seqnr: number, { to }: SentChallenge): void {
    this.sent.delete(seqnr);
    const count = (this.counts.get(to) ?? 1) - 1;
    if (count === 0) this.counts.delete(to);
    else this.counts.set(to, count);
  }
}
