import type { ConnectionOptions, SecureVersion, TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Authority } from '../../src/edges/c2s/authority.js';
import { tlsChannel } from '../../src/edges/c2s/sasl/channel.js';
import { SystemRandom } from '../../src/system/random.js';
import { bindingBytes, bindingTypes } from '../../src/xmpp/channel-binding.js';
import { ScramClient } from '../../src/xmpp/scram-client.js';
import type { BindingType } from '../../src/xmpp/scram-message.js';
import { CollectedLog } from '../world/collected-log.js';
import { ManualClock } from '../world/manual-clock.js';
import { MemoryFiles } from '../world/memory-files.js';
import { b64, LoginDesk, text } from './login-desk.js';
import { TlsServer } from './tls-pair.js';

const world = {
  clock: new ManualClock(Date.now()),
  files: new MemoryFiles(),
  log: new CollectedLog(),
  random: new SystemRandom(),
};
const authority = new Authority('/tls', world);
const tls = new TlsServer(authority);

beforeAll(async () => {
  await authority.start({ domain: 'home.local', hosts: [], addresses: ['127.0.0.1'] });
  await tls.start();
});
afterAll(async () => {
  await tls.stop();
  await authority.stop();
});

const versions: readonly [SecureVersion, readonly BindingType[]][] = [
  ['TLSv1.2', ['tls-unique', 'tls-server-end-point']],
  ['TLSv1.3', ['tls-exporter', 'tls-server-end-point']],
];
const only = (version: SecureVersion): ConnectionOptions => ({ minVersion: version, maxVersion: version });

describe.each(versions)('a login over %s', (version, types) => {
  it.each(types)('is bound to its connection by %s', async (type) => {
    const { server, client } = await tls.pair(only(version));
    const desk = await new LoginDesk().open();
    expect(desk.connect(tlsChannel(server)).channelBindings).toEqual(types);
    expect(bindingTypes(client)).toEqual(types);
    for (const hash of ['SHA-256', 'SHA-1'] as const)
      expect(await login(desk, server, client, type, hash)).toBe('success');
  });

  it('that somebody in between passes on is not authorized', async () => {
    const towardsHub = await tls.pair(only(version));
    const towardsClient = await tls.pair(only(version));
    const desk = await new LoginDesk().open();
    const type = types[0] ?? 'tls-unique';
    expect(await login(desk, towardsHub.server, towardsClient.client, type, 'SHA-256')).toBe(
      'not-authorized',
    );
  });
});

async function login(
  desk: LoginDesk,
  server: TLSSocket,
  client: TLSSocket,
  type: BindingType,
  hash: 'SHA-1' | 'SHA-256',
): Promise<string> {
  const bytes = bindingBytes(client, type, 'client');
  expect(bytes?.length).toBeGreaterThanOrEqual(12);
  const binding = { type, bytes: bytes ?? Buffer.alloc(0) };
  const scram = new ScramClient({ hash, username: 'lamp', password: 'pencil', nonce: 'x', binding });
  const connection = desk.connect(tlsChannel(server));
  const challenge = await connection.start(`SCRAM-${hash}-PLUS`, b64(await scram.first()));
  if (challenge.kind !== 'challenge') return challenge.kind;
  const step = await connection.respond(b64(await scram.respond(text(challenge.data))));
  if (step.kind === 'success') scram.finish(text(step.data));
  return step.kind === 'failure' ? step.condition : step.kind;
}

describe('a resumed TLS 1.2 connection', () => {
  it('is bound by the message of the server, which comes first there', async () => {
    const first = await tls.pair(only('TLSv1.2'));
    const session = first.client.getSession();
    expect(session).toBeDefined();
    const again = await tls.pair({ ...only('TLSv1.2'), ...(session && { session }) });
    expect(again.client.isSessionReused()).toBe(true);
    expect(bindingBytes(again.server, 'tls-unique', 'server')).toEqual(again.client.getPeerFinished());
    const desk = await new LoginDesk().open();
    expect(await login(desk, again.server, again.client, 'tls-unique', 'SHA-256')).toBe('success');
  });
});

describe('abuse 17: TLS that is too weak', () => {
  it.each<[string, ConnectionOptions]>([
    ['TLS 1.0', { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' }],
    ['TLS 1.1', { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' }],
    ['an anonymous cipher', { maxVersion: 'TLSv1.2', ciphers: 'aNULL:@SECLEVEL=0' }],
    ['a cipher that hides nothing', { maxVersion: 'TLSv1.2', ciphers: 'eNULL:@SECLEVEL=0' }],
  ])('%s is refused', async (_name, options) => {
    await expect(tls.pair(options)).rejects.toThrow(/alert|handshake|no protocols|no ciphers|reset/i);
  });

  it('renegotiation is refused', async () => {
    const { server, client } = await tls.pair(only('TLSv1.2'));
    const refusal = new Promise<Error>((resolve) => client.once('error', resolve));
    server.resume();
    client.resume();
    client.renegotiate({}, () => undefined);
    expect((await refusal).message).toMatch(/no renegotiation/i);
  });

  it('the client sees the authority behind the certificate', async () => {
    const { client } = await tls.pair({});
    expect(client.authorized).toBe(true);
    expect(client.getPeerCertificate(true).issuerCertificate.fingerprint256).toBe(authority.fingerprint);
  });

  it('another authority is not trusted', async () => {
    const other = new Authority('/other', world);
    await other.start({ domain: 'home.local', hosts: [], addresses: [] });
    await expect(tls.pair({ ca: other.caCertificatePem })).rejects.toThrow(/certificate|signature/i);
    await other.stop();
  });
});
