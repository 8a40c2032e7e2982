import { afterEach, describe, expect, it } from 'vitest';
import { decodeClaimCode } from '../../src/domain/claim-code.js';
import { ScriptedHub } from '../actors/scripted-hub.js';
import { TestAuthority } from '../actors/test-authority.js';
import { DISCO, HUB, OWNER, PROV, ThingRig } from '../actors/thing-rig.js';

describe('a thing', () => {
  const rig = new ThingRig();

  afterEach(() => rig.unplug());

  it('registers with its tags and KEY, and says the same in its claim code', async () => {
    await rig.plugIn();
    const thing = rig.make();
    const started = thing.start();
    const iq = await rig.register();
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
    expect(JSON.stringify(rig.log.lines)).not.toContain(key);
  });

  it('keeps account, KEY and authority over a restart', async () => {
    await rig.plugIn();
    const first = rig.make();
    await rig.online(first);
    const before = [first.jid, first.claimCode];
    await first.stop();
    const second = rig.make();
    await rig.online(second);
    expect([second.jid, second.claimCode]).toEqual(before);
    expect(rig.hub.accounts.size).toBe(1);
  });

  it('acknowledges claimed and removed, and registers again when it is disowned', async () => {
    await rig.plugIn();
    const thing = rig.make();
    await rig.online(thing);
    const claimed = rig.next(thing, 'claimed');
    rig.hub.sends(
      `<iq type="set" from="${HUB}" to="{jid}" id="a1"><claimed xmlns="${DISCO}" jid="${OWNER}" public="false"/></iq>`,
    );
    await rig.hub.receives(`<iq type="result" id="a1" to="${HUB}"/>`);
    expect(await claimed).toEqual({ owner: OWNER, public: false });
    rig.hub.sends(`<iq type="set" from="${HUB}" to="{jid}" id="a2"><removed xmlns="${DISCO}"/></iq>`);
    await rig.hub.receives(`<iq type="result" id="a2"/>`);
    const disowned = rig.next(thing, 'disowned');
    rig.hub.sends(`<iq type="set" from="${HUB}" to="{jid}" id="a3"><disowned xmlns="${DISCO}"/></iq>`);
    await rig.hub.receives(`<iq type="result" id="a3"/>`);
    await disowned;
    expect(rig.hub.unread.some((stanza) => stanza.attribute('type') === 'set')).toBe(false);
    rig.clock.advance(0);
    await rig.register();
  });

  it('believes the hub only', async () => {
    await rig.plugIn();
    const thing = rig.make();
    await rig.online(thing);
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
        rig.hub.sends(`<iq type="set" from="${from}" to="{jid}" id="e${id}">${payload}</iq>`);
        await rig.hub.receives(
          `<iq type="error" id="e${id++}"><error><forbidden xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>`,
        );
      }
      rig.hub.sends(
        `<message from="${from}" to="{jid}"><friend xmlns="${PROV}" jid="eve@attic.local"/></message>`,
      );
      rig.hub.sends(
        `<message from="${from}" to="{jid}"><unfriend xmlns="${PROV}" jid="${OWNER}"/></message>`,
      );
    }
    rig.hub.sends(`<iq type="get" from="${HUB}" to="{jid}" id="last"><ping xmlns="urn:xmpp:ping"/></iq>`);
    await rig.hub.receives('<iq type="result" id="last"/>');
    expect(seen).toEqual([]);
    expect(rig.hub.unread).toEqual([]);
  });

  it('comes back by itself, with growing pauses, and registers again', async () => {
    await rig.plugIn();
    const thing = rig.make();
    await rig.online(thing);
    const trouble = rig.next(thing, 'trouble');
    rig.hub.stream?.close();
    const { retryIn } = await trouble;
    expect(retryIn).toBeLessThanOrEqual(2_000);
    expect(thing.phase).toBe('waiting');
    await rig.closeListener();
    const worse = rig.next(thing, 'trouble');
    rig.clock.advance(retryIn);
    const { error, retryIn: longer } = await worse;
    expect(error.message).toContain('does not answer');
    await rig.serve(rig.hub);
    const connected = rig.next(thing, 'connected');
    rig.clock.advance(longer);
    await rig.register();
    expect((await connected).hub).toBe(HUB);
  });

  it('gives a hub up that does not answer its ping', async () => {
    await rig.plugIn();
    const thing = rig.make();
    await rig.online(thing);
    const disconnected = rig.next(thing, 'disconnected');
    rig.clock.advance(60_000);
    await rig.hub.receives('<iq type="get" to="attic.local"><ping xmlns="urn:xmpp:ping"/></iq>');
    rig.clock.advance(20_000);
    expect((await disconnected).reason).toContain('connection-timeout');
  });

  it('refuses another authority until it is told to forget its hub', async () => {
    await rig.plugIn();
    const thing = rig.make();
    await rig.online(thing);
    const [jid, code] = [thing.jid, thing.claimCode];
    const trouble = rig.next(thing, 'trouble');
    rig.hub.stream?.close();
    const { retryIn } = await trouble;
    await rig.serve(new ScriptedHub('attic.local', new TestAuthority('Evil twin')));
    const refused = rig.next(thing, 'trouble');
    rig.clock.advance(retryIn);
    expect((await refused).error).toMatchObject({ failure: 'authority-changed' });
    expect(rig.hub.accounts.size).toBe(0);
    const connected = rig.next(thing, 'connected');
    await thing.forget();
    await rig.register();
    await connected;
    expect(thing.jid).not.toBe(jid);
    expect(thing.claimCode).toBe(code);
  });

  it('takes another name when its own is taken', async () => {
    await rig.plugIn();
    rig.files.write(
      '/var/lib/lamp/identity.json',
      JSON.stringify({ key: 'K', account: { name: 'lamp', password: 'mine', created: false } }),
    );
    await rig.hub.makeAccount('lamp', 'of somebody else');
    const thing = rig.make();
    const trouble = rig.next(thing, 'trouble');
    const started = thing.start();
    const { error, retryIn } = await trouble;
    expect(error).toMatchObject({ failure: 'name-taken' });
    rig.clock.advance(retryIn);
    await rig.register();
    await started;
    expect(thing.jid).toMatch(/^lamp-/);
  });

  it('acknowledges clearCache as the XEP says when it speaks the oldest namespaces', async () => {
    await rig.plugIn();
    rig.hub.features = ['urn:xmpp:iot:discovery', 'urn:xmpp:iot:provisioning'];
    const thing = rig.make();
    const started = thing.start();
    const iq = await rig.hub.receives(`<iq type="set"><register xmlns="urn:xmpp:iot:discovery"/></iq>`);
    rig.hub.sends(`<iq type="result" from="${HUB}" to="{jid}" id="${iq.attribute('id')}"/>`);
    await started;
    await rig.hub.receives(`<presence type="subscribe" to="${HUB}"/>`);
    rig.hub.sends(
      `<iq type="set" from="${HUB}" to="{jid}" id="c"><clearCache xmlns="urn:xmpp:iot:provisioning"/></iq>`,
    );
    await rig.hub.receives(
      '<iq type="result" id="c"><clearCacheResponse xmlns="urn:xmpp:iot:provisioning"/></iq>',
    );
  });

  it('tries again where there is no registry, and stops whenever it is told to', async () => {
    await rig.plugIn();
    rig.hub.features = [];
    const thing = rig.make();
    const trouble = rig.next(thing, 'trouble');
    const started = thing.start();
    started.catch(() => undefined);
    expect((await trouble).error).toMatchObject({ failure: 'no-registry' });
    await thing.stop();
    await expect(started).rejects.toThrow('stopped');
  });

  it('refuses wrong options and damaged files at the start', async () => {
    await rig.plugIn();
    await expect(rig.make({ kind: 'a lamp' }).start()).rejects.toThrow('kind');
    await expect(rig.make({ tags: { KEY: '1' } }).start()).rejects.toThrow('KEY');
    await rig.files.write('/var/lib/lamp/identity.json', '{"key":1}');
    await expect(rig.make().start()).rejects.toThrow('damaged');
  });
});
