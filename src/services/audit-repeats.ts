import type { AuditEntry } from '../domain/audit.js';
import type { Store } from '../storage/store.js';
import type { Clock, Timer } from '../system/clock.js';
import type { Log } from '../system/log.js';
import { appendAudit } from './audit-trail.js';

/** How long repeats are counted before they are written as one line, in milliseconds. */
const WINDOW = 300_000;

/** How many different entries are counted at a time; beyond that each is written by itself. */
const MEMORY = 10_000;

/**
 * Audits what things ask over and over: the first time at once, repeats as one line with their number, so that
 * a decision from memory costs no write. Waiting for these lines is nobody's business; losing the count of a few
 * repeats in a power cut is accepted.
 */
export class AuditRepeats {
  private readonly seen = new Map<string, { entry: AuditEntry; times: number }>();
  private timer: Timer | undefined;
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
    const key = `${what}\u0000${by}\u0000${about}\u0000${outcome}`;
    const known = this.seen.get(key);
    if (known !== undefined) {
      known.times += 1;
      return;
    }
    const entry = { at: this.clock.now(), what, by, about, outcome };
    if (this.seen.size < MEMORY) this.seen.set(key, { entry, times: 0 });
    this.timer ??= this.clock.after(WINDOW, () => this.flush(), 'audit repeats');
    this.write(entry);
  }

  /** Writes the counted repeats; called at the end of each window and before the store is closed. */
  flush(): void {
    this.timer?.cancel();
    this.timer = undefined;
    const now = this.clock.now();
    for (const { entry, times } of this.seen.values()) {
      if (times > 0) this.write({ ...entry, at: now, times });
    }
    this.seen.clear();
  }

  private write(entry: AuditEntry): void {
    this.store
      .transact((transaction) => appendAudit(transaction, entry))
      .catch((error: unknown) =>
        this.log.error('A line of the audit was not written.', { what: entry.what, error: String(error) }),
      );
  }
}
