import tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import type { Connection } from '../../src/system/network.js';
import { SystemNetwork } from '../../src/system/network.js';
import { NS } from '../../src/xmpp/namespaces.js';
import { ManualClock } from '../world/manual-clock.js';
import { until } from '../xmpp/recording.js';
import { ServerStage } from './server-stage.js';
import { TestClient } from './test-client.js';

const PING = "<iq type='get' id='p' to='lamp@home.local'><ping xmlns='urn:xmpp:ping'/></iq>";

describe('before login', () => {
  it('abuse 10: who sends nothing, or never finishes, is gone after 30 s with its timer', async () => {
    const clock = new ManualClock();
    const hub = await new ServerStage({ clock }).opens();
    const silent = await hub.client();
    const slow = await hub.client();
    slow.sends('<?xml ver');
    const handshake = await hub.client(hub.server.tlsPort);
    handshake.sends('\x16\x03\x01');
    await until(() => clock.waiting().filter((name) => name === 'login').length === 3);
    clock.advance(29_000);
    slow.sends('s');
    clock.advance(1000);
    expect(clock.waiting().filter((name) => name === 'login')).toEqual([]);
    expect([await silent.ends(), await slow.ends()]).toEqual(['connection-timeout', 'connection-timeout']);
    clock.advance(2000);
    await handshake.ends();
    expect(clock.waiting()).toEqual([]);
  });

  it('abuse 11: 200 connections wait for a login in all, and no more', async () => {
    const hub = await new ServerStage({ limits: { loginConnectionsPerAddress: 1000 } }).opens();
    const open: TestClient[] = [];
    for (let i = 0; i < 210; i++) open.push(await hub.client());
    await until(() => open.filter(({ ended }) => ended !== undefined).length === 10);
    await open[0]?.opens();
  });

  it('abuse 11: 20 connections of one address wait for a login, and others are served', async () => {
    const hub = await new ServerStage().opens('lamp');
    const lamp = await hub.session('lamp');
    const open: TestClient[] = [];
    for (let i = 0; i < 25; i++) open.push(await hub.client());
    await until(() => open.filter(({ ended }) => ended !== undefined).length === 5);
    lamp.sends(PING);
    await lamp.hears("<iq type='result' id='p'/>");
    const [first] = open;
    first?.vanishes();
    await until(() => first?.ended !== undefined);
    await hub.client().then((again) => again.opens());
  });

  it('abuse 11: 1000 times connect and close leave nothing behind', async () => {
    const clock = new ManualClock();
    const hub = await new ServerStage({ clock }).opens();
    for (let i = 0; i < 1000; i++) {
      const client = await hub.client();
      client.vanishes();
      await until(() => clock.waiting().length === 0);
    }
    await (await hub.client()).opens();
  });

  it('abuse 12: stanzas before login end the stream, and nothing is stored', async () => {
    const stanzas = [
      "<iq type='set' id='1'><register xmlns='urn:xmpp:iot:discovery'><str name='SN' value='1'/></register></iq>",
      "<iq type='set' id='1'><mine xmlns='urn:xmpp:iot:discovery'><str name='SN' value='1'/></mine></iq>",
      '<presence/>',
      "<message to='lamp@home.local'><body>x</body></message>",
      "<iq type='set' id='1'><query xmlns='jabber:iq:roster'><item jid='a@b'/></query></iq>",
      `<iq type='set' id='1'><bind xmlns='${NS.bind}'/></iq>`,
    ];
    const hub = await new ServerStage().opens('lamp');
    for (const stanza of stanzas) {
      const client = await hub.client();
      await client.opens();
      client.sends(stanza);
      expect(await client.ends()).toBe('not-authorized');
    }
    expect(hub.rosters.directory.accounts()).toEqual([]);
  });

  it('abuse 12: so do stanzas between login and bind', async () => {
    const hub = await new ServerStage().opens('lamp');
    const client = await hub.client();
    await client.opens();
    await client.authenticates('lamp', 'lamp-secret');
    await client.opens();
    client.sends('<presence/>');
    expect(await client.ends()).toBe('not-authorized');
  });

  it('abuse 13: headers that are not for this server are refused, by name', async () => {
    const hub = await new ServerStage().opens();
    const header = (attributes: string) => `<stream:stream xmlns:stream='${NS.streams}' ${attributes}>`;
    const cases = [
      [header("xmlns='jabber:client' to='other.local' version='1.0'"), 'host-unknown'],
      [header("xmlns='jabber:client' to='home.local'"), 'unsupported-version'],
      [header("xmlns='jabber:client' to='home.local' version='0.9'"), 'unsupported-version'],
      [header("xmlns='jabber:server' to='home.local' version='1.0'"), 'invalid-namespace'],
      ["<stream:stream xmlns='jabber:client' xmlns:stream='x:y' version='1.0'>", 'invalid-namespace'],
    ];
    for (const [text = '', condition] of cases) {
      const client = await hub.client();
      client.sends(text);
      expect(await client.ends()).toBe(condition);
      expect(client.header?.from).toBe('home.local');
    }
  });

  it('abuse 13: a stream begun anew in the middle of a stanza ends', async () => {
    const hub = await new ServerStage().opens('lamp');
    const lamp = await hub.session('lamp');
    lamp.sends("<message to='lamp@home.local'><body>");
    lamp.sendsHeader('home.local');
    expect(await lamp.ends()).toBe('restricted-xml');
  });

  it('welcomes the domain, mDNS names and addresses of the machine, and speaks as the domain', async () => {
    const hub = await new ServerStage().opens();
    const ids = new Set<string>();
    for (const to of ['home.local', 'HOME.local.', 'hearth.local', '192.0.2.1', '::ffff:192.0.2.1']) {
      const client = await hub.client();
      await client.opens(to);
      expect(client.header).toMatchObject({ from: 'home.local', version: '1.0', lang: 'en' });
      ids.add(client.header?.id ?? '');
    }
    expect(ids.size).toBe(5);
  });

  it('abuse 14: compression is not offered and fails', async () => {
    const hub = await new ServerStage().opens('lamp');
    const client = await hub.client();
    const features = await client.opens();
    expect(features.elements().map(({ name }) => name)).toEqual([
      'starttls',
      'mechanisms',
      'register',
      'limits',
    ]);
    client.sends("<compress xmlns='http://jabber.org/protocol/compress'><method>zlib</method></compress>");
    await client.hears("<failure xmlns='http://jabber.org/protocol/compress'/>");
  });

  it('abuse 15: what comes in the clear behind <starttls/> is never seen inside TLS', async () => {
    const network = new SystemNetwork();
    const hub = await new ServerStage({ network, tls: 'required' }).opens('lamp');
    const socket = await network.connect({ host: '127.0.0.1', port: hub.server.port });
    const heard = listen(socket);
    const header = `<stream:stream xmlns='jabber:client' xmlns:stream='${NS.streams}' to='home.local' version='1.0'>`;
    socket.write(header);
    await until(() => heard().includes('</stream:features>'));
    const smuggled =
      "<iq type='set' id='1'><query xmlns='jabber:iq:register'><username>evil</username><password>evil</password></query></iq>";
    socket.write(`<starttls xmlns='${NS.tls}'/>${header}${smuggled}`);
    await until(() => heard().endsWith(`<proceed xmlns='${NS.tls}'/>`));
    const client = new TestClient(tls.connect({ socket, rejectUnauthorized: false }));
    await client.opens();
    expect(client.heard).toEqual([]);
    expect(hub.directory.find('evil')).toBeUndefined();
    await hub.server.stop();
  });

  it('abuse 18: PLAIN without TLS needs encryption, and so does everything where TLS is required', async () => {
    const plain = `<auth xmlns='${NS.sasl}' mechanism='PLAIN'>AGxhbXAAbGFtcC1zZWNyZXQ=</auth>`;
    const scram = `<auth xmlns='${NS.sasl}' mechanism='SCRAM-SHA-1'>bixuPWxhbXAscj14</auth>`;
    for (const [policy, auth] of [
      ['optional', plain],
      ['required', plain],
      ['required', scram],
    ] as const) {
      const hub = await new ServerStage({ tls: policy }).opens('lamp');
      const client = await hub.client();
      const features = await client.opens();
      expect(features.child('starttls', NS.tls)?.child('required') !== undefined).toBe(policy === 'required');
      expect(features.child('mechanisms', NS.sasl) !== undefined).toBe(policy === 'optional');
      client.sends(auth);
      await client.hears(`<failure xmlns='${NS.sasl}'><encryption-required/></failure>`);
    }
  });

  it('has five tries to log in on one stream', async () => {
    const hub = await new ServerStage().opens('lamp');
    const client = await hub.client();
    await client.opens();
    for (let i = 0; i < 5; i++) {
      client.sends(`<auth xmlns='${NS.sasl}' mechanism='NONE'/>`);
      await client.hears(`<failure xmlns='${NS.sasl}'><invalid-mechanism/></failure>`);
    }
    expect(await client.ends()).toBe('policy-violation');
  });
});

describe('after login', () => {
  it('abuse 23: a `from` that is not its own ends the stream; its own is stamped', async () => {
    const hub = await new ServerStage().opens('lamp', 'owner');
    const owner = await hub.available('owner');
    for (const from of ['owner@home.local', owner.jid, 'hub@home.local', 'home.local', 'a@b@c', '']) {
      const lamp = await hub.session('lamp');
      lamp.sends(`<message from='${from}' to='${owner.jid}'><body>x</body></message>`);
      expect(await lamp.ends()).toBe('invalid-from');
    }
    const lamp = await hub.session('lamp', 'bulb');
    for (const from of ['lamp@home.local', 'LAMP@home.local/bulb', 'lamp@home.local/bulb']) {
      lamp.sends(`<message from='${from}' to='${owner.jid}'><body>x</body></message>`);
      await owner.hears("<message from='lamp@home.local/bulb'/>");
    }
    lamp.sends("<message from='lamp@home.local/other' to='owner@home.local'/>");
    expect(await lamp.ends()).toBe('invalid-from');
    expect((await owner.hearsAll()).filter((xml) => xml.includes('message'))).toEqual([]);
  });

  it('abuse 24: addresses that are none are refused, to bind and to send to', async () => {
    const hub = await new ServerStage().opens('lamp');
    const lamp = await hub.client();
    await lamp.opens();
    await lamp.authenticates('lamp', 'lamp-secret');
    await lamp.opens();
    lamp.sends(
      `<iq type='set' id='1'><bind xmlns='${NS.bind}'><resource>${'x'.repeat(3000)}</resource></bind></iq>`,
    );
    await lamp.hears(`<iq type='error' id='1'><error><bad-request xmlns='${NS.stanzaErrors}'/></error></iq>`);
    await lamp.binds('a/b@c');
    expect(lamp.jid).toBe('lamp@home.local/a/b@c');
    for (const to of ['@home.local', 'a@b@c', '/x', `${'y'.repeat(2000)}@home.local`, '']) {
      lamp.sends(`<iq type='get' id='2' to='${to}'><ping xmlns='urn:xmpp:ping'/></iq>`);
      await lamp.hears(
        `<iq type='error' id='2'><error><jid-malformed xmlns='${NS.stanzaErrors}'/></error></iq>`,
      );
    }
    lamp.sends("<iq type='get' id='3' to='LAMP@Home.Local'><ping xmlns='urn:xmpp:ping'/></iq>");
    await lamp.hears("<iq type='result' id='3'/>");
  });

  it('abuse 25: binding a taken resource ends the old session of that account, and no other', async () => {
    const hub = await new ServerStage().opens('lamp', 'owner');
    const other = await hub.available('owner', 'same');
    const old = await hub.available('lamp', 'same');
    const second = await hub.available('lamp', 'second');
    const renewed = await hub.session('lamp', 'same');
    expect(await old.ends()).toBe('conflict');
    await second.hears("<presence type='unavailable' from='lamp@home.local/same'/>");
    expect(hub.server.sessionsOf('lamp@home.local')).toHaveLength(2);
    other.sends(`<message to='${renewed.jid}'><body>x</body></message>`);
    await renewed.hears(`<message from='${other.jid}'/>`);
    expect(other.ended).toBeUndefined();
  });

  it('abuse 26: an answer that nobody asked for goes where it is sent, as whom it is from', async () => {
    const hub = await new ServerStage().opens('lamp', 'owner');
    const lamp = await hub.session('lamp');
    const owner = await hub.session('owner');
    lamp.sends(`<iq type='result' id='p' to='${owner.jid}'/>`);
    await owner.hears(`<iq type='result' id='p' from='${lamp.jid}'/>`);
    lamp.sends("<iq type='result' id='p' to='owner@home.local'/>");
    lamp.sends("<iq type='result' id='p'/>");
    expect(await lamp.hearsAll()).toEqual([]);
    expect(await owner.hearsAll()).toEqual([]);
  });

  it('abuse 27: a revoked account is logged out everywhere at once', async () => {
    const hub = await new ServerStage().opens('lamp', 'owner');
    const sessions = [await hub.session('lamp'), await hub.session('lamp')];
    const half = await hub.client();
    await half.opens();
    await half.authenticates('lamp', 'lamp-secret');
    const owner = await hub.session('owner');
    await hub.changePassword.run('lamp', 'other-secret', 'local');
    for (const session of [...sessions, half]) expect(await session.ends()).toBe('not-authorized');
    const again = await hub.client().then((client) => client.comes('lamp', '', 'other-secret'));
    await hub.remove.run('lamp', 'local');
    expect(await again.ends()).toBe('not-authorized');
    expect(owner.ended).toBeUndefined();
  });

  it('says goodbye at a shutdown within a second, also to one who does not read', async () => {
    const network = new SystemNetwork();
    const hub = await new ServerStage({ network }).opens('lamp');
    const lamp = await hub.session('lamp');
    const deaf = await network.connect({ host: '127.0.0.1', port: hub.server.port });
    const before = performance.now();
    await hub.server.stop();
    expect(performance.now() - before).toBeLessThan(1000);
    expect(await lamp.ends()).toBe('system-shutdown');
    deaf.destroy();
    await expect(network.connect({ host: '127.0.0.1', port: hub.server.port })).rejects.toThrow(
      'ECONNREFUSED',
    );
  });

  it('refuses what is no stanza', async () => {
    const hub = await new ServerStage().opens('lamp');
    const lamp = await hub.session('lamp');
    lamp.sends("<thing xmlns='x:y'/>");
    expect(await lamp.ends()).toBe('unsupported-stanza-type');
  });
});

describe('direct TLS', () => {
  it('serves clients with ALPN xmpp-client and without, and refuses another protocol', async () => {
    const network = new SystemNetwork();
    const hub = await new ServerStage({ network, tls: 'required' }).opens('lamp');
    const connect = async (protocols?: string[]) =>
      tls.connect({
        socket: await network.connect({ host: '127.0.0.1', port: hub.server.tlsPort }),
        rejectUnauthorized: false,
        ...(protocols && { ALPNProtocols: protocols }),
      });
    for (const protocols of [['xmpp-client'], undefined]) {
      const lamp = await new TestClient(await connect(protocols)).comes('lamp');
      lamp.sends(PING);
      await lamp.hears("<iq type='result' id='p'/>");
    }
    const failed = new Promise((resolve) => {
      connect(['http/1.1']).then((socket) => socket.once('error', resolve));
    });
    expect(String(await failed)).toContain('no application protocol');
    await hub.server.stop();
  });
});

/** What a raw connection hears, as text. */
function listen(connection: Connection): () => string {
  let text = '';
  connection.on('data', (bytes: Buffer) => {
    text += bytes.toString();
  });
  return () => text;
}
