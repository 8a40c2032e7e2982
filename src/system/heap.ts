import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Clock, Timer } from './clock.js';

/** How often is looked, in milliseconds. */
const INTERVAL = 2000;

/** Bytes that the heap must have grown by for a collection to be worth its few milliseconds. */
const WORTH = 2_000_000;

/** After a collection none follows for this many times as long as it took: it costs half a percent of the time. */
const REST = 200;

/** Share of the time that the event loop may have worked since the last look: above it, nothing is collected. */
const QUIET = 0.02;

/**
 * Keeps the heap of a daemon that is mostly idle as small as its content. V8 lets the space where objects are born
 * grow to 32 MB, and collects old garbage only under further load: after things have logged in, a home's hub would
 * hold the garbage of their logins for days. Measured with `npm run bench -- connections`.
 */
export class HeapKeeper {
  private readonly clock: Clock;
  private collect: (() => void) | undefined;
  private timer: Timer | undefined;
  private kept = 0;
  private notBefore = 0;
  private utilization = performance.eventLoopUtilization();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Begins to look. */
  start(): void {
    setFlagsFromString('--semi-space-growth-factor=1');
    setFlagsFromString('--expose-gc');
    this.collect = runInNewContext('gc') as () => void;
    this.schedule();
  }

  /** Ends. */
  stop(): void {
    this.timer?.cancel();
  }

  private schedule(): void {
    this.timer = this.clock.after(INTERVAL, () => this.look(), 'heap');
  }

  private look(): void {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, this.utilization);
    this.utilization = now;
    const begun = this.clock.monotonic();
    const due = begun >= this.notBefore && utilization < QUIET;
    if (due && process.memoryUsage().heapUsed - this.kept > WORTH) {
      this.collect?.();
      this.kept = process.memoryUsage().heapUsed;
      const now = this.clock.monotonic();
      this.notBefore = now + REST * (now - begun);
    }
    this.schedule();
  }
}
