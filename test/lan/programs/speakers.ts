import { hostname } from 'node:os';
import { createInterface } from 'node:readline';
import { Mdns } from '../../../src/discovery/mdns/mdns.js';
import { systemWorld } from '../../../src/system/world.js';
import { element } from '../../../src/xmpp/element.js';
import { LinkLocalEndpoint } from '../../../src/xmpp/link-local/endpoint.js';
import { linkLimits } from '../../../src/xmpp/link-local/endpoint-options.js';
import { NS } from '../../../src/xmpp/namespaces.js';
import { TestCertificate } from '../../world/certificates.js';
import { CollectedLog } from '../../world/collected-log.js';

// `speakers USER…`: endpoints of this machine on the link, one for each user. Reads `USER NAME TEXT`, and writes that to
// NAME; prints `online`, `USER sees NAME`, and `USER hears NAME TEXT`.
const world = systemWorld(new CollectedLog());
const mdns = new Mdns({ name: hostname() }, world);
const presences = mdns.browse('_presence._tcp');
const certificate = new TestCertificate({ name: hostname() });
const identity = {
  key: certificate.key.export({ type: 'pkcs8', format: 'pem' }).toString(),
  cert: certificate.x509.toString(),
};
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const endpoints = new Map(
  process.argv.slice(2).map((user) => {
    const endpoint = new LinkLocalEndpoint(
      {
        listen: ['::'],
        port: 0,
        instance: () => `${user}@${mdns.label}`,
        presences,
        certificate: () => identity,
        limits: linkLimits,
        admit: () => 'unverified',
        isPinned: () => false,
        came: ({ jid }) => say(`${user} sees ${jid.bare}`),
        gone: ({ jid }) => say(`${user} misses ${jid.bare}`),
        receive: (stanza, { jid }) => say(`${user} hears ${jid.bare} ${stanza.child('body')?.text()}`),
      },
      world,
    );
    return [user, endpoint] as const;
  }),
);

for (const [user, endpoint] of endpoints) {
  await endpoint.start();
  const txt = [
    ['txtvers', '1'],
    ['port.p2pj', String(endpoint.port)],
    ['status', 'avail'],
  ] as const;
  mdns.publish({ type: '_presence._tcp', port: endpoint.port, user, txt });
}
await mdns.start();
say('online');
createInterface({ input: process.stdin }).on('line', (line) => {
  const [, user = '', name = '', text = ''] = line.match(/^(\S+) (\S+) (.*)$/) ?? [];
  const body = element('body', NS.client, {}, text);
  endpoints
    .get(user)
    ?.peer(name)
    ?.send(element('message', NS.client, { type: 'chat' }, body));
});
process.on('SIGTERM', async () => {
  await Promise.all([...endpoints.values()].map((endpoint) => endpoint.stop()));
  await mdns.stop();
  process.exit(0);
});
