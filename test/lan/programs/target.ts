import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { createInterface } from 'node:readline';
import { hubService } from '../../../src/discovery/hub-service.js';
import { Mdns } from '../../../src/discovery/mdns/mdns.js';
import { SystemClock } from '../../../src/system/clock.js';
import { SystemNetwork } from '../../../src/system/network.js';
import { SystemRandom } from '../../../src/system/random.js';

// A hub's mDNS for others to attack: announces the hub and its presence, and follows the presences of others. For each
// line on its standard input it prints what it holds, and for each on its TCP port how many datagrams it has heard.
const heard: number[] = [];
class CountingNetwork extends SystemNetwork {
  override datagram(...args: Parameters<SystemNetwork['datagram']>) {
    const socket = super.datagram(...args);
    const own = heard.push(0) - 1;
    socket.on('message', () => {
      heard[own] = (heard[own] ?? 0) + 1;
    });
    return socket;
  }
}

const warnings: string[] = [];
const warn = (text: string): void => {
  if (warnings.length < 100) warnings.push(text);
};
const silent = (): void => undefined;
const log = { debug: silent, info: silent, warn, error: warn, part: () => log };
const world = { clock: new SystemClock(), random: new SystemRandom(), network: new CountingNetwork(), log };
const mdns = new Mdns({ name: hostname() }, world);
mdns.publish(hubService({ port: 5222, domain: `${hostname()}.local`, regis: 'hub', provis: 'hub' }));
mdns.publish({ type: '_presence._tcp', port: 5298, user: 'hub', txt: [['txtvers', '1']] });
const presences = mdns.browse('_presence._tcp');
let changes = 0;
presences.onChange(() => {
  changes += 1;
});

function state(): object {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  const { label, refused, isAnnounced } = mdns;
  const found = presences.all().map(({ instance }) => instance);
  return { heapUsed, rss, label, refused, isAnnounced, changes, found, warnings };
}

createInterface({ input: process.stdin }).on('line', () => {
  process.stdout.write(`state ${JSON.stringify(state())}\n`);
});
const server = createServer((socket) => {
  socket.on('error', silent);
  socket.on('data', () => socket.write(`${Math.max(...heard)}\n`));
});
await mdns.start();
server.listen(7000, () => process.stdout.write(`ready ${mdns.hostName}\n`));
process.on('SIGTERM', () => void mdns.stop().then(() => process.exit(0)));
