import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { discoveryNs, provisioningNs } from '../../src/dialects/namespaces.js';
import { type Generation, generations } from '../../src/domain/generation.js';
import type { Element } from '../../src/xmpp/element.js';
import type { Actor } from './actor.js';
import { MemoryStage } from './memory-stage.js';

const HUB = 'hub.pronto.local';
const ALIAS = 'hub@pronto.local';
const RACK = 'rack@pronto.local';
const ANNA = 'anna@pronto.local';

/** How a node's address is spelt. */
const spellings = {
  long: "nodeId='imc1' sourceId='Metering' cacheType='7'",
  short: "id='imc1' src='Metering' pt='7'",
} as const;
const parts = {
  long: { nodeId: 'imc1', sourceId: 'Metering', cacheType: '7' },
  short: { id: 'imc1', src: 'Metering', pt: '7' },
} as const;

/** How a generation spells what it answers. */
function partsOf(generation: Generation): Readonly<Record<string, string>> {
  return generation === 'xmpp' ? parts.long : parts.short;
}

const TAGS = "<str name='SN' value='394'/><num name='V' value='1.0'/><str name='KEY' value='k1'/>";

const combinations = generations.flatMap((generation) =>
  (['long', 'short'] as const).flatMap((spelling) =>
    (['set', 'get'] as const).map((type) => ({ generation, spelling, type })),
  ),
);
const pairs = generations.flatMap((thing) =>
  generations.filter((owner) => owner !== thing).map((owner) => ({ thing, owner })),
);

describe('the registry in every dialect', () => {
  let stage: MemoryStage;
  let rack: Actor;
  let anna: Actor;
  let ids = 0;

  beforeEach(async () => {
    stage = await MemoryStage.open();
    await stage.admin('accounts-add', { name: 'anna', owner: true, password: 'anna-secret' });
    [rack, anna] = [stage.actor('rack'), stage.actor('anna')];
    await Promise.all([rack.arrives(), anna.arrives()]);
  });

  afterEach(() => stage.close());

  /** Sends a request, and returns what answers it, from the address that was asked. */
  const asks = async (actor: Actor, type: string, payload: string, hub = HUB): Promise<Element> => {
    const id = `q${ids++}`;
    actor.sends(`<iq type='${type}' id='${id}' to='${hub}'>${payload}</iq>`);
    return stage.passes(actor.receives(`<iq id='${id}' from='${hub}'/>`));
  };
  const isEmpty = (reply: Element): void =>
    expect([reply.attribute('type'), reply.elements().map(({ name }) => name)]).toEqual(['result', []]);
  const hears = async (actor: Actor, name: string, ns: string, hub = HUB): Promise<Element> => {
    const told = await actor.receives(`<iq type='set' from='${hub}'><${name} xmlns='${ns}'/></iq>`);
    return told;
  };
  const answers = (actor: Actor, told: Element): void =>
    actor.sends(`<iq type='result' id='${told.attribute('id')}' to='${told.attribute('from')}'/>`);
  /** The only payload of an answer: name, namespace and all attributes. */
  const payload = (reply: Element) =>
    reply.elements().map(({ name, ns, attributes }) => ({ name, ns, attributes: { ...attributes } }))[0];
  const acknowledges = async (actor: Actor, name: string, ns: string): Promise<unknown> => {
    const told = await hears(actor, name, ns);
    answers(actor, told);
    return payload(told);
  };

  it.each(combinations)('generation $generation, $spelling names, iq of type $type', async (combination) => {
    const { generation, spelling, type } = combination;
    const ns = discoveryNs[generation];
    const node = spellings[spelling];
    const spelt = partsOf(generation);
    const says = (actor: Actor, name: string, attributes: string, tags = '') =>
      asks(actor, type, `<${name} xmlns='${ns}' ${attributes}>${tags}</${name}>`);
    const finds = async () => {
      const reply = await says(anna, 'search', "offset='0' maxCount='20'", "<strEq name='sn' value='394'/>");
      return reply.child('found', ns)?.elements() ?? [];
    };

    isEmpty(await says(rack, 'register', node, TAGS));
    expect(payload(await says(anna, 'mine', '', TAGS))).toEqual({
      name: 'claimed',
      ns,
      attributes: { jid: RACK, ...spelt, public: 'true' },
    });
    expect(await acknowledges(rack, 'claimed', ns)).toEqual({
      name: 'claimed',
      ns,
      attributes: { jid: ANNA, ...spelt, public: 'true' },
    });
    const told = await hears(rack, 'clearCache', provisioningNs[generation]);
    answers(rack, told);
    expect(payload(await says(rack, 'register', node, TAGS))).toEqual({
      name: 'claimed',
      ns,
      attributes: { jid: ANNA, ...spelt, public: 'true' },
    });

    isEmpty(await says(rack, 'update', node, "<str name='KEY' value=''/><str name='CLASS' value='PLC'/>"));
    isEmpty(await says(anna, 'update', `jid='${RACK}' ${node}`, "<str name='ROOM' value='Hall'/>"));
    const [thing, ...others] = await finds();
    expect(others).toEqual([]);
    expect({ ...thing?.attributes }).toEqual({
      ...(generation === 'xmpp' ? { owner: ANNA } : {}),
      jid: RACK,
      ...spelt,
    });
    const tags = thing?.elements().map((tag) => [tag.name, tag.attribute('name'), tag.attribute('value')]);
    expect(tags).toEqual([
      ['str', 'SN', '394'],
      ['num', 'V', '1'],
      ['str', 'CLASS', 'PLC'],
      ['str', 'ROOM', 'Hall'],
    ]);

    isEmpty(await says(anna, 'remove', `jid='${RACK}' ${node}`));
    expect(await acknowledges(rack, 'removed', ns)).toEqual({ name: 'removed', ns, attributes: spelt });
    expect(await finds()).toEqual([]);

    const disown = says(anna, 'disown', `jid='${RACK}' ${node}`);
    expect(await acknowledges(rack, 'disowned', ns)).toEqual({ name: 'disowned', ns, attributes: spelt });
    isEmpty(await disown);
    expect(payload(await says(rack, 'update', node, ''))).toMatchObject({ name: 'disowned', ns });
    isEmpty(await says(rack, 'unregister', node));
    expect((await stage.admin('things', {})).things).toEqual([]);
  });

  it.each(pairs)('a thing that speaks $thing hears what its owner says in $owner', async (pair) => {
    const [ours, theirs] = [discoveryNs[pair.thing], discoveryNs[pair.owner]];
    const node = partsOf(pair.thing);
    await asks(rack, 'set', `<register xmlns='${ours}' ${spellings.short}>${TAGS}</register>`);
    const claimed = await asks(anna, 'set', `<mine xmlns='${theirs}' public='false'>${TAGS}</mine>`);
    const attributes = { jid: RACK, ...partsOf(pair.owner), public: 'false' };
    expect(payload(claimed)).toEqual({ name: 'claimed', ns: theirs, attributes });
    expect(await acknowledges(rack, 'claimed', ours)).toEqual({
      name: 'claimed',
      ns: ours,
      attributes: { jid: ANNA, ...node, public: 'false' },
    });
    answers(rack, await hears(rack, 'clearCache', provisioningNs[pair.thing]));
    isEmpty(await asks(anna, 'set', `<remove xmlns='${theirs}' jid='${RACK}' ${spellings.short}/>`));
    expect(await acknowledges(rack, 'removed', ours)).toEqual({
      name: 'removed',
      ns: ours,
      attributes: node,
    });
    const disown = asks(anna, 'set', `<disown xmlns='${theirs}' jid='${RACK}' ${spellings.long}/>`);
    expect(await acknowledges(rack, 'disowned', ours)).toEqual({
      name: 'disowned',
      ns: ours,
      attributes: node,
    });
    isEmpty(await disown);
  });

  describe.each(generations)('what clients of generation %s do', (generation) => {
    const ns = discoveryNs[generation];
    const register = (tags: string, attributes = '') =>
      `<register xmlns='${ns}' ${attributes}>${tags}</register>`;
    const mine = (tags: string) => `<mine xmlns='${ns}'>${tags}</mine>`;

    it('an empty attribute is none, and both spellings may say the same', async () => {
      isEmpty(await asks(rack, 'set', register(TAGS, "id='' src='' pt=''")));
      isEmpty(await asks(rack, 'set', register(TAGS, "nodeId='n' id='n' sourceId=''")));
      const { things } = await stage.admin('things', {});
      expect(things.map(({ address }) => address)).toEqual([RACK, `${RACK}#n`]);
    });

    it('two spellings that say different things are refused', async () => {
      const reply = await asks(rack, 'set', register(TAGS, "nodeId='n' id='m'"));
      expect(reply.child('error')?.elements()[0]?.name).toBe('bad-request');
    });

    it('tag R, left in a registration or in a claim, is no part of what is claimed', async () => {
      const withR = `${TAGS}<str name='R' value='${HUB}'/>`;
      isEmpty(await asks(rack, 'set', register(withR)));
      expect(payload(await asks(anna, 'set', mine(TAGS)))).toMatchObject({ attributes: { jid: RACK } });
      expect(payload(await asks(anna, 'set', mine(withR)))).toMatchObject({ attributes: { jid: RACK } });
    });

    it('the account form is answered from the account, and speaks to the thing from there', async () => {
      isEmpty(await asks(rack, 'set', register(TAGS), ALIAS));
      expect(payload(await asks(anna, 'set', mine(TAGS), ALIAS))).toMatchObject({
        attributes: { jid: RACK },
      });
      answers(rack, await hears(rack, 'claimed', ns, ALIAS));
      await hears(rack, 'clearCache', provisioningNs[generation], ALIAS);
    });
  });

  it('what a successor may call a tag and the XEP may not is left out of what the XEP’s clients find', async () => {
    const long = 'ß'.repeat(20);
    const tags = `<str name='SN' value='1'/><num name='${'n'.repeat(64)}' value='1'/><str name='${long}' value='x'/>`;
    isEmpty(await asks(rack, 'set', `<register xmlns='${discoveryNs.nf}' selfOwned='1'>${tags}</register>`));
    const names = async (generation: Generation) => {
      const ns = discoveryNs[generation];
      const reply = await asks(anna, 'get', `<search xmlns='${ns}'><strEq name='SN' value='1'/></search>`);
      const [thing] = reply.child('found', ns)?.elements() ?? [];
      return thing?.elements().map((tag) => tag.attribute('name'));
    };
    expect(await names('xmpp')).toEqual(['SN']);
    expect(await names('nf')).toEqual(['SN', 'N'.repeat(64), 'S'.repeat(40)]);
  });

  it('Smack never answers removed: its owner is, and the thing hears what comes after', async () => {
    const ns = discoveryNs.xmpp;
    isEmpty(await asks(rack, 'get', `<register xmlns='${ns}'>${TAGS}</register>`));
    await asks(anna, 'get', `<mine xmlns='${ns}'>${TAGS}</mine>`);
    await acknowledges(rack, 'claimed', ns);
    const cleared = await rack.receives(`<iq type='set'><clearCache xmlns='${provisioningNs.xmpp}'/></iq>`);
    const response = `<clearCacheResponse xmlns='${provisioningNs.xmpp}'/>`;
    rack.sends(`<iq type='result' id='${cleared.attribute('id')}' to='${HUB}'>${response}</iq>`);
    isEmpty(await asks(anna, 'get', `<remove xmlns='${ns}' jid='${RACK}'/>`));
    await hears(rack, 'removed', ns);
    const disown = asks(anna, 'get', `<disown xmlns='${ns}' jid='${RACK}'/>`);
    await acknowledges(rack, 'disowned', ns);
    isEmpty(await disown);
    isEmpty(await asks(rack, 'get', `<register xmlns='${ns}'>${TAGS}</register>`));
    await vi.waitFor(async () =>
      expect((await stage.admin('things', { unclaimed: true })).things).toHaveLength(1),
    );
  });

  it('a thing that comes back in another generation is told in that one', async () => {
    await asks(rack, 'set', `<register xmlns='${discoveryNs.ieee}'>${TAGS}</register>`);
    await asks(anna, 'set', `<mine xmlns='${discoveryNs.nf}'>${TAGS}</mine>`);
    await acknowledges(rack, 'claimed', discoveryNs.ieee);
    answers(rack, await hears(rack, 'clearCache', provisioningNs.ieee));
    const again = await asks(rack, 'set', `<register xmlns='${discoveryNs.nfi}'>${TAGS}</register>`);
    expect(payload(again)).toMatchObject({ name: 'claimed', ns: discoveryNs.nfi });
    isEmpty(await asks(anna, 'set', `<remove xmlns='${discoveryNs.nf}' jid='${RACK}'/>`));
    await hears(rack, 'removed', discoveryNs.nfi);
  });

  describe.each([
    ['component', HUB],
    ['account', ALIAS],
  ])('befriending the registry in its %s form', (_, hub) => {
    /** The types of presence from the hub that came so far, in order. */
    const heard = (): (string | undefined)[] =>
      rack.unread
        .filter((stanza) => stanza.name === 'presence' && stanza.attribute('from') === hub)
        .map((stanza) => stanza.attribute('type'));
    const roster = (item: string) =>
      `<iq type='set'><query xmlns='jabber:iq:roster'><item jid='${hub}' ${item}/></query></iq>`;
    const becomesInterested = async () => {
      rack.sends("<iq type='get' id='roster'><query xmlns='jabber:iq:roster'/></iq>");
      await rack.receives("<iq type='result' id='roster'/>");
      rack.sends('<presence/>');
    };

    it('it asks back first, accepts once it was accepted, and the next stanza is the answer to register', async () => {
      await becomesInterested();
      rack.sends(`<presence type='subscribe' to='${hub}'/>`);
      await rack.receives(`<presence type='subscribe' from='${hub}' to='${RACK}'/>`);
      await asks(rack, 'get', "<ping xmlns='urn:xmpp:ping'/>", hub);
      expect(heard()).toEqual([]);
      rack.sends(`<presence type='subscribed' to='${hub}'/>`);
      await rack.receives(`<presence type='subscribed' from='${hub}' to='${RACK}'/>`);
      const before = rack.unread.length;
      await asks(rack, 'get', `<register xmlns='${discoveryNs.xmpp}'>${TAGS}</register>`, hub);
      expect(rack.unread.slice(before).filter(({ name }) => name !== 'iq')).toEqual([]);
      expect(heard()).toEqual([]);
    });

    it('one who let it see him already is accepted at once', async () => {
      await becomesInterested();
      const siot = "<register xmlns='urn:xmpp:siot:1' name='Rack' key='k1'/>";
      isEmpty(await asks(rack, 'set', siot, hub));
      await rack.receives(`<presence type='subscribe' from='${hub}'/>`);
      rack.sends(`<presence type='subscribed' to='${hub}'/>`);
      await rack.receives(roster("subscription='from'"));
      rack.sends(`<presence type='subscribe' to='${hub}'/>`);
      await rack.receives(`<presence type='subscribed' from='${hub}'/>`);
      expect(heard()).toEqual([]);
    });

    // The hub says unsubscribed as well: the server of the thing keeps it, for there is nothing left to end
    // (RFC 6121 §3.2.3).
    it('one who leaves is left, and both rosters forget it; who comes again begins anew', async () => {
      await becomesInterested();
      for (const _ of ['once', 'twice']) {
        rack.sends(`<presence type='subscribe' to='${hub}'/>`);
        await rack.receives(roster("subscription='none' ask='subscribe'"));
        await rack.receives(`<presence type='subscribe' from='${hub}'/>`);
        rack.sends(`<presence type='subscribed' to='${hub}'/>`);
        await rack.receives(`<presence type='subscribed' from='${hub}'/>`);
        await rack.receives(roster("subscription='both'"));
        rack.sends(`<presence type='unsubscribe' to='${hub}'/>`);
        await rack.receives(`<presence type='unsubscribe' from='${hub}'/>`);
        await rack.receives(roster("subscription='none'"));
      }
    });
  });
});
