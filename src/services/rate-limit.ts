import type { Clock } from '../system/clock.js';

/** How many names are remembered; beyond that the oldest are forgotten. */
const MEMORY = 10_000;

/** Lets each name do something a number of times in a minute, evenly refilled. */
export class RateLimit {
  private readonly buckets = new Map<string, { tokens: number; at: number }>();
  private readonly perMinute: number;
  private readonly clock: Clock;

  constructor(perMinute: number, clock: Clock) {
    this.perMinute = perMinute;
    this.clock = clock;
  }

  /** Whether the name may once more; counts it if so. */
  take(name: string): boolean {
    const now = this.clock.monotonic();
    const bucket = this.buckets.get(name) ?? { tokens: this.perMinute, at: now };
    const tokens = Math.min(this.perMinute, bucket.tokens + ((now - bucket.at) / 60_000) * this.perMinute);
    const allowed = tokens >= 1;
    this.buckets.delete(name);
    if (this.buckets.size >= MEMORY) this.buckets.delete(this.buckets.keys().next().value ?? '');
    this.buckets.set(name, { tokens: allowed ? tokens - 1 : tokens, at: now });
    return allowed;
  }
}
