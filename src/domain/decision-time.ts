import type { DailyPart, Rule } from './rule.js';

/** Whether a rule holds now, has still to be waited for, or is over for good. */
export type Standing = 'holds' | 'waits' | 'over';

/** The time at which something is decided. */
export class Moment {
  private minute: number | undefined;
  private readonly now: number;
  private readonly known: boolean;

  /** `now` in milliseconds since 1970; `known` is false where the machine's clock cannot be right. */
  constructor(now: number, known: boolean) {
    this.now = now;
    this.known = known;
  }

  /** What the rule is at this time. By a clock that cannot be right nothing is granted, and every denial holds. */
  standing({ allow, until, daily }: Rule): Standing {
    if (until === undefined && daily === undefined) return 'holds';
    if (until !== undefined && this.now >= until) return 'over';
    if (!this.known) return allow ? 'waits' : 'holds';
    return daily === undefined || contains(daily, this.minuteOfDay()) ? 'holds' : 'waits';
  }

  private minuteOfDay(): number {
    if (this.minute === undefined) {
      const at = new Date(this.now);
      this.minute = at.getHours() * 60 + at.getMinutes();
    }
    return this.minute;
  }
}

function contains({ from, to }: DailyPart, minute: number): boolean {
  return from <= to ? from <= minute && minute < to : from <= minute || minute < to;
}
