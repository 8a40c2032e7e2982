// Challenges for tokens in a process of its own, with the heap kept as the daemon keeps it. Prints rates and delays as
// JSON.

import { SystemClock } from '../../src/system/clock.js';
import { HeapKeeper } from '../../src/system/heap.js';
import { median } from '../figure.js';
import { pause } from '../lab.js';
import { ForgeChallenges, HubChallenges } from './challenges.js';
import { testCertificates } from './test-certificates.js';

/** What is printed: challenges a second of the processor's time, and longest delays in milliseconds. */
export interface MeasuredChallenges {
  readonly known: number;
  readonly fresh: number;
  readonly forge: number;
  readonly paced: number;
  readonly fast: number;
}

const CERTIFICATES = 50;

/** The two sides take turns of so many milliseconds, so that what else the machine does slows both. */
const SLICES = 30;
const SLICE = 100;
const WARM_UP = 500;

/** How many challenges are made while delays are measured. */
const COUNTED = 1500;

const pace = Number(process.argv[2] ?? '');
const heap = new HeapKeeper(new SystemClock());
heap.start();
const certificates = testCertificates(CERTIFICATES, 2048);
const large = testCertificates(CERTIFICATES, 4096);
const hub = new HubChallenges(certificates);
const yardstick = new ForgeChallenges(certificates);
const [known, forge, fresh] = await rates([
  () => hub.next(),
  () => yardstick.next(),
  () => new HubChallenges(certificates).next(),
]);
const paced = Math.max(
  await delay(() => hub.next(), pace),
  await delay(() => new HubChallenges(large).next(), pace),
);
const fast = await delay(() => hub.next(), 0);
heap.stop();
const measured: MeasuredChallenges = { known, fresh, forge, paced, fast };
console.log(JSON.stringify(measured));

/** How often each of the jobs runs in a second of the processor's time: the median of its slices. */
async function rates<const Jobs extends readonly (() => void)[]>(
  jobs: Jobs,
): Promise<{ [Job in keyof Jobs]: number }> {
  for (const job of jobs) await rate(job, WARM_UP);
  const slices = jobs.map((): number[] => []);
  for (let slice = 0; slice < SLICES; slice++)
    for (const [i, job] of jobs.entries()) slices[i]?.push(await rate(job, SLICE));
  return slices.map(median) as { [Job in keyof Jobs]: number };
}

async function rate(job: () => void, milliseconds: number): Promise<number> {
  const begin = performance.now();
  const before = process.cpuUsage();
  let count = 0;
  for (; performance.now() - begin < milliseconds; count++) job();
  const { user, system } = process.cpuUsage(before);
  await new Promise(setImmediate);
  return (count / (user + system)) * 1e6;
}

/**
 * The longest time, in milliseconds, for which the event loop did not turn because of `job`, run every `pace`
 * milliseconds. What other processes took from this one in between is the machine's, so the processor's time counts
 * where that is less.
 */
async function delay(job: () => void, pace: number): Promise<number> {
  let longest = 0;
  await rate(job, WARM_UP);
  for (let i = 0; i < COUNTED; i++) {
    const begin = performance.now();
    const before = process.cpuUsage();
    job();
    await new Promise(setImmediate);
    const { user, system } = process.cpuUsage(before);
    longest = Math.max(longest, Math.min(performance.now() - begin, (user + system) / 1000));
    if (pace > 0) await pause(pace);
  }
  return longest;
}
