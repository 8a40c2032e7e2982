import type { Clock, Timer } from '../system/clock.js';

/** Milliseconds that a batch waits for its company at most. */
const LONGEST = 25;

/**
 * When the next batch goes to the disk. All callers of a large batch are answered at once and come back one by one;
 * those who miss the next batch wait for two syncs. So after a batch of several callers the next waits until as many
 * are there as before, but no longer than half of the last sync: what that can cost is less than what it saves. On a
 * fast disk, and for a single caller, nothing waits.
 */
export class Gathering {
  private readonly clock: Pick<Clock, 'monotonic' | 'after'>;
  private readonly leave: () => void;
  private expected = 0;
  private until = 0;
  private timer: Timer | undefined;

  /** `leave` sends the batch on its way; called once for each `begin`. */
  constructor(clock: Pick<Clock, 'monotonic' | 'after'>, leave: () => void) {
    this.clock = clock;
    this.leave = leave;
  }

  /** A batch begins, with so many callers waiting. */
  begin(waiting: number): void {
    const left = this.until - this.clock.monotonic();
    if (left > 0 && waiting < this.expected)
      this.timer = this.clock.after(left, () => this.end(), 'gathering');
    else this.leave();
  }

  /** Another caller waits: so many are there now. */
  arrived(waiting: number): void {
    if (this.timer !== undefined && waiting >= this.expected) this.end();
  }

  /** A batch of so many callers took so many milliseconds; `waiting` came meanwhile. */
  committed(callers: number, milliseconds: number, waiting: number): void {
    this.expected = callers + waiting;
    this.until = callers > 1 ? this.clock.monotonic() + Math.min(milliseconds / 2, LONGEST) : 0;
  }

  private end(): void {
    this.timer?.cancel();
    this.timer = undefined;
    this.leave();
  }
}
