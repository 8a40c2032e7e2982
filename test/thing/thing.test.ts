import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { decodeClaimCode } from '../../src/domain/claim-code.js';
import { SystemRandom } from '../../src/system/random.js';
import type { ThingEvents, ThingOptions } from '../../src/thing/index.js';
import { Thing } from '../../src/thing/index.js';
import { ScriptedHub } from '../actors/scripted-hub.js';
import { TestAuthority } from '../actors/test-authority.js';
import { CollectedLog } from '../world/collected-log.js';
import { ManualClock } from '../world/manual-clock.js';
import { MemoryFiles } from '../world/memory-files.js';
import { MemoryNetwork } from '../world/memory-network.js';

const DISCO = 'urn:nf:iot:disco:1.0';
const PROV = 'urn:nf:iot:prov:d:1.0';
const HUB = 'hub.attic.local';
const OWNER = 'anna@attic.local';

describe('a thing', () => {
  let authority: TestAuthority;
  let hub: ScriptedHub;
  let clock: ManualClock;
  let files: MemoryFiles;
  let log: CollectedLog;
  let network: MemoryNetwork;
  let closeListener: () => Promise<void> = async () => undefined;
  const things: Thing[] = [];
  const brightness = { value: 40 };

  beforeAll(() => {
    authority = new TestAuthority();
  });

  afterEach(async () => {
    for (const thing of things.splice(0)) {
      const stopped = thing.stop();
      clock.advance(60_000);
      await stopped;
    }
    clock.advance(10_000);
    expect(clock.waiting()).toEqual([]);
  });

  async function plugIn(): Promise<void> {
    clock = new ManualClock();
    files = new MemoryFiles();
    log = new CollectedLog();
    await serve(new ScriptedHub('attic.local', authority));
  }

  async function serve(next: ScriptedHub): Promise<void> {
    hub = next;
    network = network ?? new MemoryNetwork();
    await closeListener();
    const listener = await network.listen({ host: '192.0.2.1', port: 5222 }, (end) => hub.accept(end));
    closeListener = () => listener.close();
  }

  function make(changes: Partial<ThingOptions> = {}): Thing {
    const world = { clock, files, log, network, random: new SystemRandom() };
    const thing = new Thing(
      {
        kind: 'lamp',
        folder: '/var/lib/lamp',
        tags: { SN: '0042', V: 1.2 },
        server: { host: '192.0.2.1', port: 5222 },
        fields: [
          { name: 'Power', unit: 'W', decimals: 1, read: () => 7.25 },
          { name: 'Serial', kind: 'identity', read: () => '0042' },
          {
            name: 'Broken',
            kind: 'status',
            read: () => {
              throw new Error('no sensor');
            },
          },
        ],
        parameters: [
          {
            name: 'Brightness',
            type: 'int',
            min: 0,
            max: 100,
            get: () => brightness.value,
            set: (value) => {
              brightness.value = value;
            },
          },
        ],
        ...changes,
      },
      world,
    );
    things.push(thing);
    return thing;
  }

  /** Starts a thing and answers its registration; `owner` if it is claimed already. */
  async function online(thing: Thing, owner?: string): Promise<void> {
    const started = thing.start();
    await register(owner);
    await started;
    await hub.receives('<presence/>');
  }

  async function register(owner?: string) {
    const iq = await hub.receives(`<iq type="set" to="${HUB}"><register xmlns="${DISCO}"/></iq>`);
    const claimed = `<claimed xmlns="${DISCO}" jid="${owner}" public="true"/>`;
    const content = owner === undefined ? '' : claimed;
    hub.sends(`<iq type="result" from="${HUB}" to="{jid}" id="${iq.attribute('id')}">${content}</iq>`);
    return iq;
  }

  function next<Name extends keyof ThingEvents>(thing: Thing, name: Name): Promise<ThingEvents[Name]> {
    return new Promise((resolve) => {
      const off = thing.on(name, (event) => {
        off();
        resolve(event);
      });
    });
  }

  /** The hub answers the thing's next question about `jid`. */
  async function answerIsFriend(jid: string, result: boolean): Promise<void> {
    const iq = await hub.receives(`<iq type="get" to="${HUB}"><isFriend xmlns="${PROV}" jid="${jid}"/></iq>`);
    hub.sends(
      `<iq type="result" from="${HUB}" to="{jid}" id="${iq.attribute('id')}"><isFriendResponse xmlns="${PROV}" jid="${jid}" result="${result}"/></iq>`,
    );
  }

  it('registers with its tags and KEY, and says the same in its claim code', async () => {
    await plugIn();
    const thing = make();
    const started = thing.start();
    const iq = await register();
    await started;
    const code = decodeClaimCode(thing.claimCode ?? '');
    expect(code.registry).toBe(HUB);
    const registered = iq
      .elements()[0]
      ?.elements()
      .map((tag) => [tag.name, { ...tag.attributes }]);
    expect(registered).toEqual(
      code.tags.map(({ name, value }) => [
        typeof value === 'number' ? 'num' : 'str',
        { name, value: String(value) },
      ]),
    );
    expect(code.tags.map(({ name }) => name)).toEqual(['CLASS', 'SN', 'V', 'KEY']);
    expect(thing.jid).toMatch(/^lamp-[a-z2-7]{8}@attic\.local$/);
    const [, key] = /KEY=([A-Z2-7]{32});/.exec(thing.claimCode ?? '') ?? [];
    expect(key).toBeDefined();
    expect(JSON.stringify(log.lines)).not.toContain(key);
  });

  it('keeps account, KEY and authority over a restart', async () => {
    await plugIn();
    const first = make();
    await online(first);
    const before = [first.jid, first.claimCode];
    await first.stop();
    const second = make();
    await online(second);
    expect([second.jid, second.claimCode]).toEqual(before);
    expect(hub.accounts.size).toBe(1);
  });

  it('acknowledges claimed and removed, and registers again when it is disowned', async () => {
    await plugIn();
    const thing = make();
    await online(thing);
    const claimed = next(thing, 'claimed');
    hub.sends(
      `<iq type="set" from="${HUB}" to="{jid}" id="a1"><claimed xmlns="${DISCO}" jid="${OWNER}" public="false"/></iq>`,
    );
    await hub.receives(`<iq type="result" id="a1" to="${HUB}"/>`);
    expect(await claimed).toEqual({ owner: OWNER, public: false });
    hub.sends(`<iq type="set" from="${HUB}" to="{jid}" id="a2"><removed xmlns="${DISCO}"/></iq>`);
    await hub.receives(`<iq type="result" id="a2"/>`);
    const disowned = next(thing, 'disowned');
    hub.sends(`<iq type="set" from="${HUB}" to="{jid}" id="a3"><disowned xmlns="${DISCO}"/></iq>`);
    await hub.receives(`<iq type="result" id="a3"/>`);
    await disowned;
    expect(hub.unread.some((stanza) => stanza.attribute('type') === 'set')).toBe(false);
    clock.advance(0);
    await register();
  });

  it('believes the hub only', async () => {
    await plugIn();
    const thing = make();
    await online(thing);
    const seen: string[] = [];
    for (const name of ['claimed', 'disowned', 'removed', 'unfriend'] as const)
      thing.on(name, () => seen.push(name));
    let id = 0;
    for (const from of ['eve@attic.local/x', 'attic.local', `eve@${HUB}`, `${HUB}/x`]) {
      for (const payload of [
        `<claimed xmlns="${DISCO}" jid="eve@attic.local"/>`,
        `<disowned xmlns="${DISCO}"/>`,
        `<removed xmlns="${DISCO}"/>`,
        `<clearCache xmlns="${PROV}"/>`,
        `<query xmlns="jabber:iq:roster"><item jid="eve@attic.local" subscription="both"/></query>`,
      ]) {
        hub.sends(`<iq type="set" from="${from}" to="{jid}" id="e${id}">${payload}</iq>`);
        await hub.receives(
          `<iq type="error" id="e${id++}"><error><forbidden xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>`,
        );
      }
      hub.sends(
        `<message from="${from}" to="{jid}"><friend xmlns="${PROV}" jid="eve@attic.local"/></message>`,
      );
      hub.sends(`<message from="${from}" to="{jid}"><unfriend xmlns="${PROV}" jid="${OWNER}"/></message>`);
    }
    hub.sends(`<iq type="get" from="${HUB}" to="{jid}" id="last"><ping xmlns="urn:xmpp:ping"/></iq>`);
    await hub.receives('<iq type="result" id="last"/>');
    expect(seen).toEqual([]);
    expect(hub.unread).toEqual([]);
  });

  it('asks the hub about strangers once, keeps the answer over a restart, and asks again after clearCache', async () => {
    await plugIn();
    const first = make();
    await online(first, OWNER);
    hub.sends('<presence type="subscribe" from="bob@attic.local" to="{jid}"/>');
    await answerIsFriend('bob@attic.local', false);
    await hub.receives('<presence type="unsubscribed" to="bob@attic.local"/>');
    hub.sends('<presence type="subscribe" from="bob@attic.local" to="{jid}"/>');
    await hub.receives('<presence type="unsubscribed" to="bob@attic.local"/>');
    await first.stop();
    const second = make();
    await online(second, OWNER);
    hub.sends('<presence type="subscribe" from="bob@attic.local" to="{jid}"/>');
    await hub.receives('<presence type="unsubscribed" to="bob@attic.local"/>');
    hub.sends(`<iq type="set" from="${HUB}" to="{jid}" id="c1"><clearCache xmlns="${PROV}"/></iq>`);
    const acknowledgement = await hub.receives('<iq type="result" id="c1"/>');
    expect(acknowledgement.children).toEqual([]);
    hub.sends(`<message from="${HUB}" to="{jid}"><friend xmlns="${PROV}" jid="bob@attic.local"/></message>`);
    await hub.receives('<presence type="subscribe" to="bob@attic.local"/>');
    hub.sends('<presence type="subscribe" from="bob@attic.local" to="{jid}"/>');
    await answerIsFriend('bob@attic.local', true);
    await hub.receives('<presence type="subscribed" to="bob@attic.local"/>');
    hub.sends(
      `<message from="${HUB}" to="{jid}"><unfriend xmlns="${PROV}" jid="bob@attic.local"/></message>`,
    );
    await hub.receives('<presence type="unsubscribed" to="bob@attic.local"/>');
  });

  it('does not keep an answer that clearCache overtook', async () => {
    await plugIn();
    const thing = make();
    await online(thing);
    hub.sends('<presence type="subscribe" from="bob@attic.local" to="{jid}"/>');
    const iq = await hub.receives(`<iq type="get"><isFriend xmlns="${PROV}"/></iq>`);
    hub.sends(`<iq type="set" from="${HUB}" to="{jid}" id="c1"><clearCache xmlns="${PROV}"/></iq>`);
    await hub.receives('<iq type="result" id="c1"/>');
    hub.sends(
      `<iq type="result" from="${HUB}" to="{jid}" id="${iq.attribute('id')}"><isFriendResponse xmlns="${PROV}" jid="bob@attic.local" result="false"/></iq>`,
    );
    await hub.receives('<presence type="unsubscribed" to="bob@attic.local"/>');
    hub.sends('<presence type="subscribe" from="bob@attic.local" to="{jid}"/>');
    await answerIsFriend('bob@attic.local', true);
    await hub.receives('<presence type="subscribed" to="bob@attic.local"/>');
  });

  it('befriends hub and owner without asking', async () => {
    await plugIn();
    await online(make(), OWNER);
    hub.sends(`<presence type="subscribe" from="${HUB}" to="{jid}"/>`);
    await hub.receives(`<presence type="subscribed" to="${HUB}"/>`);
    hub.sends(`<presence type="subscribe" from="${OWNER}" to="{jid}"/>`);
    await hub.receives(`<presence type="subscribed" to="${OWNER}"/>`);
    await hub.receives(`<presence type="subscribe" to="${OWNER}"/>`);
    expect(hub.unread).toEqual([]);
  });

  it('leaves a request for friendship open while the hub does not decide', async () => {
    await plugIn();
    await online(make());
    hub.sends('<presence type="subscribe" from="bob@attic.local" to="{jid}"/>');
    const iq = await hub.receives(`<iq type="get"><isFriend xmlns="${PROV}"/></iq>`);
    hub.sends(
      `<iq type="error" from="${HUB}" to="{jid}" id="${iq.attribute('id')}"><error type="wait"><internal-server-error xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>`,
    );
    hub.sends(`<iq type="get" from="${HUB}" to="{jid}" id="p"><ping xmlns="urn:xmpp:ping"/></iq>`);
    await hub.receives('<iq type="result" id="p"/>');
    hub.sends('<presence type="subscribe" from="bob@attic.local" to="{jid}"/>');
    await answerIsFriend('bob@attic.local', true);
    await hub.receives('<presence type="subscribed" to="bob@attic.local"/>');
    expect(hub.unread.filter((stanza) => stanza.attribute('type') === 'unsubscribed')).toEqual([]);
  });

  it('lets its owner read, and tells the fields that failed', async () => {
    await plugIn();
    const thing = make();
    await online(thing, OWNER);
    const read = next(thing, 'read');
    const req = '<req xmlns="urn:xmpp:iot:sensordata" seqnr="7" all="true"/>';
    hub.sends(`<iq type="get" from="${OWNER}/phone" to="{jid}" id="r1">${req}</iq>`);
    await hub.receives(
      '<iq type="result" id="r1"><accepted xmlns="urn:xmpp:iot:sensordata" seqnr="7"/></iq>',
    );
    clock.advance(0);
    await hub.receives(`<message to="${OWNER}/phone"><fields xmlns="urn:xmpp:iot:sensordata" seqnr="7"><node><timestamp value="2026-01-01T00:00:00Z">
      <numeric name="Power" momentary="true" automaticReadout="true" value="7.3" unit="W"/>
      <string name="Serial" identity="true" value="0042"/></timestamp></node></fields></message>`);
    await hub.receives(
      '<message><failure xmlns="urn:xmpp:iot:sensordata" seqnr="7" done="true"><error>Broken: no sensor</error></failure></message>',
    );
    expect(await read).toEqual({ by: OWNER, fields: ['Power', 'Serial', 'Broken'] });
  });

  it('reads the fields that were asked for, by name or category', async () => {
    await plugIn();
    await online(make(), OWNER);
    const ask = async (id: string, req: string): Promise<void> => {
      hub.sends(`<iq type="get" from="${OWNER}/phone" to="{jid}" id="${id}">${req}</iq>`);
      await hub.receives(`<iq type="result" id="${id}"/>`);
      clock.advance(0);
    };
    await ask('n', '<req xmlns="urn:xmpp:iot:sensordata" seqnr="1"><field name="Power"/></req>');
    const byName = await hub.receives(
      '<message><fields xmlns="urn:xmpp:iot:sensordata" seqnr="1" done="true"/></message>',
    );
    expect(JSON.stringify(byName)).not.toContain('Serial');
    await ask('k', '<req xmlns="urn:xmpp:iot:sensordata" seqnr="2" identity="true"/>');
    const byKind = await hub.receives(
      '<message><fields xmlns="urn:xmpp:iot:sensordata" seqnr="2" done="true"/></message>',
    );
    expect(JSON.stringify(byKind)).not.toContain('Power');
    await ask('h', '<req xmlns="urn:xmpp:iot:sensordata" seqnr="3" historicalDay="true"/>');
    await hub.receives('<message><done xmlns="urn:xmpp:iot:sensordata" seqnr="3"/></message>');
  });

  it.each([
    ['<req xmlns="urn:xmpp:iot:sensordata" seqnr="x"/>', 'bad-request'],
    ['<req xmlns="urn:xmpp:iot:sensordata" seqnr="1" momentary="maybe"/>', 'bad-request'],
    ['<req xmlns="urn:xmpp:iot:sensordata" seqnr="1" when="2026-01-01T00:00:00"/>', 'bad-request'],
    ['<req xmlns="urn:xmpp:iot:sensordata" seqnr="1"><node nodeId="N1"/></req>', 'item-not-found'],
    ['<set xmlns="urn:xmpp:iot:control"/>', 'bad-request'],
    [
      '<set xmlns="urn:xmpp:iot:control"><node nodeId="N1"/><int name="Brightness" value="1"/></set>',
      'item-not-found',
    ],
    ['<set xmlns="urn:xmpp:iot:control"><int name="Colour" value="1"/></set>', 'bad-request'],
    ['<set xmlns="urn:xmpp:iot:control"><string name="Brightness" value="1"/></set>', 'bad-request'],
    ['<set xmlns="urn:xmpp:iot:control"><int name="Brightness" value="101"/></set>', 'bad-request'],
    ['<set xmlns="urn:xmpp:iot:control"><int name="Brightness" value="1e1"/></set>', 'bad-request'],
    ['<set xmlns="urn:xmpp:iot:control"><int name="Brightness" value=""/></set>', 'bad-request'],
    ['<unknown xmlns="urn:example"/>', 'service-unavailable'],
  ])('refuses %s of its owner', async (payload, condition) => {
    await plugIn();
    await online(make(), OWNER);
    brightness.value = 40;
    hub.sends(`<iq type="set" from="${OWNER}/phone" to="{jid}" id="w1">${payload}</iq>`);
    await hub.receives(
      `<iq type="error" id="w1"><error><${condition} xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>`,
    );
    expect(brightness.value).toBe(40);
  });

  it('refuses strangers without a word on what it has', async () => {
    await plugIn();
    await online(make(), OWNER);
    brightness.value = 40;
    const payloads = [
      '<req xmlns="urn:xmpp:iot:sensordata" seqnr="7" all="true"/>',
      '<set xmlns="urn:xmpp:iot:control"><int name="Brightness" value="1"/></set>',
      '<set xmlns="urn:xmpp:iot:control"><int name="Nothing" value="1"/></set>',
    ];
    for (const [at, payload] of payloads.entries()) {
      hub.sends(`<iq type="set" from="bob@attic.local/x" to="{jid}" id="s${at}">${payload}</iq>`);
      if (at === 0) await answerIsFriend('bob@attic.local', false);
      const refusal = await hub.receives(
        `<iq type="error" id="s${at}"><error><forbidden xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>`,
      );
      expect(JSON.stringify(refusal)).not.toContain('Brightness');
    }
    expect(brightness.value).toBe(40);
  });

  it('is controlled by iq, by message and by form', async () => {
    await plugIn();
    const thing = make();
    await online(thing, OWNER);
    const set = (value: number) =>
      `<set xmlns="urn:xmpp:iot:control"><int name="Brightness" value="${value}"/></set>`;
    hub.sends(`<iq type="set" from="${OWNER}/phone" to="{jid}" id="k1">${set(10)}</iq>`);
    await hub.receives('<iq type="result" id="k1"><setResponse xmlns="urn:xmpp:iot:control"/></iq>');
    expect(brightness.value).toBe(10);
    const controlled = next(thing, 'control');
    hub.sends(`<message from="${OWNER}/phone" to="{jid}">${set(11)}</message>`);
    expect(await controlled).toEqual({ by: OWNER, parameters: ['Brightness'] });
    expect(brightness.value).toBe(11);
    hub.sends(`<message from="${OWNER}/phone" to="{jid}">${set(1000)}</message>`);
    hub.sends(
      `<iq type="get" from="${OWNER}/phone" to="{jid}" id="k2"><getForm xmlns="urn:xmpp:iot:control"/></iq>`,
    );
    await hub.receives(`<iq type="result" id="k2"><x xmlns="jabber:x:data" type="form"><field var="Brightness" type="text-single"><value>11</value>
      <validate xmlns="http://jabber.org/protocol/xdata-validate" datatype="xs:int"><range min="0" max="100"/></validate></field></x></iq>`);
    hub.sends(`<iq type="set" from="${OWNER}/phone" to="{jid}" id="k3"><set xmlns="urn:xmpp:iot:control"><x xmlns="jabber:x:data" type="submit">
      <field var="xdd session" type="hidden"><value>s</value></field><field var="Brightness"><value>12</value></field></x></set></iq>`);
    await hub.receives('<iq type="result" id="k3"><setResponse xmlns="urn:xmpp:iot:control"/></iq>');
    expect(brightness.value).toBe(12);
    hub.sends(`<iq type="set" from="${OWNER}/phone" to="{jid}" id="k4">${set(101)}</iq>`);
    await hub.receives(
      '<iq type="error" id="k4"><error type="modify"><bad-request xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/><paramError xmlns="urn:xmpp:iot:control" var="Brightness">Invalid parameter value.</paramError></error></iq>',
    );
    expect(hub.unread).toEqual([]);
  });

  it('says what it can', async () => {
    await plugIn();
    await online(make());
    hub.sends(
      `<iq type="get" from="${HUB}" to="{jid}" id="d"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>`,
    );
    await hub.receives(`<iq type="result" id="d"><query xmlns="http://jabber.org/protocol/disco#info">
      <feature var="urn:xmpp:ping"/><feature var="${DISCO}"/><feature var="${PROV}"/>
      <feature var="urn:xmpp:iot:sensordata"/><feature var="urn:xmpp:iot:control"/></query></iq>`);
  });

  it('comes back by itself, with growing pauses, and registers again', async () => {
    await plugIn();
    const thing = make();
    await online(thing);
    const trouble = next(thing, 'trouble');
    hub.stream?.close();
    const { retryIn } = await trouble;
    expect(retryIn).toBeLessThanOrEqual(2_000);
    expect(thing.phase).toBe('waiting');
    await closeListener();
    const worse = next(thing, 'trouble');
    clock.advance(retryIn);
    const { error, retryIn: longer } = await worse;
    expect(error.message).toContain('does not answer');
    await serve(hub);
    const connected = next(thing, 'connected');
    clock.advance(longer);
    await register();
    expect((await connected).hub).toBe(HUB);
  });

  it('gives a hub up that does not answer its ping', async () => {
    await plugIn();
    const thing = make();
    await online(thing);
    const disconnected = next(thing, 'disconnected');
    clock.advance(60_000);
    await hub.receives('<iq type="get" to="attic.local"><ping xmlns="urn:xmpp:ping"/></iq>');
    clock.advance(20_000);
    expect((await disconnected).reason).toContain('connection-timeout');
  });

  it('refuses another authority until it is told to forget its hub', async () => {
    await plugIn();
    const thing = make();
    await online(thing);
    const [jid, code] = [thing.jid, thing.claimCode];
    const trouble = next(thing, 'trouble');
    hub.stream?.close();
    const { retryIn } = await trouble;
    await serve(new ScriptedHub('attic.local', new TestAuthority('Evil twin')));
    const refused = next(thing, 'trouble');
    clock.advance(retryIn);
    expect((await refused).error).toMatchObject({ failure: 'authority-changed' });
    expect(hub.accounts.size).toBe(0);
    const connected = next(thing, 'connected');
    await thing.forget();
    await register();
    await connected;
    expect(thing.jid).not.toBe(jid);
    expect(thing.claimCode).toBe(code);
  });

  it('takes another name when its own is taken', async () => {
    await plugIn();
    files.write(
      '/var/lib/lamp/identity.json',
      JSON.stringify({ key: 'K', account: { name: 'lamp', password: 'mine', created: false } }),
    );
    await hub.makeAccount('lamp', 'of somebody else');
    const thing = make();
    const trouble = next(thing, 'trouble');
    const started = thing.start();
    const { error, retryIn } = await trouble;
    expect(error).toMatchObject({ failure: 'name-taken' });
    clock.advance(retryIn);
    await register();
    await started;
    expect(thing.jid).toMatch(/^lamp-/);
  });

  it('acknowledges clearCache as the XEP says when it speaks the oldest namespaces', async () => {
    await plugIn();
    hub.features = ['urn:xmpp:iot:discovery', 'urn:xmpp:iot:provisioning'];
    const thing = make();
    const started = thing.start();
    const iq = await hub.receives(`<iq type="set"><register xmlns="urn:xmpp:iot:discovery"/></iq>`);
    hub.sends(`<iq type="result" from="${HUB}" to="{jid}" id="${iq.attribute('id')}"/>`);
    await started;
    await hub.receives(`<presence type="subscribe" to="${HUB}"/>`);
    hub.sends(
      `<iq type="set" from="${HUB}" to="{jid}" id="c"><clearCache xmlns="urn:xmpp:iot:provisioning"/></iq>`,
    );
    await hub.receives(
      '<iq type="result" id="c"><clearCacheResponse xmlns="urn:xmpp:iot:provisioning"/></iq>',
    );
  });

  it('tries again where there is no registry, and stops whenever it is told to', async () => {
    await plugIn();
    hub.features = [];
    const thing = make();
    const trouble = next(thing, 'trouble');
    const started = thing.start();
    started.catch(() => undefined);
    expect((await trouble).error).toMatchObject({ failure: 'no-registry' });
    await thing.stop();
    await expect(started).rejects.toThrow('stopped');
  });

  it('refuses wrong options and damaged files at the start', async () => {
    await plugIn();
    await expect(make({ kind: 'a lamp' }).start()).rejects.toThrow('kind');
    await expect(make({ tags: { KEY: '1' } }).start()).rejects.toThrow('KEY');
    await files.write('/var/lib/lamp/identity.json', '{"key":1}');
    await expect(make().start()).rejects.toThrow('damaged');
  });
});
