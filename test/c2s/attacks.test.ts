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
