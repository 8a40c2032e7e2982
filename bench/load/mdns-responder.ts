import { hostname } from 'node:os';
import { hubService } from '../../src/discovery/hub-service.js';
import { Mdns } from '../../src/discovery/mdns/mdns.js';
import { systemWorld } from '../../src/system/world.js';

// The hub's responder alone, with what the hub announces, until it is ended. Says `ready` once it is announced.
const quiet = { debug() {}, info() {}, warn() {}, error() {}, part: () => quiet };
const mdns = new Mdns({ name: hostname() }, systemWorld(quiet));
mdns.publish(hubService({ port: 5222, domain: 'bench.local', regis: 'hub', provis: 'hub' }));
mdns.publish({ type: '_presence._tcp', port: 5298, user: 'hub', txt: [['txtvers', '1']] });
await mdns.start();
process.stdout.write('ready\n');
