import type { TLSSocket } from 'node:tls';
import tls from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NS } from '../../src/xmpp/namespaces.js';
import { TestCertificate } from '../world/certificates.js';
import { until } from '../xmpp/recording.js';
import { header, identityOf, type LinkActor, LinkStage } from './link-stage.js';
import { RawPeer } from './raw-peer.js';

const HUB = '192.0.2.1';
const LAMP = '192.0.2.5';
const STARTTLS = `<starttls xmlns='${NS.tls}'/>`;
const HELLO = '<message><body>hello</body></message>';

let stage: LinkStage;
let hub: LinkActor;
const own = new TestCertificate({ name: 'lamp' });
const other = new TestCertificate({ name: 'lamp' });

beforeEach(async () => {
  stage = new LinkStage();
  hub = await stage.actor('hub@home', HUB);
});

afterEach(() => stage.stop());

/** Opens a stream as the lamp up to the end of TLS; `behind` comes in clear behind the word for TLS. */
async function secured(certificate: TestCertificate | undefined, behind = ''): Promise<RawPeer> {
  const peer = await stage.dials(LAMP, hub);
  peer.writes(header({ from: 'lamp@pronto', to: 'hub@home', version: '1.0' }));
  await peer.reads('</stream:features>');
  peer.writes(STARTTLS + behind);
  await peer.reads(`<proceed xmlns='${NS.tls}'/>`);
  peer.connection.removeAllListeners('data');
  const identity = certificate === undefined ? {} : identityOf(certificate);
  const socket: TLSSocket = tls.connect({ socket: peer.connection, rejectUnauthorized: false, ...identity });
  const inside = new RawPeer(socket);
  inside.writes(header({ from: 'lamp@pronto', to: 'hub@home', version: '1.0' }));
  expect(await inside.reads('<stream:features/>')).toContain("to='lamp@pronto'");
  return inside;
}

describe('a pinned name that calls', () => {
  beforeEach(async () => {
    await stage.listener('lamp@pronto', LAMP);
    hub.pins.set('lamp@pronto', own.fingerprint);
  });

  it('speaks with its certificate', async () => {
    const lamp = await secured(own);
    lamp.writes(HELLO);
    await hub.hears();
    expect(hub.heard[0]?.assurance).toBe('certificate');
    expect(hub.peer('lamp@pronto').certificate).toBe(own.fingerprint);
    hub.says('hello', 'lamp@pronto');
    await lamp.reads('hello');
    expect(hub.refused).toEqual([]);
  });

  it('is told that TLS is required', async () => {
    const lamp = await stage.dials(LAMP, hub);
    lamp.writes(header({ from: 'lamp@pronto', version: '1.0' }));
    await lamp.reads(`<starttls xmlns='${NS.tls}'><required/></starttls>`);
  });

  it.each(['1.0', undefined])('is not heard in clear, version %s', async (version) => {
    const lamp = await stage.dials(LAMP, hub);
    lamp.writes(header({ from: 'lamp@pronto', ...(version !== undefined && { version }) }) + HELLO);
    await lamp.reads('<not-authorized');
    expect(hub.heard).toEqual([]);
    expect(hub.refused).toEqual(['lamp@pronto']);
  });

  it.each([undefined, other])(
    'abuse 56: is not heard with another certificate, or without one',
    async (shown) => {
      const lamp = await secured(shown);
      lamp.writes(HELLO);
      await lamp.reads('<not-authorized');
      expect(hub.heard).toEqual([]);
    },
  );

  it('does not carry into TLS what came in clear', async () => {
    const lamp = await secured(own, HELLO);
    lamp.writes('<message><body>inside</body></message>');
    await hub.hears();
    expect(hub.texts()).toEqual(['inside']);
  });

  it('is not answered on a stream of somebody else in its place', async () => {
    const lamp = await secured(own);
    lamp.writes(HELLO);
    await hub.hears();
    const clear = await stage.dials(LAMP, hub);
    clear.writes(header({ from: 'lamp@pronto' }));
    await clear.reads("from='hub@home'");
    const wrong = await secured(other);
    hub.says('secret', 'lamp@pronto');
    expect(await lamp.reads('</message>')).toContain('secret');
    await wrong.reads('<not-authorized');
    expect(clear.received).not.toContain('secret');
  });

  it('is pinned while its stream is open: one in clear is heard no more', async () => {
    hub.pins.clear();
    const lamp = await stage.dials(LAMP, hub);
    lamp.writes(header({ from: 'lamp@pronto' }) + HELLO);
    await hub.hears();
    hub.pins.set('lamp@pronto', own.fingerprint);
    lamp.writes(HELLO);
    await lamp.reads('<not-authorized');
    expect(hub.heard).toHaveLength(1);
  });

  it('keeps its name inside TLS', async () => {
    const lamp = await stage.dials(LAMP, hub);
    await stage.listener('heater@pronto', LAMP, 5299);
    lamp.writes(header({ from: 'heater@pronto', version: '1.0' }));
    await lamp.reads('</stream:features>');
    lamp.writes(STARTTLS);
    await lamp.reads('<proceed');
    lamp.connection.removeAllListeners('data');
    const inside = new RawPeer(
      tls.connect({ socket: lamp.connection, rejectUnauthorized: false, ...identityOf(own) }),
    );
    inside.writes(header({ from: 'lamp@pronto', version: '1.0' }));
    await inside.reads('<invalid-from');
  });
});

describe('a pinned name that is called', () => {
  it('hears with its certificate', async () => {
    const lamp = await stage.actor('lamp@pronto', LAMP, { certificate: own });
    hub.pins.set('lamp@pronto', own.fingerprint);
    hub.asks('q1', 'lamp@pronto');
    await hub.hears();
    expect(hub.heard[0]?.assurance).toBe('certificate');
    expect(lamp.peer('hub@home').certificate).toBe(hub.certificate.fingerprint);
  });

  it('hears nothing with another', async () => {
    const lamp = await stage.actor('lamp@pronto', LAMP, { certificate: other });
    hub.pins.set('lamp@pronto', own.fingerprint);
    hub.asks('q1', 'lamp@pronto');
    expect(await hub.hears()).toMatch(/recipient-unavailable.*certificate/);
    expect(lamp.heard).toEqual([]);
    expect(hub.refused).toEqual(['lamp@pronto']);
  });

  it('hears nothing in clear', async () => {
    const lamp = await stage.listener('lamp@pronto', LAMP);
    hub.pins.set('lamp@pronto', own.fingerprint);
    hub.asks('q1', 'lamp@pronto');
    const call = await lamp.call();
    call.writes(header({ from: 'lamp@pronto' }));
    expect(await hub.hears()).toMatch(/recipient-unavailable.*certificate/);
    expect(await call.reads('</stream:stream>')).not.toContain('<iq');
  });

  it('is called also while somebody in its place says nothing', async () => {
    const lamp = await stage.actor('lamp@pronto', LAMP, { certificate: own });
    hub.pins.set('lamp@pronto', own.fingerprint);
    const silent = await stage.dials(LAMP, hub);
    silent.writes(header({ from: 'lamp@pronto', version: '1.0' }));
    await silent.reads('</stream:features>');
    hub.says('secret', 'lamp@pronto');
    await lamp.hears();
    expect(silent.received).toBe('');
  });

  it('is called anew while somebody is there in clear under its name', async () => {
    const lamp = await stage.actor('lamp@pronto', LAMP, { certificate: own });
    hub.pins.set('lamp@pronto', own.fingerprint);
    const clear = await stage.dials(LAMP, hub);
    clear.writes(header({ from: 'lamp@pronto' }));
    await clear.reads("from='hub@home'");
    hub.says('secret', 'lamp@pronto');
    await lamp.hears();
    expect(clear.received).not.toContain('secret');
  });
});

describe('TLS on the link', () => {
  it('is refused to who does not understand features, and asked for twice', async () => {
    await stage.listener('lamp@pronto', LAMP);
    const lamp = await stage.dials(LAMP, hub);
    lamp.writes(header({ from: 'lamp@pronto' }) + STARTTLS);
    expect(await lamp.reads('</stream:stream>')).toContain(`<failure xmlns='${NS.tls}'/>`);
    const inside = await secured(own);
    inside.writes(STARTTLS);
    expect(await inside.reads('</stream:stream>')).toContain(`<failure xmlns='${NS.tls}'/>`);
  });

  it('tells the authority behind a certificate, where it signed it', async () => {
    const authority = new TestCertificate({ name: 'The hub of this home' });
    const leaf = new TestCertificate({ name: 'home.local', issuer: authority });
    const chained = { key: identityOf(leaf).key, cert: leaf.x509.toString() + authority.x509.toString() };
    await stage.actor('chain@home', '192.0.2.8', { more: { certificate: () => chained } });
    const seen: (string | undefined)[] = [];
    const lamp = await stage.actor('lamp@pronto', LAMP, {
      more: {
        admit: (_jid, certificate, root) => {
          seen.push(certificate, root);
          return 'unverified';
        },
      },
    });
    lamp.asks('q1', 'chain@home');
    await lamp.hears();
    expect(seen.slice(0, 2)).toEqual([leaf.fingerprint, authority.fingerprint]);
  });

  it('that breaks off costs the stream and nothing more', async () => {
    await stage.listener('lamp@pronto', LAMP);
    const lamp = await stage.dials(LAMP, hub);
    lamp.writes(header({ from: 'lamp@pronto', version: '1.0' }));
    await lamp.reads('</stream:features>');
    lamp.writes(STARTTLS);
    await lamp.reads('<proceed');
    lamp.writes('this is no handshake of TLS, is it');
    await lamp.ends();
    await until(() => stage.log.lines.length > 0);
    expect(stage.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('with a peer that offers it and does not do it ends after a while, and who asked hears of it', async () => {
    const lamp = await stage.listener('lamp@pronto', LAMP);
    hub.asks('q1', 'lamp@pronto');
    const call = await lamp.call();
    const features = `<stream:features>${STARTTLS}</stream:features>`;
    call.writes(header({ from: 'lamp@pronto', version: '1.0' }) + features);
    await call.reads(STARTTLS);
    stage.clock.advance(15_000);
    expect(await hub.hears()).toContain('recipient-unavailable');
  });
});
