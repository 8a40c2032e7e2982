import { setImmediate } from 'node:timers';
import type { Clock, Timer } from '../system/clock.js';
import type { FrozenRecords } from './backend.js';
import type { Chain } from './chain.js';
import { RecordCheck } from './record-check.js';

/** Records a second: a tenth of what the disk and one core can do, so that nobody waits for it. */
const RATE = 20_000;
/** Records at once: some milliseconds of a small machine. */
const SLICE = 200;

/**
 * Reads all records as they were at the start, while the hub runs: what a fast start left out. Commits go on
 * meanwhile.
 */
export class BackgroundCheck {
  /** Resolves once the check is through or was stopped. */
  readonly done: Promise<void>;
  private readonly records: FrozenRecords;
  private readonly chain: Chain;
  private readonly clock: Pick<Clock, 'monotonic' | 'after'>;
  private readonly found: (problems: readonly string[]) => void;
  private end: () => void = () => undefined;
  private pause: { readonly timer: Timer; readonly over: () => void } | undefined;
  private stopped = false;
  private begun = 0;
  private read = 0;

  /** `records` end with `chain`; `found` hears of what is wrong with them, if anything is. */
  constructor(
    records: FrozenRecords,
    chain: Chain,
    clock: Pick<Clock, 'monotonic' | 'after'>,
    found: (problems: readonly string[]) => void,
  ) {
    this.records = records;
    this.chain = chain;
    this.clock = clock;
    this.found = found;
    this.done = new Promise((resolve) => {
      this.end = resolve;
    });
  }

  /** Begins; resolves as `done` does. */
  async run(): Promise<void> {
    this.begun = this.clock.monotonic();
    const check = new RecordCheck(this.chain);
    // What is damaged must not be served any longer, so that the first find ends the check.
    const pace = (records: number) => check.problems.length === 0 && this.pace(records);
    try {
      await check.read(this.records, { from: '', to: undefined, slice: SLICE, lookUp: true, pace });
      if (this.stopped) return;
      if (check.problems.length === 0) check.endChain();
      if (check.problems.length === 0) check.endRecords();
      if (check.problems.length > 0) this.found(check.problems);
    } finally {
      await this.records.release().finally(this.end);
    }
  }

  /** Ends it at once; resolves once nothing is read any more. */
  stop(): Promise<void> {
    this.stopped = true;
    this.pause?.timer.cancel();
    this.pause?.over();
    return this.done;
  }

  private async pace(records: number): Promise<boolean> {
    this.read += records;
    const ahead = this.begun + (1000 * this.read) / RATE - this.clock.monotonic();
    if (this.stopped) return false;
    if (ahead > 0) await this.rest(ahead);
    else await new Promise<void>((resolve) => setImmediate(resolve));
    return !this.stopped;
  }

  private rest(ms: number): Promise<void> {
    return new Promise((over) => {
      this.pause = { timer: this.clock.after(ms, over, 'check of the records'), over };
    });
  }
}
