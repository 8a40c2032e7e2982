import { readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { hubService } from '../../../src/discovery/hub-service.js';
import { Mdns, type NameMemory } from '../../../src/discovery/mdns/mdns.js';
import { systemWorld } from '../../../src/system/world.js';
import { CollectedLog } from '../../world/collected-log.js';

// Announces a hub and its presence until it is asked to end: `announce [NAME [FILE]]`, where the file keeps the name that a conflict led
// to. Says when it is ready and after how many milliseconds, and each new name with the time in milliseconds since 1970.
const [name = hostname(), file] = process.argv.slice(2);
const names: NameMemory | undefined =
  file === undefined
    ? undefined
    : { load: () => readFile(file, 'utf8').catch(() => undefined), save: (label) => writeFile(file, label) };
const log = new CollectedLog();
const service = hubService({ port: 5222, domain: `${hostname()}.local`, regis: 'hub', provis: 'hub' });
const responder = new Mdns({ name, names }, systemWorld(log));
responder.publish(service);
const txt = [
  ['txtvers', '1'],
  ['port.p2pj', '5298'],
  ['status', 'avail'],
] as const;
responder.publish({ type: '_presence._tcp', port: 5298, user: 'hub', txt });
responder.onRename((host) => process.stdout.write(`renamed ${host} ${Date.now()}\n`));
process.on('SIGTERM', () => void responder.stop().then(() => process.exit(0)));
const begin = performance.now();
await responder.start();
const { hostName: host, label: instance } = responder;
process.stdout.write(
  `ready ${JSON.stringify({ host, instance, ms: Math.round(performance.now() - begin) })}\n`,
);
for (const { level, text } of log.lines) if (level === 'warn') process.stderr.write(`${text}\n`);
