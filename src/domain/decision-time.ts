import type { DailyPart, Rule } from './rule.js';

/** Whether a rule holds now, has still to be waited for, or is over for good. */
export type Standing = 'holds' | 'waits' | 'over';

/** The time at which something is decided. */
export class Moment {
  private minute: number | undefined;
  /** False where the machine's clock cannot be right. */
  readonly known: boolean;
  private readonly now: number;

  /** `now` in milliseconds since 1970. */
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

  /** When the rule will be something else than now, in milliseconds since 1970; `undefined` where it never will. */
  changes({ until, daily }: Rule): number | undefined {
    if (until !== undefined && this.now >= until) return undefined;
    const edge = daily === undefined ? undefined : this.nextEdge(daily);
    if (edge === undefined || until === undefined) return edge ?? until;
    return Math.min(edge, until);
  }

  private nextEdge({ from, to }: DailyPart): number | undefined {
    if (from === to) return undefined;
    const edges = [from, to].flatMap((minute) => [this.at(minute, 0), this.at(minute, 1)]);
    return Math.min(...edges.filter((edge) => edge > this.now));
  }

  /** That minute of today, or so many days later, by the machine's time. */
  private at(minute: number, days: number): number {
    const date = new Date(this.now);
    return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days, 0, minute).getTime();
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
