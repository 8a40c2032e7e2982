import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from './actor.js';
import { about, clearCache, LAMP, mine, NS, register, update } from './discovery-payloads.js';
import { MemoryStage } from './memory-stage.js';
import { wordsOf } from './words.js';

describe('what owners do with their things', () => {
  let stage: MemoryStage;
  let lamp: Actor;
  let anna: Actor;
  let bert: Actor;
  const words = wordsOf(() => stage);
  const { asks, answers, condition } = words;
  const arrives = (name: string) => words.arrives(name, true);
  const acknowledges = (actor: Actor, name: string) => words.acknowledges(actor, `<${name} xmlns='${NS}'/>`);
  const clears = (actor: Actor) => words.acknowledges(actor, clearCache);

  beforeEach(async () => {
    stage = await MemoryStage.open();
    for (const name of ['anna', 'bert'])
      await stage.admin('accounts-add', { name, owner: true, password: `${name}-secret` });
    [lamp, anna, bert] = [await arrives('lamp'), await arrives('anna'), await arrives('bert')];
  });

  afterEach(() => stage.close());

  const shown = () => stage.admin('things-show', { address: LAMP });
  const found = async (actor: Actor): Promise<number> => {
    const reply = await asks(actor, `<search xmlns='${NS}'><strEq name='SN' value='1'/></search>`, 'get');
    return reply.child('found', NS)?.elements().length ?? -1;
  };
  const isClaimed = async (): Promise<void> => {
    await asks(lamp, register('k1'));
    await asks(anna, mine('k1'));
    await acknowledges(lamp, 'claimed');
    await clears(lamp);
    await words.settles();
  };

  describe('update', () => {
    it('the thing changes the tags it names, and an empty text takes one away', async () => {
      await isClaimed();
      const reply = await asks(
        lamp,
        update("<str name='sn' value=''/><num name='V' value='2'/><str name='CLASS' value='Lamp'/>"),
      );
      expect([reply.attribute('type'), reply.elements()]).toEqual(['result', []]);
      expect((await shown()).tags).toEqual({ V: 2, CLASS: 'Lamp' });
      await asks(lamp, update("<num name='V' value='3'/>"));
      expect((await shown()).tags).toEqual({ V: 3, CLASS: 'Lamp' });
    });

    it('its owner does so by its address; anybody else hears that there is no such thing, and is audited', async () => {
      await isClaimed();
      await asks(anna, update("<str name='ROOM' value='Hall'/>", `jid='${LAMP}/x'`));
      expect((await shown()).tags).toEqual({ SN: '1', ROOM: 'Hall' });
      const refused = await asks(bert, update("<str name='ROOM' value='Cellar'/>", `jid='${LAMP}'`));
      expect(condition(refused)).toBe('item-not-found');
      expect((await shown()).tags.ROOM).toBe('Hall');
      const { entries } = await stage.admin('audit', {});
      expect(entries).toContainEqual(
        expect.objectContaining({ what: 'update', by: 'bert@pronto.local', outcome: 'item-not-found' }),
      );
    });

    it('a thing that nobody claimed is told that it is disowned, and nothing changes', async () => {
      await asks(lamp, register('k1'));
      const reply = await asks(lamp, update("<str name='SN' value='2'/>"));
      expect(reply.child('disowned', NS)).toBeDefined();
      expect((await shown()).tags).toEqual({ SN: '1' });
      await asks(anna, mine('k1'));
      expect((await shown()).owner).toBe('anna@pronto.local');
    });

    it('what is removed, or was never there, cannot be updated by anybody', async () => {
      expect(condition(await asks(lamp, update('')))).toBe('item-not-found');
      await isClaimed();
      await asks(anna, about('remove'));
      expect(condition(await asks(lamp, update('')))).toBe('item-not-found');
      expect(condition(await asks(anna, update('', `jid='${LAMP}'`)))).toBe('item-not-found');
    });

    it('after an update the thing is still claimed by what it registered with', async () => {
      await isClaimed();
      await asks(lamp, update("<str name='SN' value='2'/>"));
      expect((await asks(anna, mine('k1'))).child('claimed', NS)?.attribute('jid')).toBe(LAMP);
    });

    it('abuse 28: no update brings more tags than a thing may have, but every predefined one', async () => {
      await isClaimed();
      const many = Array.from({ length: 65 }, (_, i) => `<str name='T${i}' value='1'/>`).join('');
      expect(condition(await asks(lamp, update(many)))).toBe('resource-constraint');
      const predefined = ['ALT', 'LAT', 'LON', 'V'].map((name) => `<num name='${name}' value='1'/>`).join('');
      await asks(lamp, update(many.replace(/<str name='T64'.*/, '') + predefined));
      expect(Object.keys((await shown()).tags)).toHaveLength(69);
    });
  });

  it('abuse 37: an owned thing that registers with other tags, or as its own, stays what it is; it is audited', async () => {
    await isClaimed();
    const other = "<str name='SN' value='2'/><str name='KEY' value='other'/>";
    const reply = await asks(lamp, `<register xmlns='${NS}' selfOwned='true'>${other}</register>`);
    expect(reply.child('claimed', NS)?.attribute('jid')).toBe('anna@pronto.local');
    expect(await shown()).toMatchObject({ owner: 'anna@pronto.local', tags: { SN: '1' } });
    expect(condition(await asks(bert, `<mine xmlns='${NS}'>${other}</mine>`))).toBe('item-not-found');
    const { entries } = await stage.admin('audit', {});
    expect(entries).toContainEqual(
      expect.objectContaining({
        what: 'register',
        by: LAMP,
        about: 'anna@pronto.local',
        outcome: 'already claimed',
      }),
    );
  });

  describe('remove', () => {
    it('no search finds the thing any more, it hears of it, and it stays its owner’s', async () => {
      await isClaimed();
      expect(await found(bert)).toBe(1);
      const reply = await asks(anna, about('remove'));
      expect([reply.attribute('type'), reply.elements()]).toEqual(['result', []]);
      await acknowledges(lamp, 'removed');
      expect(await found(bert)).toBe(0);
      const claimed = (await asks(lamp, register('k9'))).child('claimed', NS);
      expect([claimed?.attribute('jid'), claimed?.attribute('public')]).toEqual([
        'anna@pronto.local',
        'false',
      ]);
      expect((await shown()).owner).toBe('anna@pronto.local');
    });

    it('what the owner allowed stays allowed', async () => {
      await isClaimed();
      const friend = `<isFriend xmlns='urn:nf:iot:prov:d:1.0' jid='app@elsewhere.example'/>`;
      await asks(lamp, friend, 'get');
      await stage.admin('allow', { number: 1 });
      await asks(anna, about('remove'));
      await stage.restart();
      await lamp.arrives();
      const reply = await asks(lamp, friend, 'get');
      expect(reply.elements()[0]?.attribute('result')).toBe('true');
    });

    it('abuse 35: others hear that there is no such thing; twice is as once', async () => {
      await isClaimed();
      expect(condition(await asks(bert, about('remove')))).toBe('item-not-found');
      expect(await found(bert)).toBe(1);
      await asks(anna, about('remove'));
      expect((await asks(anna, about('remove'))).attribute('type')).toBe('result');
      await acknowledges(lamp, 'removed');
      expect(lamp.unread.filter((stanza) => stanza.child('removed', NS))).toEqual([]);
    });

    it('a thing that never answers removed hears what comes after, and its owner brings it back by a claim', async () => {
      await isClaimed();
      await asks(anna, about('remove'));
      await lamp.receives(`<iq type='set'><removed xmlns='${NS}'/></iq>`);
      await asks(anna, mine('k1'));
      await acknowledges(lamp, 'claimed');
      expect(await found(bert)).toBe(1);
    });

    it('one that was away hears that it is claimed before it hears that it is removed', async () => {
      await asks(lamp, register('k1'));
      await lamp.leaves();
      await asks(anna, mine('k1'));
      await asks(anna, about('remove'));
      await stage.restart();
      await lamp.arrives();
      await asks(lamp, `<isFriend xmlns='urn:nf:iot:prov:d:1.0' jid='x@y'/>`, 'get');
      const claimed = await lamp.receives(`<iq type='set'><claimed xmlns='${NS}'/></iq>`);
      expect(lamp.unread.filter((stanza) => stanza.child('removed', NS))).toEqual([]);
      answers(lamp, claimed);
      await acknowledges(lamp, 'removed');
    });

    it('only the node that is named leaves, of those behind a concentrator', async () => {
      await asks(lamp, register('k1', "id='a'"));
      await asks(lamp, register('k2', "id='b'"));
      await asks(anna, mine('k1'));
      await asks(anna, mine('k2'));
      await asks(anna, about('remove', "id='a'"));
      const told = await lamp.receives(`<iq type='set'><claimed xmlns='${NS}' id='a'/></iq>`);
      answers(lamp, told);
      await lamp.receives(`<iq type='set'><removed xmlns='${NS}' id='a'/></iq>`);
      expect(await found(bert)).toBe(1);
    });
  });
});
