import { hostname } from 'node:os';
import { Mdns } from '../../../src/discovery/mdns/mdns.js';
import { systemWorld } from '../../../src/system/world.js';
import { CollectedLog } from '../../world/collected-log.js';

// Prints who comes and goes of those who announce a presence, as `up|changed|down NAME TIME`, in milliseconds since 1970.
const mdns = new Mdns({ name: hostname() }, systemWorld(new CollectedLog()));
mdns.browse('_presence._tcp').onChange(({ kind, found }) => {
  process.stdout.write(`${kind} ${found.instance} ${Date.now()}\n`);
});
await mdns.start();
