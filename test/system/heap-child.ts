// A process whose heap is kept: prints as JSON how large the space is where objects are born, in bytes, at each step.
import { setTimeout as pause } from 'node:timers/promises';
import { getHeapSpaceStatistics } from 'node:v8';
import { HeapKeeper } from '../../src/system/heap.js';
import { ManualClock } from '../world/manual-clock.js';

const clock = new ManualClock();
const keeper = new HeapKeeper(clock);

function young(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0;
}

/** Makes objects, many of which outlive a collection. */
function work(): void {
  let kept: unknown[] = [];
  for (let i = 0; i < 1_000_000; i++) {
    if (i % 50_000 === 0) kept = [];
    kept.push({ i });
  }
}

function workAndLook(): number {
  work();
  clock.advance(2000);
  return young();
}

async function restAndLook(): Promise<number> {
  // V8 judges by five seconds of its own time.
  await pause(1500);
  clock.advance(2000);
  return young();
}

keeper.start();
const first = workAndLook();
work();
const busyOnce = young();
workAndLook();
work();
const busyTwice = young();
const still: number[] = [];
for (let look = 0; look < 6; look++) still.push(await restAndLook());
work();
const again = young();
keeper.stop();
console.log(JSON.stringify({ first, busyOnce, busyTwice, still: still.at(-1), again }));
