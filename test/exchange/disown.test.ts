import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Actor } from './actor.js';
import { about, clearCache, LAMP, mine, NS, register, tags } from './discovery-payloads.js';
import { MemoryStage } from './memory-stage.js';
import { HUB, wordsOf } from './words.js';

describe('an owner gives a thing up', () => {
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

  describe('disown', () => {
    const disowns = (actor: Actor, id: string): void =>
      actor.sends(`<iq type='set' id='${id}' to='${HUB}'>${about('disown')}</iq>`);

    it('the thing hears first; then nobody owns it, its tags are gone, and no old code claims it', async () => {
      await isClaimed();
      disowns(anna, 'd');
      const told = await lamp.receives(`<iq type='set' from='${HUB}'><disowned xmlns='${NS}'/></iq>`);
      expect(anna.unread).toEqual([]);
      expect((await shown()).owner).toBe('anna@pronto.local');
      answers(lamp, told);
      await anna.receives("<iq type='result' id='d'/>");
      expect(await shown()).toMatchObject({ owner: null, public: false, tags: {}, rules: [] });
      expect(condition(await asks(anna, mine('k1')))).toBe('item-not-found');
      await clears(lamp);
      await asks(lamp, register('k2'));
      expect((await asks(bert, mine('k2'))).child('claimed', NS)?.attribute('jid')).toBe(LAMP);
    });

    it('the friends whom the owner had let in are friends no more', async () => {
      await isClaimed();
      const friend = "<isFriend xmlns='urn:nf:iot:prov:d:1.0' jid='bert@pronto.local'/>";
      await asks(lamp, friend, 'get');
      await stage.admin('allow', { number: 1 });
      await clears(lamp);
      lamp.sends("<presence type='subscribe' to='bert@pronto.local'/>");
      await asks(lamp, friend, 'get');
      stage.clock.advance(1000);
      disowns(anna, 'd');
      await acknowledges(lamp, 'disowned');
      await anna.receives("<iq type='result' id='d'/>");
      await clears(lamp);
      await lamp.receives(
        "<message><unfriend xmlns='urn:nf:iot:prov:d:1.0' jid='bert@pronto.local'/></message>",
      );
    });

    it('a thing that is away, refuses or keeps silent is not disowned: not-allowed', async () => {
      await isClaimed();
      disowns(anna, 'd1');
      const told = await lamp.receives(`<iq type='set'><disowned xmlns='${NS}'/></iq>`);
      lamp.sends(
        `<iq type='error' id='${told.attribute('id')}' to='${HUB}'><error type='cancel'><not-allowed xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`,
      );
      expect(condition(await anna.receives("<iq type='error' id='d1'/>"))).toBe('not-allowed');
      disowns(anna, 'd2');
      await lamp.receives(`<iq type='set'><disowned xmlns='${NS}'/></iq>`);
      stage.clock.advance(20_000);
      expect(condition(await anna.receives("<iq type='error' id='d2'/>"))).toBe('not-allowed');
      await acknowledges(lamp, 'claimed');
      await lamp.leaves();
      disowns(anna, 'd3');
      expect(condition(await anna.receives("<iq type='error' id='d3'/>"))).toBe('not-allowed');
      expect(await shown()).toMatchObject({ owner: 'anna@pronto.local', tags: { SN: '1' } });
    });

    it('a thing that acknowledges after the owner was refused is told that it is his', async () => {
      await isClaimed();
      disowns(anna, 'd');
      const told = await lamp.receives(`<iq type='set'><disowned xmlns='${NS}'/></iq>`);
      stage.clock.advance(20_000);
      await anna.receives("<iq type='error' id='d'/>");
      answers(lamp, told);
      await acknowledges(lamp, 'claimed');
      expect((await asks(lamp, register('k2'))).child('claimed', NS)).toBeDefined();
      expect((await shown()).owner).toBe('anna@pronto.local');
    });

    it('tried over and over it fills no disk: repeats are one line of the audit', async () => {
      await asks(lamp, `<register xmlns='${NS}' selfOwned='true'>${tags('k1')}</register>`);
      await lamp.leaves();
      await lamp.arrives();
      for (let i = 0; i < 50; i++) expect(condition(await asks(lamp, about('disown')))).toBe('not-allowed');
      const { entries } = await stage.admin('audit', {});
      expect(entries.filter(({ what, by }) => what === 'disown' && by === LAMP)).toMatchObject([
        { about: LAMP, outcome: 'not-allowed' },
      ]);
    });

    it('abuse 35: others hear that there is no such thing, and the thing hears nothing', async () => {
      await isClaimed();
      expect(condition(await asks(bert, about('disown')))).toBe('item-not-found');
      expect(lamp.unread).toEqual([]);
      expect((await shown()).owner).toBe('anna@pronto.local');
    });

    it('a register that overtakes the acknowledgement is it', async () => {
      await isClaimed();
      disowns(anna, 'd');
      const told = await lamp.receives(`<iq type='set'><disowned xmlns='${NS}'/></iq>`);
      const registered = await asks(lamp, register('k2'));
      expect(registered.elements()).toEqual([]);
      answers(lamp, told);
      await anna.receives("<iq type='result' id='d'/>");
      expect((await asks(bert, mine('k2'))).child('claimed', NS)?.attribute('jid')).toBe(LAMP);
      expect((await shown()).owner).toBe('bert@pronto.local');
    });

    it('what was begun before a restart ends with the next registration, once', async () => {
      await isClaimed();
      disowns(anna, 'd');
      await lamp.receives(`<iq type='set'><disowned xmlns='${NS}'/></iq>`);
      await stage.restart();
      for (const actor of [lamp, anna, bert]) await actor.arrives();
      expect((await shown()).owner).toBe('anna@pronto.local');
      expect((await asks(lamp, register('k2'))).elements()).toEqual([]);
      expect((await asks(bert, mine('k2'))).child('claimed', NS)?.attribute('jid')).toBe(LAMP);
      await acknowledges(lamp, 'claimed');
      expect(lamp.unread.filter((stanza) => stanza.child('disowned', NS))).toEqual([]);
    });

    it('or with the acknowledgement of the notice that waited for the thing', async () => {
      await isClaimed();
      disowns(anna, 'd');
      await lamp.receives(`<iq type='set'><disowned xmlns='${NS}'/></iq>`);
      await stage.restart();
      await lamp.arrives();
      lamp.sends('<presence/>');
      await acknowledges(lamp, 'disowned');
      await vi.waitFor(async () => expect((await shown()).owner).toBeNull());
    });

    it('whoever claims again what he began to give up keeps it, and the thing hears that last', async () => {
      await isClaimed();
      disowns(anna, 'd');
      const told = await lamp.receives(`<iq type='set'><disowned xmlns='${NS}'/></iq>`);
      expect((await asks(anna, mine('k1'))).child('claimed', NS)?.attribute('jid')).toBe(LAMP);
      answers(lamp, told);
      expect(condition(await anna.receives("<iq type='error' id='d'/>"))).toBe('not-allowed');
      await acknowledges(lamp, 'claimed');
      expect(await shown()).toMatchObject({ owner: 'anna@pronto.local', tags: { SN: '1' } });
    });

    it('so he does after a restart, and the thing does not hear the old notice', async () => {
      await isClaimed();
      disowns(anna, 'd');
      await lamp.receives(`<iq type='set'><disowned xmlns='${NS}'/></iq>`);
      await stage.restart();
      for (const actor of [lamp, anna]) await actor.arrives();
      await asks(anna, mine('k1'));
      lamp.sends('<presence/>');
      await acknowledges(lamp, 'claimed');
      expect(lamp.unread.filter((stanza) => stanza.child('disowned', NS))).toEqual([]);
      expect((await asks(lamp, register('k2'))).child('claimed', NS)?.attribute('jid')).toBe(
        'anna@pronto.local',
      );
    });

    it('a thing that leaves without an answer, and is claimed anew by the same owner, hears it no second time', async () => {
      await isClaimed();
      disowns(anna, 'd');
      await lamp.receives(`<iq type='set'><disowned xmlns='${NS}'/></iq>`);
      await asks(lamp, `<unregister xmlns='${NS}'/>`);
      await anna.receives("<iq type='result' id='d'/>");
      await asks(lamp, register('k2'));
      await asks(anna, mine('k2'));
      await acknowledges(lamp, 'claimed');
      for (let i = 0; i < 20; i++) {
        stage.clock.advance(10_000);
        await asks(lamp, `<isFriend xmlns='urn:nf:iot:prov:d:1.0' jid='x@y'/>`, 'get');
      }
      expect(lamp.unread.filter((stanza) => stanza.child('disowned', NS))).toEqual([]);
    });

    it('twenty at once are one, and a thing that unregisters meanwhile is gone', async () => {
      await isClaimed();
      for (let i = 0; i < 20; i++) disowns(anna, `d${i}`);
      const told = await lamp.receives(`<iq type='set'><disowned xmlns='${NS}'/></iq>`);
      await asks(lamp, `<unregister xmlns='${NS}'/>`);
      answers(lamp, told);
      stage.clock.advance(20_000);
      for (let i = 0; i < 20; i++) await anna.receives(`<iq id='d${i}'/>`);
      expect(lamp.unread.filter((stanza) => stanza.child('disowned', NS))).toEqual([]);
      expect((await stage.admin('things', {})).things).toEqual([]);
    });
  });

  describe('an account that is removed', () => {
    const leaves = (actor: Actor) => asksServer(actor, "<query xmlns='jabber:iq:register'><remove/></query>");
    const asksServer = async (actor: Actor, payload: string): Promise<void> => {
      actor.sends(`<iq type='set' id='away' to='pronto.local'>${payload}</iq>`);
      await actor.receives("<iq id='away' type='result'/>");
    };

    it('takes with it what nobody owns but itself; what an owner claimed stays his', async () => {
      await asks(lamp, `<register xmlns='${NS}' id='self' selfOwned='true'>${tags('s')}</register>`);
      await asks(lamp, register('free', "id='free'"));
      await asks(lamp, register('k1', "id='claimed'"));
      await asks(anna, mine('k1'));
      await leaves(lamp);
      const { things } = await stage.admin('things', {});
      expect(things.map(({ address, owner }) => [address, owner])).toEqual([
        [`${LAMP}#claimed`, 'anna@pronto.local'],
      ]);
      expect(await found(bert)).toBe(1);
      expect(condition(await asks(bert, mine('free')))).toBe('item-not-found');
      const again = stage.actor('lamp');
      await expect(again.arrives('another-secret')).rejects.toThrow();
    });

    it('leaves nothing that its sessions registered at the last moment', async () => {
      const second = stage.actor('lamp');
      await second.arrives(undefined, 'second');
      const leaving = leaves(lamp);
      const gone = async () => {
        const { accounts } = await stage.admin('accounts', {});
        return !accounts.some(({ name }) => name === 'lamp');
      };
      let ended = false;
      for (let i = 0; !ended; i++) {
        ended = await gone();
        second.sends(`<iq type='set' id='r${i}' to='${HUB}'>${register('k', `id='n${i}'`)}</iq>`);
        await new Promise((resolve) => setImmediate(resolve));
      }
      await leaving;
      expect((await stage.admin('things', {})).things).toEqual([]);
    });

    it('gives its name free where nothing is left, and its notices go with it', async () => {
      await asks(lamp, `<register xmlns='${NS}' selfOwned='true'>${tags('s')}</register>`);
      await asks(lamp, about('remove'));
      await leaves(lamp);
      expect((await stage.admin('status', {})).counts).toMatchObject({ things: 0, notices: 0 });
      const other = stage.actor('lamp');
      await other.arrives('another-secret');
      await asks(other, register('k1'));
      expect(other.unread.filter((stanza) => stanza.child('removed', NS))).toEqual([]);
    });
  });

  describe('claim against unregister', () => {
    it('whoever comes first, the records agree: owned, or gone', async () => {
      for (let i = 0; i < 10; i++) {
        await asks(lamp, register(`k${i}`));
        lamp.sends(`<iq type='set' id='u${i}' to='${HUB}'><unregister xmlns='${NS}'/></iq>`);
        anna.sends(`<iq type='set' id='m${i}' to='${HUB}'>${mine(`k${i}`)}</iq>`);
        await lamp.receives(`<iq type='result' id='u${i}'/>`);
        await stage.passes(anna.receives(`<iq id='m${i}'/>`));
        expect((await stage.admin('things', {})).things).toEqual([]);
      }
    });
  });
});
