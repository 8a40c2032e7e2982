import { beforeAll, describe, expect, it } from 'vitest';
import { SystemClock } from '../../src/system/clock.js';
import { SystemRandom } from '../../src/system/random.js';
import { openSession, type SessionOptions } from '../../src/thing/client/open-session.js';
import { SessionError } from '../../src/thing/client/session-error.js';
import { ScriptedHub } from '../actors/scripted-hub.js';
import { TestAuthority } from '../actors/test-authority.js';
import { CollectedLog } from '../world/collected-log.js';
import { memoryPair } from '../world/memory-connection.js';

describe('a session with the hub', () => {
  let authority: TestAuthority;
  let other: TestAuthority;
  const account = { name: 'lamp', password: 'pencil' };

  beforeAll(() => {
    authority = new TestAuthority();
    other = new TestAuthority('Another authority');
  });

  function open(hub: ScriptedHub, changes: Partial<SessionOptions> = {}) {
    const [client, server] = memoryPair();
    hub.accept(server);
    const options = { domain: 'attic.local', authority: undefined, account, create: 'first', resource: 'r' };
    const world = { clock: new SystemClock(), random: new SystemRandom(), log: new CollectedLog() };
    return openSession(client, { ...options, ...changes } as SessionOptions, world);
  }

  async function failure(session: Promise<unknown>): Promise<SessionError> {
    const error = await session.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(SessionError);
    return error as SessionError;
  }

  it('makes the account, logs in bound to the channel, and pins the authority', async () => {
    const hub = new ScriptedHub('attic.local', authority);
    const pinned: unknown[] = [];
    const session = await open(hub, {
      trusted: async (found) => {
        pinned.push(found);
      },
    });
    expect(session.jid.full).toBe('lamp@attic.local/r');
    expect(hub.mechanism).toBe('SCRAM-SHA-256-PLUS');
    expect(pinned).toEqual([{ domain: 'attic.local', authority: authority.pem.replaceAll('\r\n', '\n') }]);
    await session.close();
  });

  it('logs in unbound where the hub binds no channels', async () => {
    const hub = new ScriptedHub('attic.local', authority);
    hub.plus = false;
    const session = await open(hub);
    expect(hub.mechanism).toBe('SCRAM-SHA-256');
    await session.close();
  });

  it('learns the domain from a hub that was called by its address', async () => {
    const session = await open(new ScriptedHub('attic.local', authority), { domain: '192.0.2.1' });
    expect(session.domain).toBe('attic.local');
    await session.close();
  });

  it('comes back with the pinned authority, and refuses another', async () => {
    const hub = new ScriptedHub('attic.local', authority);
    await (await open(hub)).close();
    await (await open(hub, { authority: authority.pem, create: 'never' })).close();
    const error = await failure(open(hub, { authority: other.pem, create: 'never' }));
    expect(error.failure).toBe('authority-changed');
    expect(error.message).toContain('forget');
  });

  it('refuses a certificate of another domain, at first contact and later', async () => {
    for (const pinned of [undefined, authority.pem]) {
      const hub = new ScriptedHub('attic.local', authority);
      Object.assign(hub, { domain: 'cellar.local' });
      expect((await failure(open(hub, { authority: pinned }))).failure).toBe('certificate-refused');
      expect(hub.accounts.size).toBe(0);
    }
  });

  it('says nothing to a hub without encryption', async () => {
    const hub = new ScriptedHub('attic.local', authority);
    hub.encrypts = false;
    expect((await failure(open(hub))).failure).toBe('not-encrypted');
    expect(hub.accounts.size).toBe(0);
  });

  it('tells a taken name, a wrong password and closed registration apart', async () => {
    const hub = new ScriptedHub('attic.local', authority);
    await (await open(hub)).close();
    const wrong = { name: 'lamp', password: 'crayon' };
    expect((await failure(open(hub, { account: wrong }))).failure).toBe('name-taken');
    expect((await failure(open(hub, { account: wrong, create: 'never' }))).failure).toBe('login-refused');
    hub.open = false;
    const fresh = await failure(open(hub, { account: { name: 'new', password: 'x' } }));
    expect(fresh.failure).toBe('account-refused');
    expect(fresh.message).toContain('hearth accounts add');
  });

  it('logs in to an account that was made just before a crash', async () => {
    const hub = new ScriptedHub('attic.local', authority);
    await (await open(hub)).close();
    await (await open(hub)).close();
    expect(hub.accounts.size).toBe(1);
  });

  it('makes the account again on the same stream when the hub lost it', async () => {
    const hub = new ScriptedHub('attic.local', authority);
    await (await open(hub, { create: 'after-refusal' })).close();
    expect([...hub.accounts.keys()]).toEqual(['lamp']);
    expect(hub.connections).toBe(1);
  });

  it('ends when it is told to, and when the connection breaks', async () => {
    const abort = new AbortController();
    const [client] = memoryPair();
    const world = { clock: new SystemClock(), random: new SystemRandom(), log: new CollectedLog() };
    const options = { domain: 'attic.local', authority: undefined, account, create: 'first', resource: 'r' };
    const opening = openSession(client, { ...options, signal: abort.signal } as SessionOptions, world);
    abort.abort();
    expect((await failure(opening)).failure).toBe('unreachable');
    const hub = new ScriptedHub('attic.local', authority);
    const session = await open(hub);
    session.start({ serves: () => true, receive: () => undefined });
    hub.stream?.connection.destroy();
    expect(await session.ended).toContain('ended');
  });

  it('does not believe what comes between proceed and TLS', async () => {
    const [client, server] = memoryPair();
    const world = { clock: new SystemClock(), random: new SystemRandom(), log: new CollectedLog() };
    const options = { domain: 'attic.local', authority: undefined, account, create: 'first', resource: 'r' };
    let said = '';
    server.on('data', (bytes: Buffer) => {
      said += bytes.toString('latin1');
      if (said.includes('starttls'))
        server.write(
          "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1</mechanism></mechanisms></stream:features>",
        );
      else
        server.write(
          "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0' from='attic.local'><stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>",
        );
    });
    server.on('error', () => undefined);
    const opening = failure(openSession(client, options as SessionOptions, world));
    server.once('end', () => server.destroy());
    await new Promise<void>((resolve) => {
      const look = () => (said.includes('\u0016\u0003') ? resolve() : setImmediate(look));
      look();
    });
    server.end();
    await opening;
    expect(said).not.toContain('SCRAM');
  });
});
