import { createHash, X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.js';
import type { AdminOperation, AdminOperations } from '../../src/domain/admin.js';
import { createHub, type Hub } from '../../src/main.js';
import { systemWorld, type World } from '../../src/system/world.js';
import {
  type CertificatePair,
  type Login,
  logIn,
  RequestRefused,
  Thing,
  type ThingEvents,
  type ThingOptions,
} from '../../src/thing/index.js';
import { makeOwnCertificate } from '../../src/thing/own-certificate.js';
import { commands } from '../../src/web/commands.js';
import { CollectedLog } from '../world/collected-log.js';

/** A service reads a thing that must read another for that, at the real hub over loopback [0324 3.1.3]. */
describe('a service, two things and the hub', () => {
  const domain = 'attic.local';
  let folder: string;
  let log: CollectedLog;
  let world: World;
  let hub: Hub;
  let port: number;
  const things: Thing[] = [];
  const logins: Login[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hearth-chain-'));
    log = new CollectedLog();
    world = systemWorld(log);
    const set = [
      'mdns.enabled=false',
      `domain=${domain}`,
      'server.listen=["127.0.0.1"]',
      'server.port=0',
      'server.tlsPort=0',
    ];
    const machine = { label: 'attic', dataFolder: join(folder, 'hub'), thingsFolder: join(folder, 'things') };
    hub = createHub(await loadConfig({ env: {}, set }, machine, world.files), world);
    port = (await hub.start()).server?.port ?? 0;
    await admin('accounts-add', { name: 'anna', owner: true, password: 'anna-secret' });
    for (const name of ['billing', 'eve'])
      await admin('accounts-add', { name, owner: false, password: `${name}-secret` });
  });

  afterEach(async () => {
    for (const login of logins.splice(0)) await login.close();
    for (const thing of things.splice(0)) await thing.stop();
    await hub.stop();
    await rm(folder, { recursive: true });
  });

  function admin<Name extends AdminOperation>(
    name: Name,
    request: AdminOperations[Name]['request'],
  ): AdminOperations[Name]['answer'] | Promise<AdminOperations[Name]['answer']> {
    return commands[name].run(hub.admin, request);
  }

  function next<Name extends keyof ThingEvents>(thing: Thing, name: Name): Promise<ThingEvents[Name]> {
    return new Promise((resolve) => {
      const off = thing.on(name, (event) => {
        off();
        resolve(event);
      });
    });
  }

  /** A thing of anna's. */
  async function claimed(kind: string, fields: ThingOptions['fields']): Promise<Thing> {
    const thing = new Thing(
      { kind, folder: join(folder, kind), server: { host: '127.0.0.1', port }, fields: fields ?? [] },
      world,
    );
    things.push(thing);
    await thing.start();
    const owned = next(thing, 'claimed');
    await admin('claim', { code: thing.claimCode ?? '' });
    await owned;
    return thing;
  }

  async function enter(name: string, certificate?: CertificatePair): Promise<Login> {
    const account = { name, password: `${name}-secret` };
    const server = { host: '127.0.0.1', port };
    const login = await logIn({ account, server, ...(certificate && { certificate }) }, world);
    logins.push(login);
    return login;
  }

  /** The owner allows what somebody wanted of a thing to whoever comes with the service's token. */
  async function allowService(
    kind: string,
    thing: string,
    caller: string,
    { certificate }: CertificatePair,
  ): Promise<void> {
    const { questions } = await admin('pending', {});
    const question = questions.find(
      (one) => one.kind === kind && one.thing === thing && one.caller === caller,
    );
    expect(question, JSON.stringify(questions)).toBeDefined();
    const identity = createHash('sha256').update(new X509Certificate(certificate).raw).digest('hex');
    await hub.admin.decide.run(
      { number: question?.number ?? 0, allow: true, range: 'jid', subject: { kind: 'service', identity } },
      `anna@${domain}`,
    );
  }

  /** Asks again until the things have heard that their answers changed. */
  async function until<Answer>(
    ask: () => Promise<Answer>,
    isWanted: (answer: Answer) => boolean,
  ): Promise<Answer> {
    for (;;) {
      const answer = await ask().catch((error: unknown) => {
        if (!(error instanceof RequestRefused)) throw error;
        return undefined;
      });
      if (answer !== undefined && isWanted(answer)) return answer;
    }
  }

  it('pass on token and challenge along the chain', async () => {
    let readings = 0;
    const meter = await claimed('meter', [{ name: 'Energy', unit: 'kWh', read: () => ++readings }]);
    const gateway = await claimed('gateway', [
      {
        name: 'Total',
        unit: 'kWh',
        read: async (requester) => {
          const { readings: values } = await gateway.read(`${meter.jid}/thing`, { requester });
          return values[0]?.value ?? Number.NaN;
        },
      },
    ]);
    const certificate = await makeOwnCertificate('billing');
    const service = await enter('billing', certificate);
    const [token] = await service.serviceTokens();
    expect(token).toMatch(/^\S+$/);

    const read = () => service.things.read(`${gateway.jid}/thing`);
    await expect(read()).rejects.toMatchObject({ condition: 'forbidden' });
    await allowService('read', gateway.jid ?? '', `billing@${domain}`, certificate);

    // The gateway is let in, the meter behind it not yet: what it could not read is told.
    const denied = await until(read, ({ failures }) => failures.length > 0);
    expect(denied.failures[0]?.text).toContain('forbidden');
    await allowService('read', meter.jid ?? '', gateway.jid ?? '', certificate);
    const answer = await until(read, ({ readings: values }) => values.length > 0);
    expect(answer.readings).toMatchObject([{ name: 'Total', value: 1, unit: 'kWh' }]);
    expect(readings).toBe(1);

    // On its own behalf the gateway reads nothing there, and a stranger with the service's token has no answer for it.
    await expect(gateway.read(`${meter.jid}/thing`)).rejects.toMatchObject({ condition: 'forbidden' });
    const eve = await enter('eve');
    const stolen = { tokens: { service: [token ?? ''] } };
    await expect(eve.things.read(`${gateway.jid}/thing`, stolen)).rejects.toMatchObject({
      condition: 'forbidden',
    });
    await expect(eve.things.read(`${meter.jid}/thing`, stolen)).rejects.toMatchObject({
      condition: 'forbidden',
    });
    expect(readings).toBe(1);
  });
});
