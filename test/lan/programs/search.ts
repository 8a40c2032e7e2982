import { find } from '../../../src/discovery/find.js';
import { systemWorld } from '../../../src/system/world.js';
import { CollectedLog } from '../../world/collected-log.js';

// Prints what is found within two seconds, one JSON object a line.
for await (const found of find({ timeLimit: 2000 }, systemWorld(new CollectedLog()))) {
  process.stdout.write(`${JSON.stringify({ ...found, txt: Object.fromEntries(found.txt) })}\n`);
}
