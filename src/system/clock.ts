/** A pending call that can be taken back. Cancelling twice, or after it ran, does nothing. */
export interface Timer {
  cancel(): void;
}

/** Time and timers of the world. Nothing outside `system/` reads the ambient clock. */
export interface Clock {
  /** Wall clock, in milliseconds since 1970 UTC. */
  now(): number;
  /** Milliseconds from an arbitrary start; never goes back. For durations and time limits. */
  monotonic(): number;
  /** Runs `run` once after `ms` milliseconds. `name` says what for, so that leaked timers can be listed. */
  after(ms: number, run: () => void, name: string): Timer;
}

/** The machine's clock. */
export class SystemClock implements Clock {
  now(): number {
    return Date.now();
  }

  monotonic(): number {
    return performance.now();
  }

  after(ms: number, run: () => void, _name: string): Timer {
    const handle = setTimeout(run, ms);
    return { cancel: () => clearTimeout(handle) };
  }
}

/** Resolves after `ms` milliseconds of `clock`. */
export function delay(clock: Clock, ms: number, name: string): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve, name);
  });
}
