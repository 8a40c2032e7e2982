import { hostname } from 'node:os';
import { hubService } from '../../../src/discovery/hub-service.js';
import { Mdns } from '../../../src/discovery/mdns/mdns.js';
import { systemWorld } from '../../../src/system/world.js';
import { CollectedLog } from '../../world/collected-log.js';

// Announces a hub until it is asked to end. Says when it is ready and after how many milliseconds, and each new name.
const name = process.argv[2] ?? hostname();
const log = new CollectedLog();
const service = hubService({ port: 5222, domain: `${hostname()}.local`, regis: 'hub', provis: 'hub' });
const responder = new Mdns({ name }, systemWorld(log));
responder.publish(service);
responder.onRename((host) => process.stdout.write(`renamed ${host} ${Date.now()}\n`));
process.on('SIGTERM', () => void responder.stop().then(() => process.exit(0)));
const begin = performance.now();
await responder.start();
const { hostName: host, label: instance } = responder;
process.stdout.write(
  `ready ${JSON.stringify({ host, instance, ms: Math.round(performance.now() - begin) })}\n`,
);
for (const { level, text } of log.lines) if (level === 'warn') process.stderr.write(`${text}\n`);
