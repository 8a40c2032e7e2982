import { writeSync } from 'node:fs';
import { storeIn } from './damage-stage.js';
import { notes } from './store-contract.js';

// Stops once, so that there is a file for fast starts, then writes until it is killed; prints each acknowledged number.
const [data = ''] = process.argv.slice(2);
const { store: first } = storeIn(data, 'from a file');
await first.start();
await first.transact((t) => t.put(notes, ['number', ''], { text: '0' }));
await first.stop();

const { store } = storeIn(data, 'from a file');
await store.start();
for (let number = 1; ; number++) {
  await store.transact((t) => t.put(notes, ['number', ''], { text: `${number}` }));
  writeSync(1, `${number}\n`);
}
