import { afterEach, describe, expect, it } from 'vitest';
import type { Thing } from '../../src/thing/index.js';
import { DISCO, HUB, OWNER, ThingRig } from '../actors/thing-rig.js';

const keyIn = (thing: Thing) => /KEY=([^;]+)/.exec(thing.claimCode ?? '')?.[1];

describe('a thing in the registry', () => {
  const rig = new ThingRig();

  afterEach(() => rig.unplug());

  const notice = async (id: string, payload: string): Promise<void> => {
    rig.hub.sends(`<iq type="set" from="${HUB}" to="{jid}" id="${id}">${payload}</iq>`);
    await rig.hub.receives(`<iq type="result" id="${id}" to="${HUB}"/>`);
  };
  const claimed = `<claimed xmlns="${DISCO}" jid="${OWNER}" public="true"/>`;
  const disowned = `<disowned xmlns="${DISCO}"/>`;
  const removed = `<removed xmlns="${DISCO}"/>`;

  /** The tags of the next update, which is answered with a payload. */
  const update = async (answer = ''): Promise<string[]> => {
    const iq = await rig.hub.receives(`<iq type="set" to="${HUB}"><update xmlns="${DISCO}"/></iq>`);
    rig.hub.sends(`<iq type="result" from="${HUB}" to="{jid}" id="${iq.attribute('id')}">${answer}</iq>`);
    const tags = iq.elements()[0]?.elements() ?? [];
    return tags.map((tag) => `${tag.name} ${tag.attribute('name')}=${tag.attribute('value')}`);
  };

  const refuseUpdate = async (condition: string): Promise<void> => {
    const iq = await rig.hub.receives(`<iq type="set" to="${HUB}"><update xmlns="${DISCO}"/></iq>`);
    rig.hub.sends(`<iq type="error" from="${HUB}" to="{jid}" id="${iq.attribute('id')}"><error type="cancel">
      <${condition} xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>`);
  };

  /** Resolves once the thing has worked off what came before. */
  const settle = async (id: string): Promise<void> => {
    rig.hub.sends(`<iq type="get" from="${HUB}" to="{jid}" id="${id}"><ping xmlns="urn:xmpp:ping"/></iq>`);
    await rig.hub.receives(`<iq type="result" id="${id}"/>`);
  };

  it('changes its tags once it is owned: numbers as numbers, an empty text takes one away', async () => {
    await rig.plugIn();
    const thing = rig.make();
    await rig.online(thing, OWNER);
    const outcome = thing.update({ room: 'attic', V: 1.3, SN: '' });
    expect(await update()).toEqual(['str ROOM=attic', 'num V=1.3', 'str SN=']);
    expect(await outcome).toBe('done');
    await expect(thing.update({ KEY: '' })).rejects.toThrow('KEY');
    await expect(thing.update({ 'a:b': 'x' })).rejects.toThrow('tag name');
    await expect(thing.update({ V: Number.NaN })).rejects.toThrow('finite');
    await expect(thing.update({})).rejects.toThrow('names tags');
    await expect(thing.update({ A: 'x' }, { nodeId: 'n' })).rejects.toThrow('no such node');
    expect(rig.hub.unread).toEqual([]);
  });

  it('says what changed while nobody owned it as soon as somebody does, the newest value only', async () => {
    await rig.plugIn();
    const thing = rig.make();
    await expect(thing.update({ ROOM: 'attic' })).rejects.toThrow('not started');
    await rig.online(thing);
    expect(await thing.update({ ROOM: 'cellar', V: 1.3 })).toBe('later');
    expect(await thing.update({ ROOM: 'attic' })).toBe('later');
    await settle('quiet');
    expect(rig.hub.unread).toEqual([]);
    await notice('c1', claimed);
    expect(await update()).toEqual(['str ROOM=attic', 'num V=1.3']);
  });

  it('says what changed while the hub was away when it is back', async () => {
    await rig.plugIn();
    const thing = rig.make();
    await rig.online(thing, OWNER);
    const trouble = rig.next(thing, 'trouble');
    rig.hub.stream?.close();
    const { retryIn } = await trouble;
    expect(await thing.update({ ROOM: 'attic' })).toBe('later');
    rig.clock.advance(retryIn);
    await rig.register(OWNER);
    expect(await update()).toEqual(['str ROOM=attic']);
    await thing.stop();
    expect(await thing.update({ ROOM: 'roof' })).toBe('later');
    const started = thing.start();
    await rig.register(OWNER);
    await started;
    expect(await update()).toEqual(['str ROOM=roof']);
  });

  it('tells its maker why an update was refused, and does not say that one again', async () => {
    await rig.plugIn();
    const thing = rig.make();
    await rig.online(thing, OWNER);
    const outcome = thing.update({ ROOM: 'attic' });
    const refused = expect(outcome).rejects.toMatchObject({
      name: 'RequestRefused',
      condition: 'resource-constraint',
    });
    await refuseUpdate('resource-constraint');
    await refused;
    const next = thing.update({ V: 2 });
    expect(await update()).toEqual(['num V=2']);
    expect(await next).toBe('done');
  });

  it('registers anew, with another KEY, when an update says that it was disowned', async () => {
    await rig.plugIn();
    const thing = rig.make();
    await rig.online(thing, OWNER);
    const [key, gone] = [keyIn(thing), rig.next(thing, 'disowned')];
    const outcome = thing.update({ ROOM: 'attic' });
    await update(disowned);
    expect(await outcome).toBe('later');
    await gone;
    expect(keyIn(thing)).not.toBe(key);
    const claimable = rig.next(thing, 'claimable');
    rig.clock.advance(0);
    const iq = await rig.register();
    expect(JSON.stringify(iq)).toContain(keyIn(thing));
    expect(JSON.stringify(iq)).not.toContain('ROOM');
    expect((await claimable).claimCode).toBe(thing.claimCode);
    await notice('c1', claimed);
    expect(await update()).toEqual(['str ROOM=attic']);
  });

  it('says nothing more after it was removed, until somebody claims it again', async () => {
    await rig.plugIn();
    const thing = rig.make();
    await rig.online(thing, OWNER);
    const out = rig.next(thing, 'removed');
    const outcome = thing.update({ ROOM: 'attic' });
    await refuseUpdate('item-not-found');
    expect(await outcome).toBe('removed');
    expect(await out).toEqual({ registry: HUB });
    expect(await thing.update({ ROOM: 'cellar' })).toBe('removed');
    rig.clock.advance(0);
    await settle('quiet');
    expect(rig.hub.unread).toEqual([]);
    await notice('c1', claimed);
    expect(await update()).toEqual(['str ROOM=cellar']);
    await notice('r1', removed);
    expect(await thing.update({ ROOM: 'roof' })).toBe('removed');
    const trouble = rig.next(thing, 'trouble');
    rig.hub.stream?.close();
    const { retryIn } = await trouble;
    rig.clock.advance(retryIn);
    await rig.register(OWNER);
    await rig.hub.receives('<presence/>');
    await settle('still quiet');
    expect(rig.hub.unread).toEqual([]);
  });

  it('ends its friendship with the registry when it is removed, where it had one', async () => {
    await rig.plugIn();
    const disco = 'urn:xmpp:iot:discovery';
    rig.hub.features = [disco];
    const thing = rig.make();
    const started = thing.start();
    const iq = await rig.hub.receives(`<iq type="set"><register xmlns="${disco}"/></iq>`);
    rig.hub.sends(`<iq type="result" from="${HUB}" to="{jid}" id="${iq.attribute('id')}"/>`);
    await started;
    await rig.hub.receives(`<presence type="subscribe" to="${HUB}"/>`);
    rig.hub.sends(`<iq type="set" to="{jid}" id="ro"><query xmlns="jabber:iq:roster">
      <item jid="${HUB}" subscription="both"/></query></iq>`);
    await rig.hub.receives('<iq type="result" id="ro"/>');
    await notice('r1', `<removed xmlns="${disco}"/>`);
    rig.clock.advance(0);
    await rig.hub.receives(`<presence type="unsubscribe" to="${HUB}"/>`);
    await rig.hub.receives(`<presence type="unsubscribed" to="${HUB}"/>`);
  });

  it('forgets owner and answers when it is disowned, before it says so, and unfriends him', async () => {
    await rig.plugIn();
    const thing = rig.make();
    await rig.online(thing, OWNER);
    const key = keyIn(thing);
    rig.hub.sends('<presence type="subscribe" from="bob@attic.local" to="{jid}"/>');
    await rig.answerIsFriend('bob@attic.local', true);
    await rig.hub.receives('<presence type="subscribed" to="bob@attic.local"/>');
    rig.hub.sends(`<iq type="set" to="{jid}" id="ro"><query xmlns="jabber:iq:roster">
      <item jid="${OWNER}" subscription="both"/></query></iq>`);
    await rig.hub.receives('<iq type="result" id="ro"/>');
    rig.hub.sends(`<iq type="set" from="${HUB}" to="{jid}" id="d1">${disowned}</iq>`);
    await rig.hub.receives('<iq type="result" id="d1"/>');
    const files = await Promise.all(
      ['answers.json', 'identity.json'].map((name) => rig.files.read(`/var/lib/lamp/${name}`)),
    );
    expect(files.map(String).join()).not.toMatch(new RegExp(`bob@|"owned"|${key}`));
    await rig.hub.receives(`<presence type="unsubscribed" to="${OWNER}"/>`);
    await rig.hub.receives(`<presence type="unsubscribe" to="${OWNER}"/>`);
    rig.clock.advance(0);
    await rig.register();
    expect(JSON.stringify(rig.log.lines)).not.toContain(keyIn(thing));
  });

  it('registers once in fifteen seconds for a registry that says disowned again and again', async () => {
    await rig.plugIn();
    const thing = rig.make();
    await rig.online(thing, OWNER);
    await notice('d0', disowned);
    rig.clock.advance(0);
    await rig.register();
    const code = thing.claimCode;
    for (let i = 1; i < 20; i++) {
      await notice(`d${i}`, disowned);
      rig.clock.advance(0);
    }
    await settle('quiet');
    expect(rig.hub.unread.filter((stanza) => stanza.name === 'iq')).toEqual([]);
    expect(thing.claimCode).toBe(code);
    rig.clock.advance(15_000);
    await rig.register();
  });

  it('has another KEY when it was given up while it was away', async () => {
    await rig.plugIn();
    const first = rig.make();
    await rig.online(first, OWNER);
    const code = first.claimCode;
    await first.stop();
    const second = rig.make();
    await rig.online(second);
    expect(second.claimCode).not.toBe(code);
    rig.clock.advance(0);
    expect(JSON.stringify(await rig.register())).toContain(keyIn(second));
  });

  it('keeps a KEY that is printed on it', async () => {
    await rig.plugIn();
    const thing = rig.make({ key: 'PRINTED' });
    await rig.online(thing, OWNER);
    await notice('d1', disowned);
    rig.clock.advance(0);
    await rig.register();
    expect(keyIn(thing)).toBe('PRINTED');
    await expect(rig.make({ key: '' }).start()).rejects.toThrow('KEY');
  });

  it('believes what the registry told it after an answer that comes too late', async () => {
    await rig.plugIn();
    const thing = rig.make();
    const started = thing.start();
    const iq = await rig.hub.receives(`<iq type="set"><register xmlns="${DISCO}"/></iq>`);
    await notice('c1', claimed);
    rig.hub.sends(`<iq type="result" from="${HUB}" to="{jid}" id="${iq.attribute('id')}"/>`);
    await started;
    const outcome = thing.update({ ROOM: 'attic' });
    expect(await update()).toEqual(['str ROOM=attic']);
    expect(await outcome).toBe('done');
  });

  it('belongs to itself where it says so: no claim code, and updates at once', async () => {
    await rig.plugIn();
    const thing = rig.make({ selfOwned: true });
    const started = thing.start();
    const iq = await rig.register();
    await started;
    expect(iq.elements()[0]?.attribute('selfOwned')).toBe('true');
    expect([thing.claimCode, thing.claimCodes]).toEqual([undefined, []]);
    const outcome = thing.update({ ROOM: 'attic' });
    expect(await update()).toEqual(['str ROOM=attic']);
    expect(await outcome).toBe('done');
  });

  it('leaves the registry when it is told to, and comes back at the next start only', async () => {
    await rig.plugIn();
    const thing = rig.make();
    await rig.online(thing, OWNER);
    const code = thing.claimCode;
    const left = thing.unregister();
    const iq = await rig.hub.receives(`<iq type="set" to="${HUB}"><unregister xmlns="${DISCO}"/></iq>`);
    rig.hub.sends(`<iq type="result" from="${HUB}" to="{jid}" id="${iq.attribute('id')}"/>`);
    await left;
    expect(thing.claimCode).not.toBe(code);
    const trouble = rig.next(thing, 'trouble');
    rig.hub.stream?.close();
    const { retryIn } = await trouble;
    await expect(thing.unregister()).rejects.toMatchObject({ failure: 'unreachable' });
    const connected = rig.next(thing, 'connected');
    rig.clock.advance(retryIn);
    await connected;
    expect(rig.hub.unread.filter((stanza) => stanza.name === 'iq')).toEqual([]);
    await thing.stop();
    const started = thing.start();
    await rig.register();
    await started;
  });
});
