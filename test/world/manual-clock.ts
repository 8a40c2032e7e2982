import type { Clock, Timer } from '../../src/system/clock.js';

interface Pending {
  readonly at: number;
  readonly order: number;
  readonly name: string;
  readonly run: () => void;
}

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  private time: number;
  private readonly start: number;
  private order = 0;
  private readonly pending = new Set<Pending>();

  /** `start` in milliseconds since 1970. */
  constructor(start = Date.UTC(2026, 0, 1)) {
    this.start = start;
    this.time = start;
  }

  now(): number {
    return this.time;
  }

  monotonic(): number {
    return this.time - this.start;
  }

  after(ms: number, run: () => void, name: string): Timer {
    const entry: Pending = { at: this.time + Math.max(0, ms), order: this.order++, name, run };
    this.pending.add(entry);
    return { cancel: () => this.pending.delete(entry) };
  }

  /** The names of the timers that wait, soonest first. */
  waiting(): string[] {
    return this.sorted().map(({ name }) => name);
  }

  /** Moves the time on and runs what falls due, in order; what a timer starts runs too if it falls due. */
  advance(ms: number): void {
    const target = this.time + ms;
    for (let next = this.sorted()[0]; next !== undefined && next.at <= target; next = this.sorted()[0]) {
      this.pending.delete(next);
      this.time = Math.max(this.time, next.at);
      next.run();
    }
    this.time = target;
  }

  private sorted(): Pending[] {
    return [...this.pending].sort((a, b) => a.at - b.at || a.order - b.order);
  }
}
