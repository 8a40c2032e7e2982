import type { Clock } from '../system/clock.js';

/** No hub ran before this program was made, in milliseconds since 1970. */
const MADE = Date.UTC(2026, 0, 1);

/** How far a clock may be put back before it counts as unset, in milliseconds: corrections are not resets. */
const TOLERANCE = 86_400_000;

/**
 * Whether the clock can be right. One that is clearly older than what was written last has lost its time, as a machine
 * without a battery does: what depends on the time waits until it is set.
 */
export class KnownTime {
  private readonly clock: Clock;
  private readonly lastWritten: () => number | undefined;

  /** `lastWritten`: when the last line of the audit was written, in milliseconds since 1970. */
  constructor(clock: Clock, lastWritten: () => number | undefined) {
    this.clock = clock;
    this.lastWritten = lastWritten;
  }

  /** Whether the wall clock may be believed now. */
  isKnown(): boolean {
    return this.clock.now() >= Math.max(MADE, this.lastWritten() ?? MADE) - TOLERANCE;
  }
}
