import type { Clock, Timer } from '../system/clock.js';

/** Milliseconds that a batch waits for its company at most, and the part of the last sync. */
const LONGEST = 25;
const PART = 1 / 2;

/** The part of that time after which nobody else is expected, where nobody has come meanwhile. */
const PAUSE = 1 / 2;

/**
 * When the next batch goes to the disk. All callers of a large batch are answered at once and come back one by one;
 * those who miss the next batch wait for two syncs. So after a batch of several callers the next waits until as many
 * are there as before, while they keep coming, but no longer than half of what the last sync took. For those who come
 * each for himself that costs time and saves syncs. On a fast disk, and for a single caller, nothing waits.
 */
export class Gathering {
  private readonly clock: Pick<Clock, 'monotonic' | 'after'>;
  private readonly leave: () => void;
  private expected = 0;
  private until = 0;
  private pause = 0;
  private last = 0;
  private timer: Timer | undefined;

  /** `leave` sends the batch on its way; called once for each `begin`. */
  constructor(clock: Pick<Clock, 'monotonic' | 'after'>, leave: () => void) {
    this.clock = clock;
    this.leave = leave;
  }

  /** A batch begins, with so many callers waiting. */
  begin(waiting: number): void {
    this.last = this.clock.monotonic();
    if (this.last < this.until && waiting < this.expected) this.wait(this.last);
    else this.leave();
  }

  /** Another caller waits: so many are there now. */
  arrived(waiting: number): void {
    if (this.timer === undefined) return;
    if (waiting >= this.expected) this.end();
    else this.last = this.clock.monotonic();
  }

  /** A batch of so many callers took so many milliseconds; `waiting` came meanwhile. */
  committed(callers: number, milliseconds: number, waiting: number): void {
    const longest = Math.min(milliseconds * PART, LONGEST);
    this.expected = callers + waiting;
    this.until = callers > 1 ? this.clock.monotonic() + longest : 0;
    this.pause = longest * PAUSE;
  }

  private wait(now: number): void {
    const end = Math.min(this.last + this.pause, this.until);
    this.timer = this.clock.after(end - now, () => this.look(), 'gathering');
  }

  /** Nobody came for a while, or somebody did and it is waited for the next. */
  private look(): void {
    const now = this.clock.monotonic();
    if (now < Math.min(this.last + this.pause, this.until)) this.wait(now);
    else this.end();
  }

  private end(): void {
    this.timer?.cancel();
    this.timer = undefined;
    this.leave();
  }
}
