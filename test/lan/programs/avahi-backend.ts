import { hostname } from 'node:os';
import { AvahiBackend } from '../../../src/discovery/avahi-backend.js';
import { hubService } from '../../../src/discovery/hub-service.js';
import { SystemProcesses } from '../../../src/system/processes.js';
import { systemWorld } from '../../../src/system/world.js';
import { CollectedLog } from '../../world/collected-log.js';

// Announces a hub and its presence by the machine's avahi until it is asked to end, and tells what it sees of other
// presences. On SIGUSR1 its presence is away, on SIGUSR2 it is withdrawn.
const name = process.argv[2] ?? hostname();
const world = { ...systemWorld(new CollectedLog()), processes: new SystemProcesses() };
const backend = new AvahiBackend({ name }, world);
const say = (what: string, value: unknown): void => {
  process.stdout.write(`${what} ${JSON.stringify(value)}\n`);
};
const status = (text: string) => [['txtvers', '1'] as const, ['status', text] as const];

backend.publish(hubService({ port: 5222, domain: `${hostname()}.local`, regis: 'hub', provis: 'hub' }));
const presence = backend.publish({ type: '_presence._tcp', port: 5298, user: 'hub', txt: status('avail') });
backend.browse('_presence._tcp').onChange(({ kind, found }) => {
  say(kind, { ...found, txt: Object.fromEntries(found.txt) });
});
backend.onRename((hostName, label) => say('renamed', { hostName, label }));
process.on('SIGUSR1', () => presence.update({ txt: status('away') }));
process.on('SIGUSR2', () => void presence.withdraw().then(() => say('withdrawn', {})));
process.on('SIGTERM', () => void backend.stop().then(() => process.exit(0)));
await backend.start();
const { hostName, label, isAnnounced } = backend;
say('ready', { hostName, label, isAnnounced, instance: presence.instance, warnings: backend.warnings() });
