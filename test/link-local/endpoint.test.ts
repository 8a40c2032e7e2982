import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { element } from '../../src/xmpp/element.js';
import { NS } from '../../src/xmpp/namespaces.js';
import { until } from '../xmpp/recording.js';
import { header, LinkStage } from './link-stage.js';

const HUB = '192.0.2.1';
const LAMP = '192.0.2.5';

let stage: LinkStage;

beforeEach(() => {
  stage = new LinkStage();
});

afterEach(() => stage.stop());

describe('two endpoints', () => {
  it('talk both ways over one stream that the first word opens', async () => {
    const hub = await stage.actor('hub@home', HUB);
    const lamp = await stage.actor('Lamp@pronto', LAMP);
    lamp.says('hello', 'HUB@home');
    expect(await hub.hears()).toBe(
      "<message type='chat' from='lamp@pronto' to='hub@home'><body>hello</body></message>",
    );
    hub.asks('q1', 'lamp@pronto');
    expect(await hub.hears(2)).toContain("type='result'");
    expect(lamp.heard[0]?.peer).toBe(lamp.peer('hub@home'));
    expect(hub.events).toEqual(['lamp@pronto came']);
  });

  it('know each other by what they showed in TLS', async () => {
    const hub = await stage.actor('hub@home', HUB);
    const lamp = await stage.actor('lamp@pronto', LAMP);
    lamp.says('hello', 'hub@home');
    await hub.hears();
    expect(hub.peer('lamp@pronto').certificate).toBe(lamp.certificate.fingerprint);
    expect(lamp.peer('hub@home').certificate).toBe(hub.certificate.fingerprint);
  });

  it('lose nothing when both speak first', async () => {
    const hub = await stage.actor('hub@home', HUB);
    const lamp = await stage.actor('lamp@pronto', LAMP);
    lamp.says('one', 'hub@home');
    hub.says('one', 'lamp@pronto');
    await Promise.all([hub.hears(), lamp.hears()]);
    for (const text of ['two', 'three']) {
      lamp.says(text, 'hub@home');
      hub.says(text, 'lamp@pronto');
    }
    await Promise.all([hub.hears(3), lamp.hears(3)]);
    stage.clock.advance(5000);
    hub.says('four', 'lamp@pronto');
    lamp.says('four', 'hub@home');
    await Promise.all([hub.hears(4), lamp.hears(4)]);
    expect(hub.texts()).toEqual(['one', 'two', 'three', 'four']);
    expect(lamp.texts()).toEqual(['one', 'two', 'three', 'four']);
  });

  it('keep one peer for a presence while it is announced', async () => {
    const hub = await stage.actor('hub@home', HUB);
    const lamp = await stage.actor('lamp@pronto', LAMP);
    const before = hub.peer('lamp@pronto');
    stage.presences.announce({ instance: 'LAMP@Pronto', port: lamp.endpoint.port, addresses: [LAMP] });
    expect(hub.peer('lamp@pronto')).toBe(before);
    lamp.says('hello', 'hub@home');
    await hub.hears();
    stage.presences.withdraw('lamp@pronto');
    expect(hub.endpoint.peer('lamp@pronto')).toBeUndefined();
    expect(hub.endpoint.peers()).toEqual([]);
    before.send(element('message', NS.client));
    await until(() => lamp.peer('hub@home').certificate === undefined);
    stage.presences.announce({ instance: 'lamp@pronto', port: lamp.endpoint.port, addresses: [LAMP] });
    expect(hub.peer('lamp@pronto')).not.toBe(before);
    expect(hub.events).toEqual(['lamp@pronto came', 'lamp@pronto gone', 'lamp@pronto came']);
    lamp.says('again', 'hub@home');
    await hub.hears(2);
  });

  it('do not meet themselves, nor who has no address for a name', async () => {
    const hub = await stage.actor('hub@home', HUB);
    for (const instance of ['anna smith@mac', 'anna@mac.example', 'mac', 'ａnna@mac', 'anna@mac/x', ''])
      stage.presences.announce({ instance, port: 5298, addresses: [LAMP] });
    expect(hub.endpoint.peers()).toEqual([]);
    expect(hub.endpoint.peer('hub@home')).toBeUndefined();
    expect(hub.endpoint.peer('anna smith@mac')).toBeUndefined();
  });
});

describe('a call', () => {
  it('tries addresses in turn, each for a few seconds', async () => {
    const hub = await stage.actor('hub@home', HUB);
    const lamp = await stage.actor('lamp@pronto', LAMP, { announced: false });
    stage.hosts.silent.add('192.0.2.66');
    const addresses = ['192.0.2.66', '192.0.2.67', LAMP];
    stage.presences.announce({ instance: 'lamp@pronto', port: lamp.endpoint.port, addresses });
    hub.says('hello', 'lamp@pronto');
    const before = stage.clock.monotonic();
    await until(() => {
      stage.clock.advance(100);
      return lamp.heard.length > 0;
    });
    expect(stage.clock.monotonic() - before).toBeGreaterThanOrEqual(3000);
    expect(stage.presences.doubted).toEqual([]);
  });

  it('waits until our own presence is known, for who hears from a stranger hangs up', async () => {
    let known: () => void = () => undefined;
    const settled = () => new Promise<void>((resolve) => (known = resolve));
    const hub = await stage.actor('hub@home', HUB, { more: { settled } });
    const lamp = await stage.listener('lamp@pronto', LAMP);
    hub.says('hello', 'lamp@pronto');
    await new Promise((resolve) => setImmediate(resolve));
    expect(lamp.calls).toEqual([]);
    known();
    const call = await lamp.call();
    await call.reads("from='hub@home' to='lamp@pronto' version='1.0'>");
  });

  it('that nobody takes is answered to who asked', async () => {
    const hub = await stage.actor('hub@home', HUB, { limits: { waiting: 3 } });
    stage.presences.announce({ instance: 'lamp@pronto', port: 1, addresses: [LAMP] });
    hub.asks('q1', 'lamp@pronto');
    hub.says('hello', 'lamp@pronto');
    const peer = hub.peer('lamp@pronto');
    peer.send(element('iq', NS.client, { type: 'result', id: 'r1' }));
    hub.asks('q2', 'lamp@pronto');
    await hub.hears(3);
    expect(hub.heard.map(({ stanza }) => `${stanza.name} ${stanza.attribute('id')}`)).toEqual([
      'iq q2',
      'iq q1',
      'message undefined',
    ]);
    expect(stage.presences.doubted).toEqual(['lamp@pronto']);
    for (const { stanza } of hub.heard) {
      const { type, from, to } = stanza.attributes;
      expect({ type, from, to }).toEqual({ type: 'error', from: 'lamp@pronto', to: 'hub.home.local' });
      expect(stanza.child('error')?.child('recipient-unavailable', NS.stanzaErrors)).toBeDefined();
    }
  });

  it('goes on to the next address where one takes the connection and says nothing', async () => {
    const hub = await stage.actor('hub@home', HUB);
    const silent = await stage.listener('lamp@pronto', '192.0.2.66');
    const lamp = await stage.actor('lamp@pronto', LAMP, { more: { port: 5298 }, announced: false });
    const addresses = ['192.0.2.66', LAMP];
    stage.presences.announce({ instance: 'lamp@pronto', port: lamp.endpoint.port, addresses });
    hub.says('hello', 'lamp@pronto');
    await silent.call();
    await until(() => stage.clock.waiting().includes('answer of a link stream'));
    stage.clock.advance(5000);
    await lamp.hears();
  });

  it('that another takes than was called is no use', async () => {
    const hub = await stage.actor('hub@home', HUB);
    const lamp = await stage.listener('lamp@pronto', LAMP);
    hub.asks('q1', 'lamp@pronto');
    const call = await lamp.call();
    call.writes(header({ from: 'other@pronto', to: 'hub@home' }));
    await call.reads('<invalid-from');
    expect(await hub.hears()).toContain('recipient-unavailable');
  });

  it('ends with its peer, and what waits comes back', async () => {
    const hub = await stage.actor('hub@home', HUB);
    const lamp = await stage.listener('lamp@pronto', LAMP);
    hub.asks('q1', 'lamp@pronto');
    await lamp.call();
    stage.presences.withdraw('lamp@pronto');
    expect(await hub.hears()).toContain('recipient-unavailable');
  });

  it('goes where the presence is now', async () => {
    const hub = await stage.actor('hub@home', HUB);
    const first = await stage.listener('lamp@pronto', LAMP, 5298);
    hub.says('one', 'lamp@pronto');
    const call = await first.call();
    call.writes(header({ from: 'lamp@pronto' }));
    await call.reads('</message>');
    const second = await stage.listener('lamp@pronto', '192.0.2.77', 5299);
    hub.says('two', 'lamp@pronto');
    const again = await second.call();
    again.writes(header({ from: 'lamp@pronto' }));
    expect(await again.reads('</message>')).toContain('two');
  });
});

describe('a stream', () => {
  it('to a process of the peer that is gone is not used', async () => {
    const hub = await stage.actor('hub@home', HUB);
    const first = await stage.listener('lamp@pronto', LAMP, 5298);
    const old = await stage.dials(LAMP, hub);
    old.writes(header({ from: 'lamp@pronto' }));
    await old.reads("from='hub@home'");
    hub.says('one', 'lamp@pronto');
    await old.reads('one');
    const second = await stage.listener('lamp@pronto', LAMP, 5299);
    hub.says('two', 'lamp@pronto');
    const call = await second.call();
    call.writes(header({ from: 'lamp@pronto' }));
    await call.reads('two');
    expect(first.calls).toEqual([]);
  });

  it('from an address that this machine lost is not used', async () => {
    const addresses = [HUB];
    const { listen, connect } = stage.hosts.host(HUB, '192.0.2.2');
    const network = { ...stage.hosts.host(), listen, connect };
    const interfaces = () => addresses.flatMap((address) => stage.hosts.host(address).interfaces());
    const hub = await stage.actor('hub@home', HUB, { world: { network: { ...network, interfaces } } });
    const lamp = await stage.listener('lamp@pronto', LAMP);
    const old = await stage.dials(LAMP, hub);
    old.writes(header({ from: 'lamp@pronto' }));
    await old.reads("from='hub@home'");
    hub.says('one', 'lamp@pronto');
    await old.reads('one');
    addresses[0] = '192.0.2.2';
    hub.says('two', 'lamp@pronto');
    await lamp.call();
  });

  it('that nobody uses is closed after a minute, and opens again on demand', async () => {
    const hub = await stage.actor('hub@home', HUB);
    const lamp = await stage.listener('lamp@pronto', LAMP);
    hub.says('one', 'lamp@pronto');
    const call = await lamp.call();
    call.writes(header({ from: 'lamp@pronto' }));
    await call.reads('</message>');
    stage.clock.advance(59_000);
    call.writes("<message from='lamp@pronto'><body>yes</body></message>");
    await hub.hears();
    stage.clock.advance(59_000);
    expect(call.ended).toBe(false);
    stage.clock.advance(1000);
    await call.reads('</stream:stream>');
    call.writes("<message from='lamp@pronto'><body>late</body></message></stream:stream>");
    await call.ends();
    expect(hub.texts()).toEqual(['yes', 'late']);
    hub.says('two', 'lamp@pronto');
    await lamp.call(1);
  });

  it('that the peer closes is answered with the end of ours', async () => {
    const hub = await stage.actor('hub@home', HUB);
    await stage.listener('lamp@pronto', LAMP);
    const lamp = await stage.dials(LAMP, hub);
    lamp.writes(header({ from: 'lamp@pronto', to: 'hub@home' }));
    await lamp.reads('<stream:stream');
    lamp.writes('</stream:stream>');
    await lamp.reads('</stream:stream>');
    await lamp.ends();
  });

  it('that came last is used; the one before is read until it is silent', async () => {
    const hub = await stage.actor('hub@home', HUB);
    await stage.listener('lamp@pronto', LAMP);
    const [first, second] = [await stage.dials(LAMP, hub), await stage.dials(LAMP, hub)];
    for (const one of [first, second]) {
      one.writes(header({ from: 'lamp@pronto' }));
      await one.reads("to='lamp@pronto' id=");
    }
    hub.says('hello', 'lamp@pronto');
    await second.reads('hello');
    first.writes('<message><body>old</body></message>');
    await hub.hears();
    stage.clock.advance(5000);
    await first.reads('</stream:stream>');
    first.writes('</stream:stream>');
    await first.ends();
    hub.says('more', 'lamp@pronto');
    await second.reads('more');
  });

  it('falls back to the one before where the last one breaks', async () => {
    const hub = await stage.actor('hub@home', HUB);
    await stage.listener('lamp@pronto', LAMP);
    const [first, second] = [await stage.dials(LAMP, hub), await stage.dials(LAMP, hub)];
    for (const one of [first, second]) {
      one.writes(header({ from: 'lamp@pronto' }));
      await one.reads("to='lamp@pronto' id=");
    }
    second.hangsUp();
    const hungUp = () => stage.log.lines.some(({ text }) => text === 'A stream on the link ended.');
    await until(hungUp);
    hub.says('hello', 'lamp@pronto');
    await first.reads('hello');
  });

  it('carries no presence, in neither direction', async () => {
    const hub = await stage.actor('hub@home', HUB);
    const lamp = await stage.listener('lamp@pronto', LAMP);
    hub.peer('lamp@pronto').send(element('presence', NS.client));
    const peer = await stage.dials(LAMP, hub);
    peer.writes(`${header({ from: 'lamp@pronto' })}<presence/><message><body>x</body></message>`);
    await hub.hears();
    expect(hub.heard).toHaveLength(1);
    expect(lamp.calls).toEqual([]);
  });

  it('with anything but stanzas ends', async () => {
    const hub = await stage.actor('hub@home', HUB);
    await stage.listener('lamp@pronto', LAMP);
    const peer = await stage.dials(LAMP, hub);
    peer.writes(`${header({ from: 'lamp@pronto' })}<auth xmlns='${NS.sasl}'/>`);
    await peer.reads('<unsupported-stanza-type');
    await peer.ends();
  });
});

describe('the port', () => {
  it('is any free one where the wanted one is taken', async () => {
    await stage.hosts.host(HUB).listen({ host: '::', port: 5298 }, () => undefined);
    const hub = await stage.actor('hub@home', HUB, { more: { port: 5298 } });
    expect(hub.endpoint.port).toBeGreaterThan(5298);
    const lamp = await stage.actor('lamp@pronto', LAMP, { more: { port: 5298 } });
    expect(lamp.endpoint.port).toBe(5298);
    lamp.says('hello', 'hub@home');
    await hub.hears();
  });

  it('is closed with all streams when the endpoint stops', async () => {
    const hub = await stage.actor('hub@home', HUB);
    const lamp = await stage.actor('lamp@pronto', LAMP);
    lamp.says('hello', 'hub@home');
    await hub.hears();
    await hub.endpoint.stop();
    await expect(stage.dials(LAMP, hub)).rejects.toThrow('ECONNREFUSED');
  });

  it('abuse 11: takes so many strangers from one address, and only for so long', async () => {
    const hub = await stage.actor('hub@home', HUB, { limits: { openingPerAddress: 2, opening: 6 } });
    const silent = [await stage.dials(LAMP, hub), await stage.dials(LAMP, hub)];
    const third = await stage.dials(LAMP, hub);
    await third.ends();
    const other = await stage.dials('192.0.2.9', hub);
    const fourth = await stage.dials('192.0.2.10', hub);
    await fourth.ends();
    expect([...silent, other].map(({ ended }) => ended)).toEqual([false, false, false]);
    stage.clock.advance(15_000);
    for (const peer of [...silent, other]) await peer.reads('<connection-timeout');
    stage.clock.advance(2000);
    for (const peer of [...silent, other]) await peer.ends();
    await stage.listener('lamp@pronto', LAMP);
    const lamp = await stage.dials(LAMP, hub);
    lamp.writes(header({ from: 'lamp@pronto' }));
    await lamp.reads('<stream:stream');
  });

  it('takes so many streams of one address', async () => {
    const hub = await stage.actor('hub@home', HUB, { limits: { streamsPerAddress: 1 } });
    await stage.listener('lamp@pronto', LAMP);
    const [first, second] = [await stage.dials(LAMP, hub), await stage.dials(LAMP, hub)];
    first.writes(header({ from: 'lamp@pronto' }));
    await first.reads('<stream:stream');
    second.writes(header({ from: 'lamp@pronto' }));
    await second.reads('<resource-constraint');
  });
});
