import type { Clock, Timer } from '../system/clock.js';
import type { Log } from '../system/log.js';

const FIRST_MS = 2000;
const EVERY_MS = 5000;

/** Says how far a start is that takes long. */
export class StartProgress {
  private readonly clock: Pick<Clock, 'after'>;
  private readonly log: Log;
  private readonly told: (percent: number) => void;
  private timer: Timer | undefined;
  private total = 0;
  private done = 0;

  /** `told` is called with each line of the log. */
  constructor(clock: Pick<Clock, 'after'>, log: Log, told: (percent: number) => void) {
    this.clock = clock;
    this.log = log;
    this.told = told;
  }

  /** So many records are to be read. */
  begin(records: number): void {
    this.end();
    this.total = records;
    this.done = 0;
    this.wait(FIRST_MS);
  }

  /** So many more were read. */
  read(records: number): void {
    this.done += records;
  }

  /** The start is through. */
  end(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  private wait(ms: number): void {
    this.timer = this.clock.after(ms, () => this.tell(), 'progress of the start');
  }

  private tell(): void {
    // The chain and the store's own records come on top of those that are counted.
    const percent = Math.min(99, Math.floor((100 * this.done) / Math.max(1, this.total)));
    this.log.info(`Checking the records: ${percent} %. The hub is ready once all are read.`);
    this.told(percent);
    this.wait(EVERY_MS);
  }
}
