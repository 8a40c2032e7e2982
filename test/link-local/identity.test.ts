import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { header, type LinkActor, LinkStage } from './link-stage.js';
import type { RawPeer } from './raw-peer.js';

const HUB = '192.0.2.1';
const LAMP = '192.0.2.5';
const OTHER = '192.0.2.6';
const HELLO = '<message><body>hello</body></message>';

let stage: LinkStage;
let hub: LinkActor;

beforeEach(async () => {
  stage = new LinkStage();
  hub = await stage.actor('hub@home', HUB);
});

afterEach(() => stage.stop());

/** The stream ends with invalid-from, at once or once the presence had time to appear, and nothing was heard. */
async function isRefused(peer: RawPeer): Promise<void> {
  await peer.reads('<stream:stream');
  stage.clock.advance(2000);
  expect(await peer.reads('</stream:stream>')).toContain('<invalid-from');
  stage.clock.advance(50);
  await peer.ends();
  expect(hub.heard).toEqual([]);
}

describe('who speaks on a stream', () => {
  it('abuse 57: is nobody under a name that is not announced', async () => {
    const peer = await stage.dials(LAMP, hub);
    peer.writes(`${header({ from: 'lamp@pronto', to: 'hub@home' })}${HELLO}`);
    await isRefused(peer);
  });

  it('abuse 57: is nobody under a name that is announced at another address', async () => {
    await stage.listener('lamp@pronto', LAMP);
    const peer = await stage.dials(OTHER, hub);
    peer.writes(`${header({ from: 'lamp@pronto', to: 'hub@home' })}${HELLO}`);
    await isRefused(peer);
  });

  it.each(['hub@home', 'owner@home.local', 'home.local', 'lamp', '@pronto', 'a b@pronto', ''])(
    'abuse 57: is nobody under the name %j',
    async (from) => {
      stage.presences.announce({ instance: from, port: 1, addresses: [LAMP] });
      const peer = await stage.dials(LAMP, hub);
      peer.writes(`${header({ from })}${HELLO}`);
      await isRefused(peer);
    },
  );

  it('abuse 57: does not change from stanza to stanza', async () => {
    await stage.listener('lamp@pronto', LAMP, 5298);
    await stage.listener('heater@pronto', LAMP, 5299);
    const peer = await stage.dials(LAMP, hub);
    peer.writes(`${header({ from: 'lamp@pronto' })}<message from='heater@pronto'><body>x</body></message>`);
    await isRefused(peer);
  });

  it('is known by the header, whatever its case; a resource does not count', async () => {
    await stage.listener('Lamp@Pronto', LAMP);
    const peer = await stage.dials(LAMP, hub);
    peer.writes(
      `${header({ from: 'lamp@pronto' })}<message from='LAMP@pronto/x'><body>hello</body></message>`,
    );
    expect(await hub.hears()).toContain("from='lamp@pronto' to='hub@home'");
    expect(hub.heard[0]?.assurance).toBe('unverified');
    expect(hub.peer('lamp@pronto').certificate).toBeUndefined();
  });

  it('is known by the first stanza where the header names nobody', async () => {
    await stage.listener('lamp@pronto', LAMP, 5298);
    await stage.listener('heater@pronto', LAMP, 5299);
    const peer = await stage.dials(LAMP, hub);
    peer.writes(`${header({})}<message from='heater@pronto'><body>x</body></message>${HELLO}`);
    await hub.hears(2);
    expect(hub.heard.map(({ stanza }) => stanza.attribute('from'))).toEqual([
      'heater@pronto',
      'heater@pronto',
    ]);
  });

  it('is the only one at the address where nothing names anybody', async () => {
    await stage.listener('lamp@pronto', LAMP);
    const peer = await stage.dials(LAMP, hub);
    peer.writes(`${header({})}${HELLO}`);
    expect(await hub.hears()).toContain("from='lamp@pronto'");
    await peer.reads("to='lamp@pronto'");
  });

  it('is nobody where nothing names anybody and two are at the address', async () => {
    await stage.listener('lamp@pronto', LAMP, 5298);
    await stage.listener('heater@pronto', LAMP, 5299);
    const peer = await stage.dials(LAMP, hub);
    peer.writes(`${header({})}${HELLO}`);
    await isRefused(peer);
  });

  it('may be announced a moment later: what it said waits', async () => {
    const peer = await stage.dials(LAMP, hub);
    peer.writes(`${header({ from: 'lamp@pronto' })}${HELLO}`);
    await peer.reads('<stream:stream');
    stage.clock.advance(1000);
    expect(hub.heard).toEqual([]);
    await stage.listener('lamp@pronto', LAMP);
    peer.writes('<message><body>more</body></message>');
    await hub.hears(2);
    expect(hub.texts()).toEqual(['hello', 'more']);
  });

  it('comes from an IPv4 address also where the socket tells it as one of IPv6', async () => {
    stage.presences.announce({ instance: 'lamp@pronto', port: 1, addresses: [LAMP] });
    const peer = await stage.dials(`::ffff:${LAMP}`, hub, HUB);
    peer.writes(`${header({ from: 'lamp@pronto' })}${HELLO}`);
    await hub.hears();
  });

  it('comes over the link that its address belongs to', async () => {
    const six = await stage.actor('six@home', 'fe80::1');
    stage.presences.announce({ instance: 'lamp@pronto', port: 1, addresses: ['fe80::5%eth0'] });
    const good = await stage.dials('fe80::5%eth0', six);
    good.writes(`${header({ from: 'lamp@pronto' })}${HELLO}`);
    await six.hears();
    const bad = await stage.dials('fe80::5%eth1', six);
    bad.writes(`${header({ from: 'lamp@pronto' })}${HELLO}`);
    await isRefused(bad);
  });
});
