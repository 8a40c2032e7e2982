import type { Clock } from '../../system/clock.js';

/** Failures after which a use is not tried again for a while, and how long that is, in milliseconds. */
const TRIES = 3;
const REST = 600_000;

/** How many uses are remembered; beyond that those that were proven or refused longest ago are forgotten. */
const MEMORY = 10_000;

interface Proof {
  /** Holds until then, on the clock that never goes back. */
  readonly until: number;
  readonly right: boolean;
  /** Failures in a row. */
  readonly failures: number;
}

/** Who has proven lately that a token is his, and who failed too often to be asked again; in memory only. */
export class ProofMemory {
  private readonly proofs = new Map<string, Proof>();
  private readonly lifetime: number;
  private readonly clock: Clock;

  /** `lifetime`: how long a proof is good for, in milliseconds. */
  constructor(lifetime: number, clock: Clock) {
    this.lifetime = lifetime;
    this.clock = clock;
  }

  /** Whether a use is proven or refused; `undefined` where a challenge must say. */
  get(use: string): boolean | undefined {
    const proof = this.proofs.get(use);
    return proof !== undefined && this.clock.monotonic() < proof.until ? proof.right : undefined;
  }

  /** Remembers what came of a challenge. */
  note(use: string, right: boolean): void {
    const now = this.clock.monotonic();
    const failures = right ? 0 : (this.proofs.get(use)?.failures ?? 0) + 1;
    const tired = failures >= TRIES;
    const until = now + (right ? this.lifetime : tired ? REST : 0);
    this.proofs.delete(use);
    if (this.proofs.size >= MEMORY) this.proofs.delete(this.proofs.keys().next().value ?? '');
    this.proofs.set(use, { until, right, failures: tired ? 0 : failures });
  }
}
