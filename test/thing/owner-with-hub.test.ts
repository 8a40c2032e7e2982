import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../src/config/load.js';
import type { AdminOperation, AdminOperations } from '../../src/domain/admin.js';
import { createHub, type Hub } from '../../src/main.js';
import { systemWorld, type World } from '../../src/system/world.js';
import { type Login, logIn, type Thing, type ThingEvents } from '../../src/thing/index.js';
import { simulatedKinds } from '../../src/thing/simulated/kinds.js';
import { commands } from '../../src/web/commands.js';
import { Actor } from '../exchange/actor.js';
import { CollectedLog } from '../world/collected-log.js';

/** Owners with the library, and things with the library, at the real hub over loopback. */
describe('owners, a concentrator and the hub', () => {
  const domain = 'attic.local';
  const jidOf = (name: string) => `${name}@${domain}`;
  let folder: string;
  let world: World;
  let hub: Hub;
  let port: number;
  const things: Thing[] = [];
  const logins: Login[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hearth-owner-'));
    world = systemWorld(new CollectedLog());
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
    for (const name of ['anna', 'bert', 'cleo'])
      await admin('accounts-add', { name, owner: true, password: `${name}-secret` });
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

  async function plugIn(
    kind: string,
    changes: { selfOwned?: boolean; generation?: 'xmpp' } = {},
  ): Promise<Thing> {
    const make = simulatedKinds.get(kind);
    if (make === undefined) throw new Error(`no ${kind}`);
    const thing = make(
      { folder: join(folder, kind), server: { host: '127.0.0.1', port }, ...changes },
      world,
    );
    things.push(thing);
    await thing.start();
    return thing;
  }

  async function enter(name: string, changes: { generation?: 'xmpp' } = {}): Promise<Login> {
    const account = { name, password: `${name}-secret` };
    const login = await logIn({ account, server: { host: '127.0.0.1', port }, ...changes }, world);
    logins.push(login);
    return login;
  }

  function next<Name extends keyof ThingEvents>(thing: Thing, name: Name): Promise<ThingEvents[Name]> {
    return new Promise((resolve) => {
      const off = thing.on(name, (event) => {
        off();
        resolve(event);
      });
    });
  }

  const codeOf = (thing: Thing, nodeId: string): string =>
    thing.claimCodes.find(({ node }) => node?.nodeId === nodeId)?.claimCode ?? '';

  async function found({ registry }: Login, ...terms: string[]): Promise<string[]> {
    const names: string[] = [];
    for await (const { thing } of registry.searchAll(terms, 1)) names.push(thing.nodeId || thing.jid);
    return names;
  }

  it('nodes are claimed each by another owner; one is removed, one disowned and claimed by a third', async () => {
    const rack = await plugIn('concentrator');
    const jid = rack.jid ?? '';
    const [anna, bert, cleo] = [await enter('anna'), await enter('bert'), await enter('cleo')];
    const claimed = next(rack, 'claimed');
    const answer = await anna.registry.claim(codeOf(rack, 'meter-1'));
    const meter = { jid, nodeId: 'meter-1', sourceId: 'cupboard', cacheType: '' };
    expect(answer).toEqual({ thing: meter, public: true });
    expect(await claimed).toMatchObject({ owner: jidOf('anna'), node: { nodeId: 'meter-1' } });
    const bertsLamp = next(rack, 'claimed');
    await bert.registry.claim(codeOf(rack, 'lamp-1'));
    expect(await bertsLamp).toMatchObject({ owner: jidOf('bert'), node: { nodeId: 'lamp-1' } });
    expect(await found(cleo, 'MAN=hearth', 'SN~*')).toEqual(['meter-1', 'lamp-1']);

    expect(await rack.update({ ROOM: 'cellar', SN: '' }, { nodeId: 'meter-1', sourceId: 'cupboard' })).toBe(
      'done',
    );
    await anna.registry.update(`${jid}#cupboard/meter-1`, { ROOM: 'attic', LAT: 59.4 });
    expect(await found(cleo, 'ROOM=attic', 'LAT=59..60')).toEqual(['meter-1']);
    await expect(bert.registry.update(meter, { ROOM: 'x' })).rejects.toMatchObject({
      condition: 'item-not-found',
    });

    const removed = next(rack, 'removed');
    await anna.registry.remove(meter);
    expect(await removed).toMatchObject({ node: { nodeId: 'meter-1' } });
    expect(await found(cleo, 'MAN=hearth')).toEqual(['lamp-1']);
    expect(await rack.update({ ROOM: 'roof' }, { nodeId: 'meter-1', sourceId: 'cupboard' })).toBe('removed');

    const code = codeOf(rack, 'lamp-1');
    const free = next(rack, 'claimable');
    await bert.registry.disown(`${jid}#cupboard/lamp-1`);
    const { claimCode } = await free;
    expect(claimCode).not.toBe(code);
    await expect(bert.registry.claim(code)).rejects.toMatchObject({ condition: 'item-not-found' });
    const third = next(rack, 'claimed');
    await cleo.registry.claim(claimCode, { public: false });
    expect(await third).toMatchObject({ owner: jidOf('cleo'), public: false, node: { nodeId: 'lamp-1' } });
    const { things: all } = await admin('things', {});
    expect(all.map(({ address, owner }) => [address, owner])).toEqual([
      [`${jid}#cupboard/lamp-1`, jidOf('cleo')],
      [`${jid}#cupboard/meter-1`, jidOf('anna')],
      [`${jid}#cupboard/valve-1`, null],
    ]);
  });

  it('a thing that is away cannot be disowned; one that belongs to itself is found at once', async () => {
    const lamp = await plugIn('lamp', { generation: 'xmpp' });
    const temperature = await plugIn('temperature', { selfOwned: true });
    const anna = await enter('anna', { generation: 'xmpp' });
    const claimed = next(lamp, 'claimed');
    await anna.registry.claim(lamp.claimCode ?? '');
    await claimed;
    const { things: first, more } = await anna.registry.search(['CLASS~*'], { maxCount: 1 });
    expect([first.length, more]).toEqual([1, true]);
    const all = await found(anna);
    expect(all.sort()).toEqual([lamp.jid, temperature.jid].sort());
    const jid = lamp.jid ?? '';
    await lamp.stop();
    await expect(anna.registry.disown(jid)).rejects.toMatchObject({ condition: 'not-allowed' });
    await temperature.unregister();
    expect(await found(anna)).toEqual([jid]);
    const { things: left } = await anna.registry.search([]);
    expect(left[0]?.owner).toBe(jidOf('anna'));
  });

  it('a thing that registers before it acknowledges is free from then on', async () => {
    const anna = await enter('anna');
    const mock = new Actor('mock', domain, () => world.network.connect({ host: '127.0.0.1', port }), world);
    await mock.arrives();
    const disco = 'urn:nf:iot:disco:1.0';
    const register = (id: string, key: string) =>
      mock.sends(`<iq type='set' id='${id}' to='hub.${domain}'><register xmlns='${disco}'>
        <str name='SN' value='1'/><str name='KEY' value='${key}'/></register></iq>`);
    register('r1', 'first');
    await mock.receives("<iq type='result' id='r1'/>");
    mock.sends('<presence/>');
    await anna.registry.claim({ SN: '1', KEY: 'first' });
    const claimed = await mock.receives(`<iq type='set'><claimed xmlns='${disco}'/></iq>`);
    mock.sends(`<iq type='result' id='${claimed.attribute('id')}' to='hub.${domain}'/>`);
    const disowning = anna.registry.disown(jidOf('mock'));
    const notice = await mock.receives(`<iq type='set'><disowned xmlns='${disco}'/></iq>`);
    register('r2', 'second');
    const answer = await mock.receives("<iq type='result' id='r2'/>");
    expect(answer.elements()).toEqual([]);
    await disowning;
    mock.sends(`<iq type='result' id='${notice.attribute('id')}' to='hub.${domain}'/>`);
    const bert = await enter('bert');
    await expect(anna.registry.claim({ SN: '1', KEY: 'first' })).rejects.toThrow('item-not-found');
    await bert.registry.claim({ SN: '1', KEY: 'second' });
    await mock.leaves();
  });

  it('says in an owner’s program why it does not log in, and what it cannot search', async () => {
    const server = { host: '127.0.0.1', port };
    const account = { name: 'anna', password: 'wrong' };
    await expect(logIn({ account, server }, world)).rejects.toMatchObject({ failure: 'login-refused' });
    await expect(logIn({ account: { name: 'nobody', password: 'x' }, server }, world)).rejects.toMatchObject({
      failure: 'login-refused',
    });
    const anna = await enter('anna');
    expect(anna.authority).toContain('BEGIN CERTIFICATE');
    expect(anna.jid).toBe(`${jidOf('anna')}/app`);
    await expect(anna.registry.search(['FLOOR=2'])).rejects.toThrow('number or a text');
    await expect(anna.registry.search(['nothing'])).rejects.toThrow('nothing');
    await expect(anna.registry.claim('https://example.org')).rejects.toThrow('claim code');
    await expect(anna.registry.update('@', { ROOM: 'x' })).rejects.toThrow('XMPP address');
    await anna.close();
    await expect(anna.registry.search([])).rejects.toMatchObject({ failure: 'unreachable' });
    expect(await anna.ended).toBeTypeOf('string');
  });

  it('an owner befriends a lamp of hers and reads it; a stranger is refused until she allows it', async () => {
    const lamp = await plugIn('lamp');
    const jid = lamp.jid ?? '';
    const [anna, bert] = [await enter('anna'), await enter('bert')];
    const claimed = next(lamp, 'claimed');
    await anna.registry.claim(lamp.claimCode ?? '');
    await claimed;
    await expect(anna.things.read(jid)).rejects.toThrow('befriend(jid) first');
    expect(await anna.befriend(jid)).toBe('accepted');
    expect((await anna.things.read(jid, { fields: ['Brightness'] })).readings).toMatchObject([
      { value: 100 },
    ]);
    expect(await anna.befriend(jid)).toBe('accepted');
    const friends = async () => (await admin('friends', { thing: jid })).friends;
    await vi.waitFor(async () => expect(await friends()).toMatchObject([{ state: 'friends' }]));
    await anna.close();
    const again = await enter('anna');
    expect(await again.befriend(jid)).toBe('accepted');
    expect((await again.things.read(jid)).readings).toHaveLength(3);

    expect(await bert.befriend(jid)).toBe('refused');
    const { questions } = await admin('pending', { kind: 'friend' });
    await admin('allow', { number: questions[0]?.number ?? 0 });
    const bertsState = async () => (await friends()).find(({ who }) => who === jidOf('bert'))?.state;
    await vi.waitFor(async () => expect(await bertsState()).toBe('friends'), { timeout: 10_000 });
    expect(await bert.befriend(jid)).toBe('accepted');
    await expect(bert.befriend('no address')).rejects.toThrow('XMPP address');
  });
});
