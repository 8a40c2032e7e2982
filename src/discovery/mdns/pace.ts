import type { Clock, Timer } from '../../system/clock.js';

/** How often in a minute a record may change. RFC 6762 §8.4 */
const MOST = 10;
const MINUTE = 60_000;

/** Lets changes be told ten times a minute: what changes more often is told in its last state once it may be. */
export class Pace {
  readonly #tell: () => void;
  readonly #clock: Clock;
  readonly #times: number[] = [];
  #timer: Timer | undefined;

  constructor(tell: () => void, clock: Clock) {
    this.#tell = tell;
    this.#clock = clock;
  }

  /** Something has changed: tells it now, or later together with what changes until then. */
  changed(): void {
    if (this.#timer !== undefined) return;
    const first = this.#times.length < MOST ? undefined : this.#times[0];
    const wait = first === undefined ? 0 : first + MINUTE - this.#clock.monotonic();
    if (wait <= 0) this.#now();
    else this.#timer = this.#clock.after(wait, () => this.#now(), 'mdns text');
  }

  /** Tells nothing more of what has changed. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #now(): void {
    this.#timer = undefined;
    this.#times.push(this.#clock.monotonic());
    if (this.#times.length > MOST) this.#times.shift();
    this.#tell();
  }
}
