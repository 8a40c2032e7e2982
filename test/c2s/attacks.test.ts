import tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import { SystemNetwork } from '../../src/system/network.js';
import { NS } from '../../src/xmpp/namespaces.js';
import { until } from '../xmpp/recording.js';
import { ServerStage } from './server-stage.js';
import { TestClient } from './test-client.js';

const HEADER = `<stream:stream xmlns='jabber:client' xmlns:stream='${NS.streams}' to='home.local' version='1.0'>`;

describe('somebody in between', () => {
  it('abuse 15: cannot make the hub keep clear text until TLS, while a login is worked on', async () => {
    const network = new SystemNetwork();
    const hub = await new ServerStage({ network, tls: 'required' }).opens('evil');
    const socket = await network.connect({ host: '127.0.0.1', port: hub.server.port });
    let heard = '';
    const listen = (bytes: Buffer) => {
      heard += bytes.toString();
    };
    socket.on('data', listen);
    socket.write(HEADER);
    await until(() => heard.includes('</stream:features>'));
    const plain = (text: string) =>
      `<auth xmlns='${NS.sasl}' mechanism='PLAIN'>${Buffer.from(text).toString('base64')}</auth>`;
    const starttls = `<starttls xmlns='${NS.tls}'/>`;
    socket.write(`${plain('\0x\0x')}${starttls}${plain('\0evil\0evil-secret')}`);
    await until(() => heard.endsWith(`<proceed xmlns='${NS.tls}'/>`));
    socket.off('data', listen);
    const client = new TestClient(tls.connect({ socket, rejectUnauthorized: false }));
    await client.opens();
    client.sends(`<starttls xmlns='${NS.tls}'/>`);
    await client.hears(`<failure xmlns='${NS.tls}'/>`);
    expect(client.heard).toEqual([]);
    expect(hub.failures()).toEqual([]);
    await hub.server.stop();
  });
});

describe('a small stanza', () => {
  it('does not become a large one on its way by the namespaces that it declares once', async () => {
    const hub = await new ServerStage().opens('evil', 'lamp');
    const evil = await hub.session('evil');
    const lamp = await hub.session('lamp', 'r');
    const long = 'a'.repeat(200_000);
    evil.sends(`<message to='${lamp.jid}'><x xmlns:p='${long}'>${'<p:a/>'.repeat(1900)}</x></message>`);
    expect(await evil.ends()).toBe('policy-violation');
    expect(lamp.ended).toBeUndefined();
    expect(await lamp.hearsAll()).toEqual([]);
  });

  it('nor by attributes with prefixes', async () => {
    const hub = await new ServerStage().opens('evil', 'lamp');
    const evil = await hub.session('evil');
    const lamp = await hub.session('lamp', 'r');
    const declared = `xmlns:p='${'a'.repeat(200_000)}'`;
    evil.sends(`<message to='${lamp.jid}'><x ${declared}>${"<a p:b=''/>".repeat(1900)}</x></message>`);
    expect(await evil.ends()).toBe('policy-violation');
    expect(await lamp.hearsAll()).toEqual([]);
  });
});

describe('a client that changes its account', () => {
  const change = (id: string, password: string) =>
    `<iq type='set' id='${id}'><query xmlns='jabber:iq:register'><username>lamp</username><password>${password}</password></query></iq>`;

  it('gets its passwords in the order that it wants them, and no more than a few at once', async () => {
    const hub = await new ServerStage().opens('lamp');
    const lamp = await hub.session('lamp');
    lamp.sends(Array.from({ length: 20 }, (_, n) => change(`c${n}`, `secret ${n}`)).join(''));
    await lamp.hears("<iq type='result' id='c7'/>");
    const answers = lamp.heard.filter(({ attributes }) => attributes.type === 'result');
    expect(answers.map(({ attributes }) => attributes.id)).toEqual([
      'c0',
      'c1',
      'c2',
      'c3',
      'c4',
      'c5',
      'c6',
    ]);
    await lamp.hears("<iq type='error' id='c19'><error type='wait'/></iq>");
    const again = await (await hub.client()).comes('lamp', '', 'secret 7');
    expect(again.jid).not.toBe('');
  });

  it('abuse 27: does not keep an account that was taken from it meanwhile', async () => {
    const hub = await new ServerStage().opens('lamp');
    const thief = await hub.session('lamp');
    thief.sends(Array.from({ length: 8 }, (_, n) => change(`c${n}`, 'stolen')).join(''));
    await hub.changePassword.run('lamp', 'mine', 'local');
    expect(await thief.ends()).toBe('not-authorized');
    expect((await (await hub.client()).comes('lamp', '', 'mine')).jid).not.toBe('');
  });
});

describe('many sessions of one account', () => {
  it('are 64, and one of them can be taken over', async () => {
    const limits = { loginConnectionsPerAddress: 100 };
    const hub = await new ServerStage({ limits }).opens('lamp');
    for (let n = 0; n < 64; n++) await hub.session('lamp', `r${n}`);
    const one = await hub.client();
    await one.opens();
    await one.authenticates('lamp', 'lamp-secret');
    await one.opens();
    one.sends(`<iq type='set' id='full'><bind xmlns='${NS.bind}'><resource>new</resource></bind></iq>`);
    await one.hears("<iq type='error' id='full'><error type='cancel'/></iq>");
    await one.binds('r3');
    expect(one.jid).toBe('lamp@home.local/r3');
  });

  it('hear of each other only once they are available (RFC 6121 §4.2.2)', async () => {
    const hub = await new ServerStage().opens('lamp');
    const silent = await hub.session('lamp', 'silent');
    const one = await hub.available('lamp', 'one');
    expect(await silent.hearsAll()).toEqual([]);
    const two = await hub.available('lamp', 'two');
    await one.hears(`<presence from='${two.jid}'/>`);
  });
});

describe('a roster', () => {
  it('takes no contact whose groups would keep the whole roster from its client', async () => {
    const hub = await new ServerStage().opens('lamp');
    const lamp = await hub.session('lamp');
    const groups = Array.from({ length: 50 }, (_, n) => `<group>${n}${'g'.repeat(1000)}</group>`).join('');
    lamp.sends(
      `<iq type='set' id='1'><query xmlns='jabber:iq:roster'><item jid='a@b.c'>${groups}</item></query></iq>`,
    );
    await lamp.hears(
      "<iq type='error' id='1'><error><not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
    );
  });
});
