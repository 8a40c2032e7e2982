import tls from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connection, Endpoint } from '../../src/system/network.js';
import { NS } from '../../src/xmpp/namespaces.js';
import { TestCertificate } from '../world/certificates.js';
import { until } from '../xmpp/recording.js';
import { header, identityOf, type LinkActor, LinkStage } from './link-stage.js';
import { RawPeer } from './raw-peer.js';

const HUB = '192.0.2.1';
const LAMP = '192.0.2.5';
const HELLO = '<message><body>hello</body></message>';

let stage: LinkStage;
let hub: LinkActor;

beforeEach(async () => {
  stage = new LinkStage();
  hub = await stage.actor('hub@home', HUB);
});

afterEach(() => stage.stop());

describe('a peer of ill will or luck', () => {
  it('moves from port to port, and holds few streams open', async () => {
    const opened: RawPeer[] = [];
    for (let port = 6000; port < 6020; port++) {
      const listener = await stage.listener('lamp@pronto', LAMP, port);
      hub.says(`to ${port}`, 'lamp@pronto');
      const call = await listener.call();
      call.writes(header({ from: 'lamp@pronto' }));
      await call.reads('</message>');
      opened.push(call);
      for (const one of opened) if (!one.ended) one.writes(HELLO);
      stage.clock.advance(1000);
    }
    await new Promise((resolve) => setImmediate(resolve));
    expect(opened.filter(({ ended }) => !ended).length).toBeLessThanOrEqual(8);
  });

  it('is not heard any more on a stream from an address that its presence lost', async () => {
    await stage.listener('lamp@pronto', '192.0.2.66');
    const other = await stage.dials('192.0.2.66', hub);
    other.writes(header({ from: 'lamp@pronto' }) + HELLO);
    await hub.hears();
    await stage.listener('lamp@pronto', LAMP);
    other.writes(HELLO);
    await other.reads('<invalid-from');
    expect(hub.heard).toHaveLength(1);
  });

  it('begins TLS late: nothing is said to it meanwhile, and nothing is lost', async () => {
    await stage.listener('lamp@pronto', LAMP);
    const lamp = await stage.dials(LAMP, hub);
    lamp.writes(header({ from: 'lamp@pronto', version: '1.0' }));
    await lamp.reads('</stream:features>');
    lamp.writes(HELLO);
    await hub.hears();
    lamp.writes(`<starttls xmlns='${NS.tls}'/>`);
    await lamp.reads('<proceed');
    hub.says('secret', 'lamp@pronto');
    lamp.connection.removeAllListeners('data');
    const own = identityOf(new TestCertificate({ name: 'lamp' }));
    const inside = new RawPeer(tls.connect({ socket: lamp.connection, rejectUnauthorized: false, ...own }));
    inside.writes(header({ from: 'lamp@pronto', version: '1.0' }));
    await inside.reads('secret');
    expect(stage.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('begins TLS late and never ends it: that takes as long as any opening', async () => {
    await stage.listener('lamp@pronto', LAMP);
    const lamp = await stage.dials(LAMP, hub);
    lamp.writes(header({ from: 'lamp@pronto', version: '1.0' }));
    await lamp.reads('</stream:features>');
    lamp.writes(HELLO);
    await hub.hears();
    lamp.writes(`<starttls xmlns='${NS.tls}'/>`);
    await lamp.reads('<proceed');
    stage.clock.advance(15_000);
    stage.clock.advance(50);
    await lamp.ends();
  });

  it('announces what is not there, and is called once a second at most', async () => {
    const calls: number[] = [];
    const own = stage.hosts.host('192.0.2.2');
    const connect = (to: Endpoint) => {
      calls.push(stage.clock.monotonic());
      return own.connect(to);
    };
    const other = await stage.actor('other@home', '192.0.2.2', { world: { network: { ...own, connect } } });
    stage.presences.announce({ instance: 'lamp@pronto', port: 1, addresses: [LAMP] });
    for (let n = 0; n < 4; n++) {
      other.asks(`q${n}`, 'lamp@pronto');
      await stage.while(other.hears(n + 1));
    }
    const gaps = calls.slice(1).map((at, index) => at - (calls[index] ?? 0));
    expect(gaps).toHaveLength(3);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1000);
  });

  it('takes no connection: none is under way longer than it is waited for', async () => {
    const given: (AbortSignal | undefined)[] = [];
    const own = stage.hosts.host('192.0.2.2');
    const connect = (_to: Endpoint, signal?: AbortSignal) => {
      given.push(signal);
      return new Promise<Connection>(() => undefined);
    };
    const other = await stage.actor('other@home', '192.0.2.2', { world: { network: { ...own, connect } } });
    stage.presences.announce({ instance: 'lamp@pronto', port: 1, addresses: [LAMP] });
    other.asks('q1', 'lamp@pronto');
    await until(() => given.length === 1);
    expect(given[0]?.aborted).toBe(false);
    stage.clock.advance(3000);
    await other.hears();
    expect(given[0]?.aborted).toBe(true);
  });

  it('whose name is another spelling of one that is there is met when that is gone', async () => {
    stage.presences.announce({ instance: '\u212aate@mac', port: 5298, addresses: ['192.0.2.66'] });
    const kate = await stage.listener('kate@mac', LAMP);
    stage.presences.withdraw('\u212aate@mac');
    await until(() => hub.endpoint.peer('kate@mac') !== undefined);
    hub.says('hello', 'kate@mac');
    await kate.call();
  });

  it('has the name that we had, and is met once we have another', async () => {
    let name = 'other@home';
    const other = await stage.actor('other@home', '192.0.2.2', {
      announced: false,
      more: { instance: () => name },
    });
    await stage.listener('other@home', LAMP);
    expect(other.endpoint.peer('other@home')).toBeUndefined();
    name = 'other@home-1';
    const rival = new RawPeer(
      await stage.hosts.connectAs(LAMP, { host: '192.0.2.2', port: other.endpoint.port }),
    );
    rival.writes(header({ from: 'other@home' }) + HELLO);
    await other.hears();
  });

  it('says no name, and costs little however many are announced', async () => {
    const places = Array.from({ length: 16 }, (_, n) => `fd00:1:2:3:4:5:6:${(n + 1).toString(16)}`);
    for (let n = 0; n < 1000; n++)
      stage.presences.announce({ instance: `t${n}@desk`, port: 1, addresses: places });
    await stage.listener('lamp@pronto', LAMP);
    const before = process.cpuUsage();
    for (let n = 1; n <= 100; n++) {
      const peer = await stage.dials(LAMP, hub);
      peer.writes(header({}) + HELLO);
      await hub.hears(n);
      peer.hangsUp();
      await peer.ends();
    }
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(2000);
  });

  it('abuse 11: comes from many addresses and says nothing, and keeps nobody out who is announced', async () => {
    const strangers: RawPeer[] = [];
    for (let n = 0; n < 200; n++) strangers.push(await stage.dials(`fd00::${n.toString(16)}`, hub));
    await until(() => strangers.some(({ ended }) => ended));
    const here = strangers.filter(({ ended }) => !ended);
    expect(here).toHaveLength(50);
    await stage.listener('lamp@pronto', LAMP);
    const lamp = await stage.dials(LAMP, hub);
    lamp.writes(header({ from: 'lamp@pronto' }) + HELLO);
    await hub.hears();
  });
});
