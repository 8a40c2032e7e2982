// Searches the same things in the hub's index, in SQLite and by a scan of LevelDB. Its argument is JSON: the size of the
// duel, the project's folder and an empty folder. Prints lines of JSON: `{"tell"}` for progress, `{"result"}` at the end.
import { join } from 'node:path';
import { type DuelSize, duel } from '../registry/duel.js';
import { HubSide } from '../registry/hub-side.js';
import { ScanSide } from '../registry/scan-side.js';
import { SqliteSide } from '../registry/sqlite-side.js';

interface Request extends DuelSize {
  readonly root: string;
  readonly folder: string;
}

const request = JSON.parse(process.argv[2] ?? '') as Request;
const say = (line: object): void => console.log(JSON.stringify(line));
const sides = {
  hub: new HubSide(),
  sqlite: new SqliteSide(request.root, join(request.folder, 'things.sqlite')),
  scan: new ScanSide(join(request.folder, 'level')),
};
for (const side of Object.values(sides)) {
  const begin = performance.now();
  await side.fill(request.things);
  say({ tell: `${side.name} filled in ${((performance.now() - begin) / 1000).toFixed(1)} s` });
}
say({ result: await duel(sides, request, (tell) => say({ tell })) });
for (const side of Object.values(sides)) await side.close();
