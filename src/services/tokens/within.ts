import type { Clock } from '../../system/clock.js';

/**
 * What the promise comes to, or what `otherwise` says where that takes longer than `ms` milliseconds. `name` is the
 * timer's. Rejects as the promise does before that time; what comes of it later is its owner's affair.
 */
export function within<T, U>(
  clock: Clock,
  ms: number,
  promise: Promise<T>,
  name: string,
  otherwise: () => U,
): Promise<T | U> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(ms, () => resolve(otherwise()), name);
    promise.then(
      (value) => {
        timer.cancel();
        resolve(value);
      },
      (error: unknown) => {
        timer.cancel();
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}
