import { generateKeyPairSync } from 'node:crypto';
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import forge from 'node-forge';
import { describe, expect, it } from 'vitest';
import { SystemClock } from '../../src/system/clock.js';
import type { Connection } from '../../src/system/network.js';
import { element } from '../../src/xmpp/element.js';
import { afterLogin } from '../../src/xmpp/limits.js';
import { NS } from '../../src/xmpp/namespaces.js';
import { openStream } from '../../src/xmpp/open-stream.js';
import type { XmppStream } from '../../src/xmpp/stream.js';
import { memoryPair } from '../world/memory-connection.js';
import { Recorder, until } from './recording.js';

/** A key and a certificate for `hub.local`, signed by itself. */
function selfSigned(): { key: string; cert: string } {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const signer = forge.pki.privateKeyFromPem(key);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.setRsaPublicKey(signer.n, signer.e);
  certificate.serialNumber = '01';
  certificate.validity.notAfter.setFullYear(certificate.validity.notAfter.getFullYear() + 1);
  certificate.setSubject([{ name: 'commonName', value: 'hub.local' }]);
  certificate.setIssuer([{ name: 'commonName', value: 'hub.local' }]);
  certificate.sign(signer, forge.md.sha256.create());
  return { key, cert: forge.pki.certificateToPem(certificate) };
}

const identity = selfSigned();

async function loopback(): Promise<{ ends: [Connection, Connection]; close: () => void }> {
  const server = net.createServer();
  const accepted = new Promise<Connection>((resolve) => server.once('connection', resolve));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
  return { ends: [client, await accepted], close: () => server.close() };
}

interface Side {
  readonly stream: XmppStream;
  readonly recorder: Recorder;
}

function side(connection: Connection, role: 'initiator' | 'recipient'): Side {
  const recorder = new Recorder();
  const clock = new SystemClock();
  return { recorder, stream: openStream(connection, { role, limits: afterLogin, handler: recorder, clock }) };
}

function upgradeServer({ stream, recorder }: Side): void {
  recorder.react = (it) => {
    if (!it.is('starttls', NS.tls)) return;
    stream.send(element('proceed', NS.tls));
    stream.restart(new tls.TLSSocket(stream.connection as net.Socket, { isServer: true, ...identity }));
  };
}

function upgradeClient({ stream, recorder }: Side): void {
  recorder.react = (it) => {
    if (!it.is('proceed', NS.tls)) return;
    const socket = stream.connection as net.Socket;
    stream.restart(tls.connect({ socket, ca: identity.cert, servername: 'hub.local' }));
    stream.sendHeader({ ns: NS.client, to: 'hub.local', version: '1.0' });
    stream.send(element('presence', NS.client));
  };
}

describe.each([
  ['a socket', loopback],
  ['a pair in memory', async () => ({ ends: memoryPair(), close: () => undefined })],
])('a stream over %s', (_what, connect) => {
  it('goes on inside TLS and ends there', async () => {
    const { ends, close } = await connect();
    const client = side(ends[0], 'initiator');
    const server = side(ends[1], 'recipient');
    upgradeClient(client);
    upgradeServer(server);
    client.stream.sendHeader({ ns: NS.client, to: 'hub.local', version: '1.0' });
    await until(() => server.recorder.headers.length === 1, 'the first header');
    server.stream.sendHeader({ ns: NS.client, from: 'hub.local', version: '1.0' });
    client.stream.send(element('starttls', NS.tls));
    await until(() => server.recorder.elements.length === 2, 'an element inside TLS');
    expect(server.recorder.headers).toHaveLength(2);
    server.stream.sendHeader({ ns: NS.client, from: 'hub.local', version: '1.0' });
    server.stream.send(element('features', NS.streams));
    await until(() => client.recorder.elements.length === 2, 'features inside TLS');
    client.stream.close();
    await until(() => client.stream.ended && server.stream.ended, 'the end');
    await until(() => client.stream.connection.closed && server.stream.connection.closed, 'both closed');
    await until(() => ends.every((end) => end.destroyed), 'the connections beneath closed');
    expect([...client.recorder.ends, ...server.recorder.ends]).toEqual([
      { condition: undefined, text: undefined },
      { condition: undefined, text: undefined },
    ]);
    close();
  });

  it('abuse 15: sees nothing of what came in the clear behind <starttls/>', async () => {
    const { ends, close } = await connect();
    const [peer] = ends;
    const server = side(ends[1], 'recipient');
    upgradeServer(server);
    let answer = '';
    peer
      .on('error', () => undefined)
      .on('data', (bytes: Buffer) => {
        answer += bytes.toString('latin1');
      });
    const header = `<stream:stream xmlns='jabber:client' xmlns:stream='${NS.streams}' version='1.0'>`;
    peer.write(header);
    await until(() => server.recorder.headers.length === 1);
    server.stream.sendHeader({ ns: NS.client });
    peer.write(`<starttls xmlns='${NS.tls}'/>${header}<iq id='smuggled'/>`);
    await until(() => answer.endsWith(`<proceed xmlns='${NS.tls}'/>`), 'proceed');
    peer.write("<iq id='late'/>");
    await until(() => server.stream.ended, 'the end');
    expect(server.recorder.elements).toHaveLength(1);
    expect(server.recorder.headers).toHaveLength(1);
    expect(server.recorder.ends).toHaveLength(1);
    await until(() => server.stream.connection.closed, 'closed');
    peer.destroy();
    close();
  });
});
