import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Jid } from '../../src/domain/jid.js';
import { Jid as Address } from '../../src/domain/jid.js';
import { LinkLocal } from '../../src/edges/link-local/link-local.js';
import { presenceText } from '../../src/edges/link-local/presence-text.js';
import { SystemRandom } from '../../src/system/random.js';
import { capabilitiesOf } from '../../src/xmpp/capabilities.js';
import type { Element } from '../../src/xmpp/element.js';
import { Host } from '../../src/xmpp/host.js';
import { linkLimits } from '../../src/xmpp/link-local/endpoint-options.js';
import { NS } from '../../src/xmpp/namespaces.js';
import type { Peer } from '../../src/xmpp/peer.js';
import { PendingRequests } from '../../src/xmpp/pending-requests.js';
import { Router } from '../../src/xmpp/router.js';
import { show, stanza } from '../exchange/pattern.js';
import { bareMachine } from '../world/bare-machine.js';
import { TestCertificate } from '../world/certificates.js';
import { MemoryFiles } from '../world/memory-files.js';
import { header, identityOf, LinkStage } from './link-stage.js';
import { RawPeer } from './raw-peer.js';

const HUB = '192.0.2.1';
const LAMP = '192.0.2.5';
const DISCO = 'http://jabber.org/protocol/disco#info';

let stage: LinkStage;
let edge: LinkLocal;
let host: Host;
/** What came to the accounts of the hub's domain. */
let toAccounts: Element[];
let router: Router;

beforeEach(async () => {
  stage = new LinkStage();
  toAccounts = [];
  const { clock, log, hosts, presences } = stage;
  const random = new SystemRandom();
  router = new Router(log);
  const serves = (to: Jid) => ['hub@home', 'hub.home.local'].includes(to.bare);
  const identity = { category: 'component', type: 'generic', name: 'Hub' };
  host = new Host({ serves, identity, node: 'urn:hub' }, new PendingRequests(clock, random), log);
  router.add(host);
  router.add({
    serves: (to) => to.domain === 'home.local',
    receive: (element) => void toAccounts.push(element),
  });
  const certificate = identityOf(new TestCertificate({ name: 'hub' }));
  const network = hosts.host(HUB);
  edge = new LinkLocal(
    { listen: ['::'], port: 5298, limits: linkLimits },
    {
      world: { clock, random, network, files: new MemoryFiles(), processes: bareMachine, log },
      router,
      presences,
      trust: { admit: () => 'unverified', isPinned: () => false },
      refusal: (jid) => `Not ${jid}.`,
      certificate: () => certificate,
      instance: () => 'hub@home',
      isOwn: serves,
    },
  );
  router.add(edge.destination);
  await edge.start();
});

afterEach(async () => {
  await stage.while(edge.stop());
  await stage.stop();
});

/** The lamp, on a stream of its own. */
async function lamp(): Promise<RawPeer> {
  await stage.listener('lamp@pronto', LAMP);
  const peer = new RawPeer(await stage.hosts.connectAs(LAMP, { host: HUB, port: edge.port }));
  peer.writes(header({ from: 'lamp@pronto', to: 'hub@home' }));
  await peer.reads("from='hub@home'");
  return peer;
}

/** A client of the embedded server. */
function client(): { readonly peer: Peer; readonly heard: string[] } {
  const heard: string[] = [];
  const jid = Address.parse('anna@home.local/phone');
  const send = (element: Element) => void heard.push(show(element));
  return { peer: { jid, edge: 'c2s', assurance: 'sasl', send }, heard };
}

describe('the hub on the link', () => {
  it('answers under the name of its presence, also where none was addressed', async () => {
    const peer = await lamp();
    for (const to of ['', " to='hub@home'", " to='hub.home.local'"]) {
      peer.writes(`<iq type='get' id='d1'${to}><query xmlns='${DISCO}'/></iq>`);
      expect(await peer.reads('</iq>')).toContain(
        "<iq type='result' id='d1' from='hub@home' to='lamp@pronto'>",
      );
    }
  });

  it('is the only one who is reached: nothing goes on to accounts, or from one on the link to another', async () => {
    await stage.listener('heater@desk', '192.0.2.6');
    const peer = await lamp();
    for (const to of ['anna@home.local', 'anna@elsewhere.example', 'heater@desk']) {
      peer.writes(`<iq type='get' id='x' to='${to}'><ping xmlns='urn:xmpp:ping'/></iq>`);
      expect(await peer.reads('</iq>')).toContain('<forbidden');
    }
    peer.writes("<iq type='get' id='x' to='@'><ping xmlns='urn:xmpp:ping'/></iq>");
    expect(await peer.reads('</iq>')).toContain('<jid-malformed');
    expect(toAccounts).toEqual([]);
  });

  it('is the only one who speaks: accounts are told that they cannot', async () => {
    const listener = await stage.listener('lamp@pronto', LAMP);
    const anna = client();
    router.route(
      stanza("<message to='lamp@pronto' from='anna@home.local'><body>x</body></message>"),
      anna.peer,
    );
    router.route(stanza("<presence to='lamp@pronto' from='anna@home.local'/>"), anna.peer);
    expect(anna.heard).toHaveLength(1);
    expect(anna.heard[0]).toContain('<service-unavailable');
    const own: Peer = { ...anna.peer, edge: 'local', assurance: 'local' };
    router.route(stanza("<message to='lamp@pronto' from='hub.home.local'><body>x</body></message>"), own);
    const call = await listener.call();
    call.writes(header({ from: 'lamp@pronto' }));
    expect(await call.reads('</message>')).toContain("<message to='lamp@pronto' from='hub@home'>");
  });

  it('sees who is announced as a session that is there while he is', async () => {
    const told: string[] = [];
    edge.onReachable(({ jid }) => told.push(`${jid.full} came`));
    edge.onGone(({ jid }) => told.push(`${jid.full} gone`));
    await stage.listener('Lamp@Pronto', LAMP);
    const sessions = edge.sessionsOf('lamp@pronto');
    expect(sessions).toHaveLength(1);
    expect(edge.availableOf('lamp@pronto')).toEqual(sessions);
    expect(sessions[0]).toMatchObject({ edge: 'link-local', assurance: 'unverified' });
    expect(edge.destination.serves(Address.parse('lamp@pronto'))).toBe(true);
    stage.presences.withdraw('lamp@pronto');
    expect(edge.sessionsOf('lamp@pronto')).toEqual([]);
    expect(told).toEqual(['lamp@pronto came', 'lamp@pronto gone']);
  });

  it('tells in its presence what disco#info then says in full', async () => {
    const { capabilities } = host;
    if (capabilities === undefined) throw new Error('no capabilities');
    const peer = await lamp();
    peer.writes(
      `<iq type='get' id='d1'><query xmlns='${DISCO}' node='${capabilities.node}#${capabilities.ver}'/></iq>`,
    );
    const answer = stanza((await peer.reads('</iq>')).replace(/^.*?<iq/s, '<iq'));
    const [info] = answer.elements();
    expect(info?.attribute('node')).toBe(`urn:hub#${capabilities.ver}`);
    expect(info && capabilitiesOf('urn:hub', info)).toEqual(capabilities);
    expect(info?.elements().map((one) => one.attribute('var'))).toContain(NS.capabilities);
    peer.writes(`<iq type='get' id='d2'><query xmlns='${DISCO}' node='urn:hub#other'/></iq>`);
    expect(await peer.reads('</iq>')).toContain('<item-not-found');
  });
});

describe('capabilities', () => {
  it('are the one of the example [0115 5.2], which [0174 3.1] shows', () => {
    const info = stanza(
      `<query xmlns='${DISCO}' node='x#y'><identity category='client' type='pc' name='Exodus 0.9.1'/>
        <feature var='http://jabber.org/protocol/muc'/><feature var='http://jabber.org/protocol/disco#items'/>
        <feature var='http://jabber.org/protocol/disco#info'/>
        <feature var='http://jabber.org/protocol/caps'/></query>`,
    );
    expect(capabilitiesOf('http://code.google.com/p/exodus', info).ver).toBe('QgayPKawpkPSDYmwT/WM94uAlu0=');
  });
});

describe('the text of the presence', () => {
  const capabilities = { node: 'urn:hub', hash: 'sha-1', ver: 'abc=' } as const;

  it('begins with the version, and tells port and state', () => {
    expect(presenceText({ port: 5298, state: 'ready', capabilities })).toEqual([
      ['txtvers', '1'],
      ['port.p2pj', '5298'],
      ['status', 'avail'],
      ['nick', 'Hearth'],
      ['node', 'urn:hub'],
      ['hash', 'sha-1'],
      ['ver', 'abc='],
    ]);
  });

  it('says for people why the hub is away, or not to be disturbed', () => {
    const text = (state: 'unowned' | 'safe-mode') => new Map(presenceText({ port: 1, state, capabilities }));
    expect(text('unowned').get('status')).toBe('away');
    expect(text('unowned').get('msg')).toBe('This hub has no owner yet.');
    expect(text('safe-mode').get('status')).toBe('dnd');
  });
});
