import { type Clock, delay } from '../../system/clock.js';

/** How long the window stays closed, and how long misses are remembered, in milliseconds. */
const CLAIM_WINDOW = 900_000;

/** The first miss costs this much, each further one twice as much, up to the second, in milliseconds. */
const FIRST_DELAY = 50;
const LAST_DELAY = 2000;

/** How many claimants are remembered. */
const MEMORY = 10_000;

/** Slows those who guess at KEYs, each claimant by itself. */
export class ClaimGuard {
  private readonly misses = new Map<string, { count: number; at: number }>();
  /** Misses after which a claimant may not claim for 15 minutes, however right the code is. */
  readonly limit: number;
  private readonly clock: Clock;

  constructor(limit: number, clock: Clock) {
    this.limit = limit;
    this.clock = clock;
  }

  /** Whether this claimant missed too often. */
  closed(claimant: string): boolean {
    return this.recent(claimant) >= this.limit;
  }

  /** Counts a miss; returns how many there are now. */
  miss(claimant: string): number {
    const count = this.recent(claimant) + 1;
    this.misses.delete(claimant);
    if (this.misses.size >= MEMORY) this.misses.delete(this.misses.keys().next().value ?? '');
    this.misses.set(claimant, { count, at: this.clock.monotonic() });
    return count;
  }

  /** Waits as long as a refusal of this claimant takes. */
  async slow(claimant: string): Promise<void> {
    const wait = FIRST_DELAY * 2 ** Math.max(0, this.recent(claimant) - 1);
    await delay(this.clock, Math.min(wait, LAST_DELAY), 'claim refusal');
  }

  /** Forgets the misses of a claimant who got it right. */
  clear(claimant: string): void {
    this.misses.delete(claimant);
  }

  private recent(claimant: string): number {
    const known = this.misses.get(claimant);
    if (known === undefined || this.clock.monotonic() - known.at > CLAIM_WINDOW) return 0;
    return known.count;
  }
}
