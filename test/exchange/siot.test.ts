import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Actor } from './actor.js';
import { MemoryStage } from './memory-stage.js';
import { HUB, wordsOf } from './words.js';

const NS = 'urn:xmpp:siot:1';
const EVE = 'eve@elsewhere.example';

describe('Simple IoT, between a bulb, its owner and those who want to be friends', () => {
  let stage: MemoryStage;
  let bulb: Actor;
  let anna: Actor;

  const { arrives, asks, condition } = wordsOf(() => stage);

  beforeEach(async () => {
    stage = await MemoryStage.open();
    await stage.admin('accounts-add', { name: 'anna', owner: true, password: 'anna-secret' });
    [bulb, anna] = [await arrives('bulb'), await arrives('anna')];
    await asks(bulb, `<register xmlns='${NS}' key='TWNK'><name>Bulb</name></register>`);
    await bulb.receives(`<presence type='subscribe' from='${HUB}'/>`);
    await asks(anna, `<claim xmlns='${NS}' name='Bulb' key='TWNK'/>`);
    await bulb.receives(`<message from='${HUB}'><owner xmlns='${NS}' jid='anna@pronto.local'/></message>`);
    stage.clock.advance(10_000);
  });

  afterEach(() => stage.close());

  const isFriend = async (ns = NS): Promise<string | undefined> => {
    const reply = await asks(bulb, `<is-friend-query xmlns='${ns}' jid='${EVE}'/>`, 'get');
    return reply.elements()[0]?.attribute('friend');
  };
  const states = (content: string) =>
    asks(anna, `<friend-state-update xmlns='${NS}'>${content}</friend-state-update>`);

  it('a question is pending, the owner is told that somebody waits, asks who, and decides', async () => {
    expect(await isFriend()).toBe('pending');
    await anna.receives(`<message from='${HUB}'><pending-friend-notification xmlns='${NS}'/></message>`);
    const list = await asks(anna, `<pending-friend-query xmlns='${NS}'/>`, 'get');
    const waiting = list.child('pending-friend-requests', NS)?.elements() ?? [];
    expect(waiting.map((friend) => friend.attribute('jid'))).toEqual([EVE]);
    expect((await states(`<friend jid='${EVE}'/>`)).attribute('type')).toBe('result');
    await bulb.receives(
      `<message from='${HUB}'><friendship-states xmlns='${NS}'><item jid='${EVE}' friend='yes'/></friendship-states></message>`,
    );
    expect(await isFriend()).toBe('yes');
  });

  it('the form of the example, without a namespace, is understood too', async () => {
    expect(await isFriend('jabber:client')).toBe('pending');
  });

  it('the owner ends a friendship, and makes one that nobody asked for', async () => {
    await states(`<friend jid='${EVE}'/>`);
    expect(await isFriend()).toBe('yes');
    await states(`<non-friend jid='${EVE}'/>`);
    expect(await isFriend()).toBe('no');
    expect((await asks(anna, `<pending-friend-query xmlns='${NS}'/>`, 'get')).attribute('type')).toBe(
      'result',
    );
  });

  it('abuse 48: strangers, contradictions and too much are refused', async () => {
    const guest = await arrives('guest');
    const foreign = await asks(
      guest,
      `<friend-state-update xmlns='${NS}'><friend jid='${EVE}'/></friend-state-update>`,
    );
    expect(condition(foreign)).toBe('forbidden');
    expect(condition(await states(`<friend jid='${EVE}'/><non-friend jid='${EVE}'/>`))).toBe('bad-request');
    const many = Array.from({ length: 150 }, (_, i) => `<friend jid='x${i}@y.example'/>`).join('');
    expect(['resource-constraint', 'bad-request']).toContain(condition(await states(many)));
    expect(await isFriend()).toBe('pending');
  });

  it('what a thing was told while it was away reaches it when it is back', async () => {
    await isFriend();
    await bulb.leaves();
    await states(`<friend jid='${EVE}'/>`);
    await stage.restart();
    await bulb.arrives();
    bulb.sends('<presence/>');
    await bulb.receives(
      `<message><friendship-states xmlns='${NS}'><item jid='${EVE}' friend='yes'/></friendship-states></message>`,
    );
    await vi.waitFor(async () => expect((await stage.admin('status', {})).counts.notices).toBe(0));
  });
});
