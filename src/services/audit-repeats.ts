import type { AuditEntry } from '../domain/audit.js';
import type { Store } from '../storage/store.js';
import type { Clock, Timer } from '../system/clock.js';
import type { Log } from '../system/log.js';
import { appendAudit } from './audit-trail.js';

/** How long repeats are counted before they are written as one line, in milliseconds. */
const WINDOW = 300_000;

/** How many different lines of one who asks are kept apart in that time, and of all. */
const APART = 50;
const MEMORY = 10_000;

/** Stands for those who are not told apart. */
const OTHERS = 'others';

/**
 * Audits what things ask over and over: the first time at once, repeats as one line with their number, so that
 * a decision from memory costs no write, and nobody fills the disk by asking about ever more strangers. Waiting for
 * these lines is nobody's business; losing the count of a few repeats in a power cut is accepted.
 */
export class AuditRepeats {
  private readonly seen = new Map<string, { entry: AuditEntry; times: number }>();
  private readonly apart = new Map<string, number>();
  private timer: Timer | undefined;
  private failed = false;
  private stopped = false;
  private readonly store: Store;
  private readonly clock: Clock;
  private readonly log: Log;

  constructor(store: Store, clock: Clock, log: Log) {
    this.store = store;
    this.clock = clock;
    this.log = log;
  }

  /** Notes that this happened now. */
  note(what: string, by: string, about: string, outcome: string): void {
    if (this.repeats(what, by, about, outcome)) return;
    if (this.seen.size >= MEMORY) this.add(what, OTHERS, OTHERS, outcome);
    else if ((this.apart.get(by) ?? 0) >= APART) this.add(what, by, OTHERS, outcome);
    else this.add(what, by, about, outcome);
  }

  /** Writes the counted repeats; called at the end of each window. */
  flush(): void {
    this.timer?.cancel();
    this.timer = undefined;
    this.failed = false;
    const now = this.clock.now();
    for (const { entry, times } of this.seen.values()) {
      if (times > 0) this.write({ ...entry, at: now, times });
    }
    this.seen.clear();
    this.apart.clear();
  }

  /** Writes what is counted, before the store is closed; what comes later is written without counting. */
  stop(): void {
    this.stopped = true;
    this.flush();
  }

  private repeats(what: string, by: string, about: string, outcome: string): boolean {
    const known = this.seen.get(keyOf(what, by, about, outcome));
    if (known !== undefined) known.times += 1;
    return known !== undefined;
  }

  private add(what: string, by: string, about: string, outcome: string): void {
    if (this.repeats(what, by, about, outcome)) return;
    const entry = { at: this.clock.now(), what, by, about, outcome };
    if (!this.stopped) {
      this.seen.set(keyOf(what, by, about, outcome), { entry, times: 0 });
      this.apart.set(by, (this.apart.get(by) ?? 0) + 1);
      this.timer ??= this.clock.after(WINDOW, () => this.flush(), 'audit repeats');
    }
    this.write(entry);
  }

  /** A disk that takes nothing is said once in a window. */
  private write(entry: AuditEntry): void {
    this.store
      .transact((transaction) => appendAudit(transaction, entry))
      .catch((error: unknown) => {
        if (this.failed) return;
        this.failed = true;
        this.log.error('Lines of the audit are not written.', { what: entry.what, error: String(error) });
      });
  }
}

function keyOf(...parts: readonly string[]): string {
  return parts.join('\u0000');
}
