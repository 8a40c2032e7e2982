import { describe, expect, it, vi } from 'vitest';
import { discoveryNs, provisioningNs } from '../../src/dialects/namespaces.js';
import { generations } from '../../src/domain/generation.js';
import { friendScene, HUB } from './friend-scene.js';

describe('provisioning, between things and owners', () => {
  const scene = friendScene();
  const { arrive, lampOf, clears, reader, says, pending, friendship, befriend, follows, settled } = scene;

  it.each(generations)('a question, its yes, and its end, in generation %s', async (generation) => {
    const lamp = await lampOf(generation);
    const eve = 'eve@pronto.local';
    expect(await says(lamp, eve, generation)).toBe('false');
    const [question] = await pending();
    expect(question).toMatchObject({ caller: eve, thing: 'lamp@pronto.local', owner: 'anna@pronto.local' });
    const rule = await scene.stage.admin('allow', { number: question?.number ?? 0 });
    expect(await pending()).toEqual([]);
    await clears(lamp, generation);
    await lamp.receives(friendship('friend', eve, generation));
    expect(await says(lamp, eve, generation)).toBe('true');
    await scene.stage.admin('rules-remove', { id: rule.id });
    await clears(lamp, generation);
    await lamp.receives(friendship('unfriend', eve, generation));
    expect(await says(lamp, eve, generation)).toBe('false');
    expect(await pending()).toHaveLength(1);
  });

  it('clearCache is acknowledged by clearCacheResponse, by an empty result and by a refusal alike', async () => {
    const lamp = await lampOf();
    await says(lamp, 'eve@pronto.local');
    await scene.stage.admin('allow', { number: 1 });
    await clears(lamp, 'xmpp', `<clearCacheResponse xmlns='${provisioningNs.xmpp}'/>`);
    await lamp.receives(friendship('friend', 'eve@pronto.local'));
    await says(lamp, 'mallory@pronto.local');
    await scene.stage.admin('allow', { number: 2 });
    scene.stage.clock.advance(1000);
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
    await scene.stage.admin('deny', { number: 1 });
    await clears(lamp);
    expect(await says(lamp, 'eve@pronto.local')).toBe('false');
    expect(await pending()).toEqual([]);
    expect(lamp.unread.filter(({ name }) => name === 'message')).toEqual([]);
  });

  it.each(['domain', 'all'] as const)('--for %s answers the questions that it covers', async (range) => {
    const lamp = await lampOf();
    for (const jid of ['eve@a.example', 'bob@a.example', 'eve@b.example']) await says(lamp, jid);
    await scene.stage.admin('allow', { number: 1, for: range });
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
    await scene.stage.admin('deny', { number: 2, for: 'domain' });
    await clears(lamp);
    await lamp.receives(friendship('unfriend', 'alice@pronto.local'));
    expect(await says(lamp, 'alice@pronto.local')).toBe('false');
  });

  it('taking back a rule for all ends the friendships that rested on it, and no others', async () => {
    const lamp = await lampOf();
    await befriend(lamp, 'alice', 1);
    await says(lamp, 'bob@pronto.local');
    const rule = await scene.stage.admin('allow', { number: 2, for: 'all' });
    await clears(lamp);
    await lamp.receives(friendship('friend', 'bob@pronto.local'));
    await follows(lamp, 'bob@pronto.local');
    await follows(lamp, 'anna@pronto.local');
    await scene.stage.admin('rules-remove', { id: rule.id });
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
    const own = await scene.stage.admin('allow', { number: 1 });
    await clears(lamp);
    await scene.stage.admin('allow', { number: 2, for: 'all' });
    await clears(lamp);
    await scene.stage.admin('rules-remove', { id: own.id });
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
    scene.stage.clock.advance(10_000);
    await settled(anna);
    expect(anna.unread.filter(({ name }) => name === 'message').length).toBeLessThanOrEqual(2);
    await scene.stage.admin('deny', { number: 1, for: 'all' });
    expect(await pending()).toEqual([]);
    await clears(lamp);
    expect(await says(lamp, 's200@pronto.local')).toBe('false');
    expect(await pending()).toEqual([]);
  });

  it('abuse 45: in safe mode nobody but the hub is a friend, nothing is claimed, and nothing waiting is said', async () => {
    const lamp = await lampOf();
    await says(lamp, 'eve@pronto.local');
    await lamp.leaves();
    await scene.stage.admin('allow', { number: 1 });
    await scene.stage.restartDamaged('a!');
    expect((await scene.stage.admin('status', {})).state).toBe('safe mode');
    await lamp.arrives();
    lamp.sends('<presence/>');
    expect(await says(lamp, HUB)).toBe('true');
    for (const jid of ['eve@pronto.local', 'anna@pronto.local', 'new@pronto.local'])
      expect(await says(lamp, jid)).toBe('false');
    const anna = scene.stage.actor('anna');
    await anna.arrives();
    anna.sends(
      `<iq type='set' id='m1' to='${HUB}'><mine xmlns='${discoveryNs.xmpp}'><str name='SN' value='1'/><str name='KEY' value='k'/></mine></iq>`,
    );
    await anna.receives("<iq type='error' id='m1'/>");
    scene.stage.clock.advance(7_200_000);
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
    scene.stage.clock.advance(300_000);
    await vi.waitFor(async () => {
      const { entries } = await scene.stage.admin('audit', { limit: 1000 });
      const lines = entries.filter(({ what }) => what === 'is-friend');
      expect(lines.reduce((sum, { times = 1 }) => sum + times, 0)).toBe(500);
      expect(lines.length).toBeLessThan(60);
    });
  });
});
