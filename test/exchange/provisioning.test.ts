import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { discoveryNs, provisioningNs } from '../../src/dialects/namespaces.js';
import { type Generation, generations } from '../../src/domain/generation.js';
import type { Element } from '../../src/xmpp/element.js';
import type { Actor } from './actor.js';
import { MemoryStage } from './memory-stage.js';

const HUB = 'hub.pronto.local';
const CODE = 'IoTDisco;SN:1;KEY:k';

describe('provisioning, between things and owners', () => {
  let stage: MemoryStage;

  beforeEach(async () => {
    stage = await MemoryStage.open();
    await stage.admin('accounts-add', { name: 'anna', owner: true, password: 'anna-secret' });
  });

  afterEach(() => stage.close());

  const arrive = async (name: string): Promise<Actor> => {
    const actor = stage.actor(name);
    await actor.arrives();
    actor.sends('<presence/>');
    return actor;
  };

  /** A lamp that is registered in this generation, claimed by anna, and knows it. */
  const lampOf = async (generation: Generation = 'xmpp'): Promise<Actor> => {
    const lamp = await arrive('lamp');
    const ns = discoveryNs[generation];
    lamp.sends(
      `<iq type='set' id='r0' to='${HUB}'><register xmlns='${ns}'><str name='SN' value='1'/><str name='KEY' value='k'/></register></iq>`,
    );
    await lamp.receives("<iq type='result' id='r0'/>");
    await stage.admin('claim', { code: CODE, owner: 'anna@pronto.local' });
    const told = await lamp.receives(`<iq type='set' from='${HUB}'><claimed xmlns='${ns}'/></iq>`);
    lamp.sends(`<iq type='result' id='${told.attribute('id')}' to='${HUB}'/>`);
    await clears(lamp, generation);
    return lamp;
  };

  /** The lamp is told to clear its cache, and says that it did. */
  const clears = async (lamp: Actor, generation: Generation = 'xmpp', answer = ''): Promise<void> => {
    // A thing has a second's rest after it was told so last [abuse 50].
    stage.clock.advance(1000);
    const ns = provisioningNs[generation];
    const clear = await lamp.receives(`<iq type='set' from='${HUB}'><clearCache xmlns='${ns}'/></iq>`);
    lamp.sends(`<iq type='result' id='${clear.attribute('id')}' to='${HUB}'>${answer}</iq>`);
  };

  /** Anna, who reads messages. */
  const reader = async (): Promise<Actor> => {
    const anna = await arrive('anna');
    await settled(anna);
    return anna;
  };

  let asked = 0;
  const asks = async (lamp: Actor, jid: string, generation: Generation = 'xmpp'): Promise<Element> => {
    const id = `f${asked++}`;
    const ns = provisioningNs[generation];
    lamp.sends(`<iq type='get' id='${id}' to='${HUB}'><isFriend xmlns='${ns}' jid='${jid}'/></iq>`);
    return lamp.receives(
      `<iq type='result' id='${id}' from='${HUB}'><isFriendResponse xmlns='${ns}' jid='{any}' result='{any}'/></iq>`,
    );
  };
  const says = async (lamp: Actor, jid: string, generation: Generation = 'xmpp') =>
    (await asks(lamp, jid, generation)).elements()[0]?.attribute('result');

  const pending = async () => (await stage.admin('pending', {})).questions;
  const friendship = (name: string, jid: string, generation: Generation = 'xmpp') =>
    `<message from='${HUB}'><${name} xmlns='${provisioningNs[generation]}' jid='${jid}'/></message>`;

  it.each(generations)('a question, its yes, and its end, in generation %s', async (generation) => {
    const lamp = await lampOf(generation);
    const eve = 'eve@pronto.local';
    expect(await says(lamp, eve, generation)).toBe('false');
    const [question] = await pending();
    expect(question).toMatchObject({ caller: eve, thing: 'lamp@pronto.local', owner: 'anna@pronto.local' });
    const rule = await stage.admin('allow', { number: question?.number ?? 0 });
    expect(await pending()).toEqual([]);
    await clears(lamp, generation);
    await lamp.receives(friendship('friend', eve, generation));
    expect(await says(lamp, eve, generation)).toBe('true');
    await stage.admin('rules-remove', { id: rule.id });
    await clears(lamp, generation);
    await lamp.receives(friendship('unfriend', eve, generation));
    expect(await says(lamp, eve, generation)).toBe('false');
    expect(await pending()).toHaveLength(1);
  });

  it('clearCache is acknowledged by clearCacheResponse, by an empty result and by a refusal alike', async () => {
    const lamp = await lampOf();
    await says(lamp, 'eve@pronto.local');
    await stage.admin('allow', { number: 1 });
    await clears(lamp, 'xmpp', `<clearCacheResponse xmlns='${provisioningNs.xmpp}'/>`);
    await lamp.receives(friendship('friend', 'eve@pronto.local'));
    await says(lamp, 'mallory@pronto.local');
    await stage.admin('allow', { number: 2 });
    stage.clock.advance(1000);
    const clear = await lamp.receives(
      `<iq type='set' from='${HUB}'><clearCache xmlns='${provisioningNs.xmpp}'/></iq>`,
    );
    lamp.sends(
      `<iq type='error' id='${clear.attribute('id')}' to='${HUB}'><error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`,
    );
    await lamp.receives(friendship('friend', 'mallory@pronto.local'));
  });

  it('hub, owner and the thing itself are friends always; resource parts and case do not matter', async () => {
    const lamp = await lampOf();
    for (const jid of [HUB, 'hub@pronto.local', 'pronto.local', 'anna@pronto.local', 'lamp@pronto.local'])
      expect(await says(lamp, jid)).toBe('true');
    expect(await says(lamp, 'Anna@Pronto.Local/phone')).toBe('true');
    expect(await says(lamp, 'eve@pronto.local/one')).toBe('false');
    expect(await says(lamp, 'eve@pronto.local/two')).toBe('false');
    expect(await pending()).toHaveLength(1);
  });

  it('a thing that nobody registered or claimed hears no, and nobody is asked', async () => {
    const stray = await arrive('stray');
    expect(await says(stray, 'eve@pronto.local')).toBe('false');
    expect(await says(stray, 'anna@pronto.local')).toBe('false');
    expect(await pending()).toEqual([]);
  });

  it('deny sticks, and tells the thing to forget what it cached', async () => {
    const lamp = await lampOf();
    await says(lamp, 'eve@pronto.local');
    await stage.admin('deny', { number: 1 });
    await clears(lamp);
    expect(await says(lamp, 'eve@pronto.local')).toBe('false');
    expect(await pending()).toEqual([]);
    expect(lamp.unread.filter(({ name }) => name === 'message')).toEqual([]);
  });

  it.each(['domain', 'all'] as const)('--for %s answers the questions that it covers', async (range) => {
    const lamp = await lampOf();
    for (const jid of ['eve@a.example', 'bob@a.example', 'eve@b.example']) await says(lamp, jid);
    await stage.admin('allow', { number: 1, for: range });
    await clears(lamp);
    await lamp.receives(friendship('friend', 'eve@a.example'));
    await lamp.receives(friendship('friend', 'bob@a.example'));
    expect(await says(lamp, 'zoe@a.example')).toBe('true');
    expect(await says(lamp, 'eve@b.example')).toBe(range === 'all' ? 'true' : 'false');
    expect(await pending()).toHaveLength(range === 'all' ? 0 : 1);
  });

  it('a rule that denies a domain ends the friendships that it covers', async () => {
    const lamp = await lampOf();
    await befriend(lamp, 'alice', 1);
    await says(lamp, 'eve@pronto.local');
    await stage.admin('deny', { number: 2, for: 'domain' });
    await clears(lamp);
    await lamp.receives(friendship('unfriend', 'alice@pronto.local'));
    expect(await says(lamp, 'alice@pronto.local')).toBe('false');
  });

  it('taking back a rule for all ends the friendships that rested on it, and no others', async () => {
    const lamp = await lampOf();
    await befriend(lamp, 'alice', 1);
    await says(lamp, 'bob@pronto.local');
    const rule = await stage.admin('allow', { number: 2, for: 'all' });
    await clears(lamp);
    await lamp.receives(friendship('friend', 'bob@pronto.local'));
    await follows(lamp, 'bob@pronto.local');
    await follows(lamp, 'anna@pronto.local');
    await stage.admin('rules-remove', { id: rule.id });
    await clears(lamp);
    await lamp.receives(friendship('unfriend', 'bob@pronto.local'));
    await settled(lamp);
    expect(lamp.unread.filter(({ name }) => name === 'message')).toEqual([]);
    expect(await says(lamp, 'alice@pronto.local')).toBe('true');
  });

  it('taking back a rule does not end a friendship that another rule allows', async () => {
    const lamp = await lampOf();
    await says(lamp, 'eve@pronto.local');
    await says(lamp, 'bob@pronto.local');
    const own = await stage.admin('allow', { number: 1 });
    await clears(lamp);
    await stage.admin('allow', { number: 2, for: 'all' });
    await clears(lamp);
    await stage.admin('rules-remove', { id: own.id });
    await clears(lamp);
    expect(await says(lamp, 'eve@pronto.local')).toBe('true');
    expect(lamp.unread.filter((stanza) => stanza.child('unfriend', provisioningNs.xmpp))).toEqual([]);
  });

  it('abuse 47: at most 100 questions about a thing wait, however fast they come; "no" for all sticks', async () => {
    const lamp = await lampOf();
    const anna = await reader();
    for (let i = 0; i < 250; i++)
      lamp.sends(
        `<iq type='get' id='q${i}' to='${HUB}'><isFriend xmlns='${provisioningNs.xmpp}' jid='s${i}@pronto.local'/></iq>`,
      );
    for (let i = 0; i < 250; i++)
      await lamp.receives(
        `<iq type='result' id='q${i}'><isFriendResponse xmlns='${provisioningNs.xmpp}' result='false'/></iq>`,
      );
    expect(await pending()).toHaveLength(100);
    stage.clock.advance(10_000);
    await settled(anna);
    expect(anna.unread.filter(({ name }) => name === 'message').length).toBeLessThanOrEqual(2);
    await stage.admin('deny', { number: 1, for: 'all' });
    expect(await pending()).toEqual([]);
    await clears(lamp);
    expect(await says(lamp, 's200@pronto.local')).toBe('false');
    expect(await pending()).toEqual([]);
  });

  it('abuse 47: strangers who come one after another are told together', async () => {
    const lamp = await lampOf();
    const anna = await reader();
    await says(lamp, 'eve@pronto.local');
    await anna.receives(`<message from='${HUB}'><body>eve@pronto.local wants to befriend</body></message>`);
    for (const name of ['a', 'b', 'c']) await says(lamp, `${name}@pronto.local`);
    await settled(anna);
    expect(anna.unread.filter(({ name }) => name === 'message')).toEqual([]);
    stage.clock.advance(10_000);
    await anna.receives(`<message from='${HUB}'><body>3 callers want to befriend</body></message>`);
    stage.clock.advance(60_000);
    await settled(anna);
    expect(anna.unread.filter(({ name }) => name === 'message')).toEqual([]);
  });

  it('the owner is told once of each question, also where he was away and the thing asked again', async () => {
    const lamp = await lampOf();
    await says(lamp, 'eve@pronto.local');
    await says(lamp, 'eve@pronto.local');
    await says(lamp, 'bob@pronto.local');
    await stage.restart();
    const anna = stage.actor('anna');
    await anna.arrives();
    anna.sends('<presence/>');
    await anna.receives(`<message from='${HUB}'><body>bob@pronto.local</body></message>`);
    await settled(anna);
    expect(anna.unread.filter(({ name }) => name === 'message')).toEqual([]);
  });

  it('a session of the owner that takes no messages is not taken for a reader', async () => {
    const lamp = await lampOf();
    const anna = stage.actor('anna');
    await anna.arrives();
    anna.sends('<presence><priority>-1</priority></presence>');
    await settled(anna);
    await says(lamp, 'eve@pronto.local');
    await settled(anna);
    const phone = stage.actor('anna');
    await phone.arrives(undefined, 'phone');
    phone.sends('<presence/>');
    await phone.receives(`<message from='${HUB}'><body>eve@pronto.local wants to befriend</body></message>`);
  });

  it('the question of one thing waits for the owner of the device, not of a node behind it', async () => {
    await stage.admin('accounts-add', { name: 'bert', owner: true, password: 'bert-secret' });
    const lamp = await arrive('lamp');
    const ns = discoveryNs.xmpp;
    lamp.sends(
      `<iq type='set' id='r1' to='${HUB}'><register xmlns='${ns}' nodeId='n1'><str name='SN' value='2'/><str name='KEY' value='n'/></register></iq>`,
    );
    lamp.sends(
      `<iq type='set' id='r2' to='${HUB}'><register xmlns='${ns}'><str name='SN' value='1'/><str name='KEY' value='k'/></register></iq>`,
    );
    await lamp.receives("<iq type='result' id='r2'/>");
    await stage.admin('claim', { code: 'IoTDisco;SN:2;KEY:n', owner: 'bert@pronto.local' });
    await stage.admin('claim', { code: CODE, owner: 'anna@pronto.local' });
    await says(lamp, 'eve@pronto.local');
    expect(await pending()).toMatchObject([{ owner: 'anna@pronto.local' }]);
    expect(await says(lamp, 'bert@pronto.local')).toBe('true');
  });

  it('what was decided about a device goes with the last thing behind it', async () => {
    const lamp = await arrive('lamp');
    const ns = discoveryNs.xmpp;
    lamp.sends(
      `<iq type='set' id='r1' to='${HUB}'><register xmlns='${ns}' nodeId='n1'><str name='SN' value='1'/><str name='KEY' value='k'/></register></iq>`,
    );
    await lamp.receives("<iq type='result' id='r1'/>");
    await stage.admin('claim', { code: CODE });
    await says(lamp, 'eve@pronto.local');
    await says(lamp, 'bob@pronto.local');
    await stage.admin('allow', { number: 1 });
    lamp.sends(`<iq type='set' id='u1' to='${HUB}'><unregister xmlns='${ns}' nodeId='n1'/></iq>`);
    await lamp.receives("<iq type='result' id='u1'/>");
    expect((await stage.admin('rules', {})).rules).toEqual([]);
    expect(await pending()).toEqual([]);
    expect(await says(lamp, 'eve@pronto.local')).toBe('false');
  });

  it('a concentrator forgets what the owner of a node allowed when that node leaves, and others stay', async () => {
    await stage.admin('accounts-add', { name: 'bert', owner: true, password: 'bert-secret' });
    const lamp = await arrive('lamp');
    const ns = discoveryNs.xmpp;
    for (const node of ['1', '2']) {
      lamp.sends(
        `<iq type='set' id='r${node}' to='${HUB}'><register xmlns='${ns}' nodeId='${node}'><str name='KEY' value='k${node}'/></register></iq>`,
      );
      await lamp.receives(`<iq type='result' id='r${node}'/>`);
    }
    await stage.admin('claim', { code: 'IoTDisco;KEY:k1', owner: 'anna@pronto.local' });
    await stage.admin('claim', { code: 'IoTDisco;KEY:k2', owner: 'bert@pronto.local' });
    for (let told = 0; told < 2; told++) {
      await clears(lamp);
      await settled(lamp);
      stage.clock.advance(1000);
    }
    await says(lamp, 'eve@pronto.local');
    await stage.admin('allow', { number: 1 });
    await clears(lamp);
    stage.clock.advance(1000);
    expect(await says(lamp, 'eve@pronto.local')).toBe('true');
    lamp.sends(`<iq type='set' id='u1' to='${HUB}'><unregister xmlns='${ns}' nodeId='1'/></iq>`);
    await lamp.receives("<iq type='result' id='u1'/>");
    await clears(lamp);
    expect(await says(lamp, 'eve@pronto.local')).toBe('false');
  });

  it('what a removed owner left to decide, and what he allowed, is in the hands of the owners that are there', async () => {
    const lamp = await lampOf();
    await stage.admin('accounts-add', { name: 'bert', owner: true, password: 'bert-secret' });
    await says(lamp, 'eve@pronto.local');
    const rule = await stage.admin('allow', { number: 1 });
    await clears(lamp);
    await says(lamp, 'bob@pronto.local');
    await expect(stage.admin('allow', { number: 2, owner: 'bert@pronto.local' })).rejects.toThrow();
    await expect(stage.admin('rules-remove', { id: rule.id, owner: 'bert@pronto.local' })).rejects.toThrow();
    await stage.admin('accounts-remove', { name: 'anna' });
    await says(lamp, 'zoe@pronto.local');
    const bert = stage.actor('bert');
    await bert.arrives();
    bert.sends('<presence/>');
    await bert.receives(`<message from='${HUB}'><body>zoe@pronto.local wants to befriend</body></message>`);
    await stage.admin('deny', { number: 2, owner: 'bert@pronto.local' });
    await stage.admin('rules-remove', { id: rule.id, owner: 'bert@pronto.local' });
    expect(await says(lamp, 'eve@pronto.local')).toBe('false');
  });

  it('a question by one whose account is removed is no question any more', async () => {
    const lamp = await lampOf();
    await stage.admin('accounts-add', { name: 'eve', password: 'eve-secret' });
    await says(lamp, 'eve@pronto.local');
    await stage.admin('accounts-remove', { name: 'eve' });
    expect(await pending()).toEqual([]);
  });

  it('abuse 45: in safe mode nobody but the hub is a friend, nothing is claimed, and nothing waiting is said', async () => {
    const lamp = await lampOf();
    await says(lamp, 'eve@pronto.local');
    await lamp.leaves();
    await stage.admin('allow', { number: 1 });
    await stage.restartDamaged('a!');
    expect((await stage.admin('status', {})).state).toBe('safe mode');
    await lamp.arrives();
    lamp.sends('<presence/>');
    expect(await says(lamp, HUB)).toBe('true');
    for (const jid of ['eve@pronto.local', 'anna@pronto.local', 'new@pronto.local'])
      expect(await says(lamp, jid)).toBe('false');
    const anna = stage.actor('anna');
    await anna.arrives();
    anna.sends(
      `<iq type='set' id='m1' to='${HUB}'><mine xmlns='${discoveryNs.xmpp}'><str name='SN' value='1'/><str name='KEY' value='k'/></mine></iq>`,
    );
    await anna.receives("<iq type='error' id='m1'/>");
    stage.clock.advance(7_200_000);
    await settled(lamp);
    expect(lamp.unread.filter((stanza) => stanza.elements()[0]?.ns === provisioningNs.xmpp)).toEqual([]);
  });

  it('the audit keeps one line for each thing that asks and asks, whoever it asks about', async () => {
    const stray = await arrive('stray');
    for (let i = 0; i < 500; i++)
      stray.sends(
        `<iq type='get' id='q${i}' to='${HUB}'><isFriend xmlns='${provisioningNs.xmpp}' jid='s${i}@x.example'/></iq>`,
      );
    for (let i = 0; i < 500; i++) await stray.receives(`<iq type='result' id='q${i}'/>`);
    stage.clock.advance(300_000);
    await vi.waitFor(async () => {
      const { entries } = await stage.admin('audit', { limit: 1000 });
      const lines = entries.filter(({ what }) => what === 'is-friend');
      expect(lines.reduce((sum, { times = 1 }) => sum + times, 0)).toBe(500);
      expect(lines.length).toBeLessThan(60);
    });
  });

  /** Somebody asked, was allowed as question `number`, and is in the lamp's roster. */
  async function befriend(lamp: Actor, name: string, number: number): Promise<void> {
    const jid = `${name}@pronto.local`;
    await says(lamp, jid);
    await stage.admin('allow', { number });
    await clears(lamp);
    await lamp.receives(friendship('friend', jid));
    await follows(lamp, jid);
  }

  /** The lamp asks for somebody's presence, which stands in its roster then. */
  async function follows(lamp: Actor, jid: string): Promise<void> {
    lamp.sends("<iq type='get' id='roster'><query xmlns='jabber:iq:roster'/></iq>");
    lamp.sends(`<presence type='subscribe' to='${jid}'/>`);
    await lamp.receives(
      `<iq type='set'><query xmlns='jabber:iq:roster'><item jid='${jid}' ask='subscribe'/></query></iq>`,
    );
  }

  /** All that was sent to the actor so far has arrived. */
  async function settled(actor: Actor): Promise<void> {
    const id = `p${asked++}`;
    actor.sends(`<iq type='get' id='${id}' to='pronto.local'><ping xmlns='urn:xmpp:ping'/></iq>`);
    await actor.receives(`<iq type='result' id='${id}'/>`);
  }
});
