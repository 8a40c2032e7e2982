// The least that a start can cost: opens a database, reads all its records and parses their JSON. Its argument is the
// folder. Prints how many there were.
import { ClassicLevel } from 'classic-level';

/** Records read at once. */
const SLICE = 1000;

/** Characters of the checksum before the JSON. */
const SUM = 8;

const database = new ClassicLevel<string, string>(process.argv[2] ?? '');
await database.open({ createIfMissing: false });
let count = 0;
let parsed = 0;
const iterator = database.iterator();
for (let slice = await iterator.nextv(SLICE); slice.length > 0; slice = await iterator.nextv(SLICE)) {
  for (const [, value] of slice) {
    count++;
    if (JSON.parse(value.slice(SUM)) !== undefined) parsed++;
  }
}
await iterator.close();
console.log(JSON.stringify({ count, parsed }));
await database.close();
