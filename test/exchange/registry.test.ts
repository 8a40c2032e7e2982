import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LanStage } from './lan-stage.js';
import { MemoryStage } from './memory-stage.js';
import type { Role } from './role.js';

const NS = 'urn:xmpp:iot:discovery';
const HUB = 'hub.pronto.local';

/** Who has an account where things have none. */
const PERSONS = ['anna', 'bert', 'guest'];

type OpenStage = (settings?: readonly string[]) => Promise<MemoryStage | LanStage>;

describe.each<[string, OpenStage]>([
  ['things with accounts', (settings) => MemoryStage.open(settings)],
  ['things on the link', (settings) => LanStage.open(PERSONS, settings)],
])('the registry, between %s and owners', (things, open) => {
  const withAccounts = things === 'things with accounts';
  // What takes an account to begin with is no test on the link.
  const itWithAccounts = withAccounts ? it : () => undefined;
  let stage: MemoryStage | LanStage;

  beforeEach(async () => {
    stage = await open();
    await stage.admin('accounts-add', { name: 'anna', owner: true, password: 'anna-secret' });
    await stage.admin('accounts-add', { name: 'bert', owner: true, password: 'bert-secret' });
  });

  afterEach(() => stage.close());

  const arrive = async (name: string): Promise<Role> => {
    const actor = stage.actor(name);
    await actor.arrives();
    return actor;
  };

  const register = (id: string, key: string, more = '', attributes = '') =>
    `<iq type='set' id='${id}' to='${HUB}'><register xmlns='${NS}' ${attributes}>
       <str name='SN' value='1'/><str name='KEY' value='${key}'/>${more}</register></iq>`;

  const mine = (id: string, key: string, more = '') =>
    `<iq type='set' id='${id}' to='${HUB}'><mine xmlns='${NS}'>
       <str name='sn' value='1'/><str name='KEY' value='${key}'/>${more}</mine></iq>`;

  const result = (id: string, payload = '') => `<iq type='result' id='${id}' from='${HUB}'>${payload}</iq>`;
  /** The same to a thing. */
  const told = (id: string, payload = '') =>
    `<iq type='result' id='${id}' from='${stage.hub}'>${payload}</iq>`;
  const jidOf = (actor: Role) => actor.jid.replace(/\/.*$/, '');
  const refused = (id: string, condition: string) =>
    `<iq type='error' id='${id}'><error><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`;
  const claimed = (jid: string, node = '') => `<claimed xmlns='${NS}' jid='${jid}' public='true' ${node}/>`;

  it('a claim needs exactly the same tags: order, case of names and 1.0 for 1 do not matter', async () => {
    const [lamp, anna] = [await arrive('lamp'), await arrive('anna')];
    lamp.sends(register('r1', 'k1', "<num name='V' value='1.0'/>"));
    await lamp.receives(told('r1'));
    anna.sends(mine('m1', 'k1'));
    await stage.passes(anna.receives(refused('m1', 'item-not-found')));
    anna.sends(mine('m2', 'k1', "<num name='v' value='1'/><str name='X' value='y'/>"));
    await stage.passes(anna.receives(refused('m2', 'item-not-found')));
    anna.sends(mine('m3', 'k1', "<num name='v' value='1'/>"));
    await anna.receives(result('m3', claimed(jidOf(lamp))));
  });

  it('tag R alone claims nothing, not even a thing without tags', async () => {
    const [lamp, anna] = [await arrive('lamp'), await arrive('anna')];
    lamp.sends(`<iq type='set' id='r1' to='${HUB}'><register xmlns='${NS}'/></iq>`);
    await lamp.receives(told('r1'));
    anna.sends(
      `<iq type='set' id='m1' to='${HUB}'><mine xmlns='${NS}'><str name='R' value='${HUB}'/></mine></iq>`,
    );
    await stage.passes(anna.receives(refused('m1', 'bad-request')));
    expect((await stage.admin('things', {})).things).toMatchObject([{ owner: null }]);
  });

  itWithAccounts(
    'a page of a search is no larger than clients take, however much strangers put into their things',
    async () => {
      const [rack, anna] = [await arrive('rack'), await arrive('anna')];
      const value = '&amp;'.repeat(128);
      const tags = Array.from({ length: 60 }, (_, i) => `<str name='T${i}' value='${value}'/>`).join('');
      for (let i = 0; i < 90; i++) {
        rack.sends(
          `<iq type='set' id='r${i}' to='${HUB}'><register xmlns='${NS}' nodeId='n${i}' selfOwned='true'>${tags}</register></iq>`,
        );
        await rack.receives(told(`r${i}`));
      }
      const nodes = new Set<string | undefined>();
      for (let more = true; more; ) {
        const id = `s${nodes.size}`;
        anna.sends(
          `<iq type='get' id='${id}' to='${HUB}'><search xmlns='${NS}' offset='${nodes.size}' maxCount='100'/></iq>`,
        );
        const found = (await anna.receives(result(id))).child('found', NS);
        for (const thing of found?.elements() ?? []) nodes.add(thing.attribute('nodeId'));
        more = found?.attribute('more') === 'true';
      }
      expect(nodes.size).toBe(90);
    },
  );

  it('registering again replaces all tags; a claimed thing only learns its owner', async () => {
    const [lamp, anna] = [await arrive('lamp'), await arrive('anna')];
    lamp.sends(register('r1', 'k1'));
    await lamp.receives(told('r1'));
    lamp.sends(register('r2', 'k2', "<str name='NAME' value='x'/>"));
    await lamp.receives(told('r2'));
    anna.sends(mine('m1', 'k1'));
    await stage.passes(anna.receives(refused('m1', 'item-not-found')));
    anna.sends(mine('m2', 'k2', "<str name='NAME' value='x'/>"));
    await anna.receives(result('m2', claimed(jidOf(lamp))));
    lamp.sends(register('r3', 'k3'));
    await lamp.receives(told('r3', claimed('anna@pronto.local')));
    const { things } = await stage.admin('things', {});
    expect(things[0]?.tags).toEqual({ SN: '1', NAME: 'x' });
  });

  itWithAccounts('a self-owned thing is public at once, and searches never show KEY', async () => {
    const [lamp, anna] = [await arrive('lamp'), await arrive('anna')];
    lamp.sends(register('r1', 'secret', '', "selfOwned='true'"));
    await lamp.receives(told('r1'));
    const search = (id: string, operator: string) =>
      `<iq type='get' id='${id}' to='${HUB}'><search xmlns='${NS}' offset='0' maxCount='20'>${operator}</search></iq>`;
    anna.sends(search('s1', "<strEq name='SN' value='1'/>"));
    const found = await anna.receives(result('s1', `<found xmlns='${NS}' more='false'/>`));
    const thing = found.child('found', NS)?.elements()[0];
    expect(thing?.attribute('jid')).toBe(jidOf(lamp));
    expect(thing?.elements().map((tag) => tag.attribute('name'))).toEqual(['SN']);
    anna.sends(search('s2', "<strEq name='KEY' value='secret'/>"));
    const none = await anna.receives(result('s2', `<found xmlns='${NS}' more='false'/>`));
    expect(none.child('found', NS)?.elements()).toEqual([]);
  });

  it('things that nobody claimed, and private ones, are not found', async () => {
    const [lamp, anna] = [await arrive('lamp'), await arrive('anna')];
    lamp.sends(register('r1', 'k1'));
    await lamp.receives(told('r1'));
    const search = (id: string) =>
      `<iq type='get' id='${id}' to='${HUB}'><search xmlns='${NS}'><strEq name='SN' value='1'/></search></iq>`;
    anna.sends(search('s1'));
    const unclaimed = await anna.receives(result('s1', `<found xmlns='${NS}'/>`));
    expect(unclaimed.child('found', NS)?.elements()).toEqual([]);
    await stage.admin('claim', { code: 'IoTDisco;SN:1;KEY:k1', private: true, owner: 'anna@pronto.local' });
    anna.sends(search('s2'));
    const hidden = await anna.receives(result('s2', `<found xmlns='${NS}'/>`));
    expect(hidden.child('found', NS)?.elements()).toEqual([]);
  });

  it('nodes behind a concentrator are things of their own, told apart by all three parts', async () => {
    const [rack, anna] = [await arrive('rack'), await arrive('anna')];
    rack.sends(register('r1', 'k1', '', "nodeId='imc1' sourceId='MeteringTopology'"));
    rack.sends(register('r2', 'k2', '', "id='imc1' src='Other'"));
    await rack.receives(told('r1'));
    await rack.receives(told('r2'));
    anna.sends(mine('m1', 'k1'));
    await anna.receives(result('m1', claimed(jidOf(rack), "nodeId='imc1' sourceId='MeteringTopology'")));
    await rack.receives(
      `<iq type='set' from='${stage.hub}'>${claimed('anna@pronto.local', "nodeId='imc1' sourceId='MeteringTopology'")}</iq>`,
    );
    const { things } = await stage.admin('things', { unclaimed: true });
    expect(things.map(({ address }) => address)).toEqual([`${jidOf(rack)}#Other/imc1`]);
  });

  it('a thing that unregisters is gone, and always hears an empty result', async () => {
    const lamp = await arrive('lamp');
    const unregister = (id: string) =>
      `<iq type='set' id='${id}' to='${HUB}'><unregister xmlns='${NS}'/></iq>`;
    lamp.sends(register('r1', 'k1'));
    await lamp.receives(told('r1'));
    lamp.sends(unregister('u1'));
    await lamp.receives(told('u1'));
    expect((await stage.admin('things', {})).things).toEqual([]);
    lamp.sends(unregister('u2'));
    await lamp.receives(told('u2'));
  });

  itWithAccounts(
    'abuse 33: whoever guesses hears the same as for an unknown thing, later and later; after 20 misses nothing works',
    async () => {
      const [lamp, bert, anna] = [await arrive('lamp'), await arrive('bert'), await arrive('anna')];
      anna.sends('<presence/>');
      lamp.sends(register('r1', 'right'));
      await lamp.receives(told('r1'));
      const waits: number[] = [];
      for (let i = 0; i < 20; i++) {
        const before = stage.clock.now();
        bert.sends(mine(`g${i}`, `guess${i}`));
        await stage.passes(bert.receives(refused(`g${i}`, 'item-not-found')));
        waits.push(stage.clock.now() - before);
      }
      expect(waits[0]).toBeLessThan(waits[5] ?? 0);
      expect(waits[19]).toBeGreaterThanOrEqual(1500);
      bert.sends(mine('late', 'right'));
      await stage.passes(bert.receives(refused('late', 'item-not-found')));
      await anna.receives(
        `<message from='${HUB}'><body>bert@pronto.local tried 20 wrong claim codes</body></message>`,
      );
      anna.sends(mine('m1', 'right'));
      await anna.receives(result('m1', claimed(jidOf(lamp))));
    },
  );

  it('abuse 34: twenty claims at once have one winner, the same after a restart, and the thing hears him only', async () => {
    const [lamp, anna, bert] = [await arrive('lamp'), await arrive('anna'), await arrive('bert')];
    lamp.sends(register('r1', 'k1'));
    await lamp.receives(told('r1'));
    for (let i = 0; i < 10; i++) {
      anna.sends(mine(`m${i}`, 'k1'));
      bert.sends(mine(`m${i}`, 'k1'));
    }
    const outcome = async (actor: Role) => {
      const first = await stage.passes(actor.receives("<iq id='m0'/>"));
      for (let i = 1; i < 10; i++)
        await stage.passes(actor.receives(`<iq id='m${i}' type='${first.attribute('type')}'/>`));
      return first.attribute('type');
    };
    const outcomes = [await outcome(anna), await outcome(bert)];
    expect([...outcomes].sort()).toEqual(['error', 'result']);
    const winner = outcomes[0] === 'result' ? 'anna@pronto.local' : 'bert@pronto.local';
    await lamp.receives(`<iq type='set'>${claimed(winner)}</iq>`);
    expect(lamp.unread.filter((stanza) => stanza.child('claimed', NS))).toEqual([]);
    await stage.restart();
    const { things } = await stage.admin('things', {});
    expect(things.map(({ owner }) => owner)).toEqual([winner]);
  });

  it('abuse 35: an owned thing cannot be claimed by another, nor unregistered by a stranger; it is audited', async () => {
    const [lamp, anna, bert] = [await arrive('lamp'), await arrive('anna'), await arrive('bert')];
    lamp.sends(register('r1', 'k1'));
    await lamp.receives(told('r1'));
    anna.sends(mine('m1', 'k1'));
    await anna.receives(result('m1'));
    bert.sends(mine('m2', 'k1'));
    await stage.passes(bert.receives(refused('m2', 'item-not-found')));
    anna.sends(mine('m3', 'k1'));
    await anna.receives(result('m3', claimed(jidOf(lamp))));
    bert.sends(`<iq type='set' id='u1' to='${HUB}'><unregister xmlns='${NS}' jid='${jidOf(lamp)}'/></iq>`);
    await bert.receives(result('u1'));
    const { things } = await stage.admin('things', {});
    expect(things.map(({ owner }) => owner)).toEqual(['anna@pronto.local']);
    const { entries } = await stage.admin('audit', {});
    expect(
      entries.some(
        ({ by, what, outcome }) =>
          by === 'bert@pronto.local' && what === 'claim' && outcome === 'item-not-found',
      ),
    ).toBe(true);
  });

  it('one who is no owner of the hub claims nothing, however right his code is', async () => {
    const [lamp, guest] = [await arrive('lamp'), await arrive('guest')];
    lamp.sends(register('r1', 'k1'));
    await lamp.receives(told('r1'));
    guest.sends(mine('m1', 'k1'));
    await stage.passes(guest.receives(refused('m1', 'item-not-found')));
  });

  it('abuse 36: a node registered by another account is another thing', async () => {
    const [rack, other] = [await arrive('rack'), await arrive('other')];
    rack.sends(register('r1', 'k1', '', "nodeId='n'"));
    await rack.receives(told('r1'));
    other.sends(register('r2', 'k2', '', "nodeId='n'"));
    await other.receives(told('r2'));
    const { things } = await stage.admin('things', {});
    expect(things.map(({ address }) => address)).toEqual([`${jidOf(other)}#n`, `${jidOf(rack)}#n`]);
  });

  it.each([
    ["<str name='A' value='1'/><str name='a' value='2'/>", 'bad-request'],
    ["<num name='V' value='1,5'/>", 'bad-request'],
    ["<str name='a:b' value='1'/>", 'bad-request'],
    [`<str name='A' value='${'x'.repeat(129)}'/>`, 'bad-request'],
    [Array.from({ length: 65 }, (_, i) => `<str name='T${i}' value='1'/>`).join(''), 'resource-constraint'],
    ["<other xmlns='urn:x'/>", 'bad-request'],
  ])('abuse 28: refuses tags that break the rules: %s', async (tags, condition) => {
    const lamp = await arrive('lamp');
    lamp.sends(`<iq type='set' id='r1' to='${HUB}'><register xmlns='${NS}'>${tags}</register></iq>`);
    await lamp.receives(refused('r1', condition));
    expect((await stage.admin('things', {})).things).toEqual([]);
  });

  it('a thing that registers too often waits for its error', async () => {
    await stage.close();
    stage = await open(['limits.thingRegistrationsPerMinute=2']);
    const lamp = await arrive('lamp');
    for (const id of ['r1', 'r2', 'r3']) lamp.sends(register(id, 'k'));
    await lamp.receives(told('r1'));
    await lamp.receives(told('r2'));
    expect(lamp.unread).toEqual([]);
    await stage.passes(lamp.receives(refused('r3', 'resource-constraint')));
  });
});
