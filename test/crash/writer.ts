import { writeSync } from 'node:fs';
import { LevelStore } from '../../src/storage/level-store.js';
import { SystemClock } from '../../src/system/clock.js';
import { SystemFiles } from '../../src/system/files.js';
import { SystemRandom } from '../../src/system/random.js';
import { CollectedLog } from '../world/collected-log.js';
import { left, right } from './pair.js';

// Writes pairs until it is killed, and prints the key of each once it is acknowledged.
// Arguments: the store's folder, and the number of the round.
const [folder = '', round = '0'] = process.argv.slice(2);
const clock = new SystemClock();
const store = new LevelStore(
  { folder, writeBufferSize: 256 * 1024 },
  { clock, random: new SystemRandom(), files: new SystemFiles(), log: new CollectedLog() },
);
writeSync(1, 'opening\n');
await store.start();
writeSync(1, 'started\n');

let next = 0;

async function caller(): Promise<void> {
  for (;;) {
    const number = next++;
    const key = `${round}-${number}`;
    const pair = { round: Number(round), number, filling: 'x'.repeat(number % 700) };
    await store.transact((transaction) => {
      transaction.put(left, key, pair);
      transaction.put(right, key, pair);
      // Deletes are part of it: each tenth pair goes when the next tenth comes.
      if (number % 10 === 0 && number > 0) {
        transaction.delete(left, `${round}-${number - 10}`);
        transaction.delete(right, `${round}-${number - 10}`);
      }
    });
    // At once and without a buffer: what is printed was acknowledged, whatever comes next.
    writeSync(1, `${key}\n`);
  }
}

await Promise.all(Array.from({ length: 8 }, caller));
