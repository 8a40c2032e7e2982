// The least that a durable registration can cost: callers whose four keys are committed in groups, each group one
// synced batch of classic-level, one commit at a time. Its arguments are a folder, a number of callers, seconds to warm
// up and seconds to measure. Prints the registrations and the seconds as JSON.
import { ClassicLevel } from 'classic-level';
import { registrationKeys } from './registration.js';

const [folder = '', callers = '', warmUp = '', measured = ''] = process.argv.slice(2);

const database = new ClassicLevel<string, string>(folder);
await database.open();

let queue: { entries: readonly (readonly [string, string])[]; done: () => void }[] = [];
let committing = false;
let count = 0;
let open = true;

async function commitAll(): Promise<void> {
  committing = true;
  while (queue.length > 0) {
    const group = queue;
    queue = [];
    const batch = database.batch();
    for (const { entries } of group) for (const [key, value] of entries) batch.put(key, value);
    await batch.write({ sync: true });
    for (const { done } of group) done();
    // The callers that were answered come again before the next group is closed.
    await new Promise(setImmediate);
  }
  committing = false;
}

async function call(caller: number): Promise<void> {
  for (let i = 0; open; i++) {
    await new Promise<void>((done) => {
      queue.push({ entries: registrationKeys(caller, i), done });
      if (!committing) queueMicrotask(() => void (committing || commitAll()));
    });
    count++;
  }
}

const calls = Array.from({ length: Number(callers) }, (_, caller) => call(caller));
await new Promise((resolve) => setTimeout(resolve, Number(warmUp) * 1000));
const before = count;
const begin = performance.now();
await new Promise((resolve) => setTimeout(resolve, Number(measured) * 1000));
console.log(JSON.stringify({ registrations: count - before, seconds: (performance.now() - begin) / 1000 }));
open = false;
await Promise.all(calls);
await database.close();
