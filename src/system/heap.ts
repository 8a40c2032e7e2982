import { performance } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
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

/** The same, above which it was busy; and so many busy looks in a row are a load that lasts. */
const BUSY = 0.15;
const LASTING = 2;

/** Bytes of the space where objects are born, from which on it is worth making small. */
const YOUNG = 2_000_000;

/** More quiet looks in a row than these, and V8, which judges by the last five seconds, makes that space small. */
const STILL = 3;

/**
 * Keeps the heap of a daemon that is mostly idle as small as its content. V8 lets the space where objects are born
 * grow to 32 MB, and gives it back, or collects old garbage, only under further load: after things have logged in, a
 * home's hub would hold the garbage of their logins for days. So that space grows under a load that lasts alone, where
 * it saves a fifth of the work, and is made small again when nothing happens any more. Measured with `npm run bench --
 * connections memory register`.
 */
export class HeapKeeper {
  private readonly clock: Clock;
  private collect: (() => void) | undefined;
  private timer: Timer | undefined;
  private kept = 0;
  private notBefore = 0;
  private busyLooks = 0;
  private quietLooks = 0;
  private utilization = performance.eventLoopUtilization();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Begins to look. */
  start(): void {
    mayGrow(false);
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
    this.busyLooks = utilization > BUSY ? this.busyLooks + 1 : 0;
    this.quietLooks = utilization < QUIET ? this.quietLooks + 1 : 0;
    if (this.busyLooks === LASTING) mayGrow(true);
    if (this.quietLooks > 0) this.collectIfWorthIt();
    this.schedule();
  }

  private collectIfWorthIt(): void {
    mayGrow(false);
    const begun = this.clock.monotonic();
    const grown = process.memoryUsage().heapUsed - this.kept > WORTH;
    const still = this.quietLooks > STILL && youngBytes() > YOUNG;
    if (begun < this.notBefore || !(grown || still)) return;
    this.collect?.();
    this.quietLooks = 0;
    this.kept = process.memoryUsage().heapUsed;
    const now = this.clock.monotonic();
    this.notBefore = now + REST * (now - begun);
  }
}

/** Whether V8 may make the space where objects are born larger. */
function mayGrow(may: boolean): void {
  setFlagsFromString(`--semi-space-growth-factor=${may ? 2 : 1}`);
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')?.space_size ?? 0;
}
