import { HubError } from '../../domain/errors.js';
import { type Clock, delay } from '../../system/clock.js';

/** How long the window stays closed, and how long misses are remembered, in milliseconds. */
const CLAIM_WINDOW = 900_000;

/** The first miss costs this much, each further one twice as much, up to the second, in milliseconds. */
const FIRST_DELAY = 50;
const LAST_DELAY = 2000;

/** How many claimants are remembered. */
const MEMORY = 10_000;

/** How many claims of one claimant wait for their turn; further ones are refused. */
const QUEUE = 200;

interface Turns {
  under: number;
  readonly queue: (() => void)[];
}

/** Slows those who guess at KEYs, each claimant by itself. */
export class ClaimGuard {
  private readonly misses = new Map<string, { count: number; at: number }>();
  private readonly turns = new Map<string, Turns>();
  /** Misses after which a claimant may not claim for 15 minutes, however right the code is. */
  readonly limit: number;
  private readonly clock: Clock;

  constructor(limit: number, clock: Clock) {
    this.limit = limit;
    this.clock = clock;
  }

  /**
   * Runs a claim in its turn. One claimant has no more claims under way than misses left, or guesses sent all at once
   * would all be tried before the first one counts. Refuses with too-many-requests where too many wait.
   */
  async inTurn<T>(claimant: string, claim: () => Promise<T>): Promise<T> {
    const turns = this.turns.get(claimant) ?? { under: 0, queue: [] };
    this.turns.set(claimant, turns);
    if (turns.queue.length >= QUEUE) throw new HubError('too-many-requests');
    if (turns.queue.length > 0 || !this.free(claimant, turns))
      await new Promise<void>((resolve) => turns.queue.push(resolve));
    else turns.under += 1;
    try {
      return await claim();
    } finally {
      turns.under -= 1;
      this.next(claimant, turns);
    }
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

  private free(claimant: string, turns: Turns): boolean {
    return turns.under < Math.max(1, this.limit - this.recent(claimant));
  }

  private next(claimant: string, turns: Turns): void {
    while (turns.queue.length > 0 && this.free(claimant, turns)) {
      turns.under += 1;
      turns.queue.shift()?.();
    }
    if (turns.under === 0 && turns.queue.length === 0) this.turns.delete(claimant);
  }

  private recent(claimant: string): number {
    const known = this.misses.get(claimant);
    if (known === undefined || this.clock.monotonic() - known.at > CLAIM_WINDOW) return 0;
    return known.count;
  }
}
