import { median } from './figure.js';
import type { Pumped } from './load/jobs.js';

/** Replies a second, the median of the rounds. */
export function medianRate(rounds: readonly Pumped[]): number {
  return median(rounds.map(({ replies, seconds }) => replies / seconds));
}

/** What is worth telling beside the rate: latency and the CPU time of each reply. */
export function toldLatency(rounds: readonly Pumped[]): string {
  const middle = (value: (pumped: Pumped) => number) => median(rounds.map(value));
  const cpu = middle(({ cpu: seconds, replies }) => (seconds / replies) * 1e6);
  const [p50, p99] = [middle((pumped) => pumped.p50), middle((pumped) => pumped.p99)];
  return `p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms, ${cpu.toFixed(1)} us CPU each`;
}

/** Throws where a reply was not what was expected: a rate of refusals is worth nothing. */
export function refuseFailures(name: string, rounds: readonly Pumped[]): void {
  const failed = rounds.find(({ failures }) => failures > 0);
  if (failed !== undefined)
    throw new Error(`${name} answered ${failed.failures} times: ${failed.firstFailure}`);
}
