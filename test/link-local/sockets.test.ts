import { networkInterfaces } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SystemClock } from '../../src/system/clock.js';
import { SystemNetwork } from '../../src/system/network.js';
import { LinkStage } from './link-stage.js';

/** Addresses of this machine that are nobody else's concern. */
const loopbacks = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .filter(({ internal }) => internal)
  .map(({ address }) => address)
  .filter((address) => address === '127.0.0.1' || address === '::1');

const world = { network: new SystemNetwork(), clock: new SystemClock() };

let stage: LinkStage;

beforeEach(() => {
  stage = new LinkStage();
});

afterEach(() => stage.stop());

describe.each(loopbacks)('over sockets of the machine, %s', (address) => {
  it('two talk both ways inside TLS, and hear of each other’s end', async () => {
    const hub = await stage.actor('hub@home', address, { world });
    const lamp = await stage.actor('lamp@pronto', address, { world });
    hub.pins.set('lamp@pronto', lamp.certificate.fingerprint);
    lamp.says('hello', 'hub@home');
    await hub.hears();
    expect(hub.heard[0]?.assurance).toBe('certificate');
    hub.asks('q1', 'lamp@pronto');
    expect(await hub.hears(2)).toContain("type='result'");
    await lamp.endpoint.stop();
    stage.presences.withdraw('lamp@pronto');
    expect(hub.events).toEqual(['lamp@pronto came', 'lamp@pronto gone']);
  });

  it('an impersonator gets nothing', async () => {
    const hub = await stage.actor('hub@home', address, { world });
    const lamp = await stage.actor('lamp@pronto', address, { world });
    hub.pins.set('lamp@pronto', 'f'.repeat(64));
    lamp.says('hello', 'hub@home');
    hub.asks('q1', 'lamp@pronto');
    expect(await hub.hears()).toMatch(/recipient-unavailable.*certificate/);
    expect(hub.texts()).toEqual([]);
    expect(lamp.heard.map(({ stanza }) => stanza.attribute('type'))).not.toContain('get');
  });
});
