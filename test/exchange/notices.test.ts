import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Element } from '../../src/xmpp/element.js';
import type { Actor } from './actor.js';
import { MemoryStage } from './memory-stage.js';

const HUB = 'hub.pronto.local';
const DISCOVERY = 'urn:nf:iot:disco:1.0';
const PROVISIONING = 'urn:nf:iot:prov:d:1.0';
const CODE = 'IoTDisco;SN:1;KEY:k';
const CLAIMED = `<iq type='set' from='${HUB}'><claimed xmlns='${DISCOVERY}' jid='anna@pronto.local'/></iq>`;
const CLEAR = `<iq type='set' from='${HUB}'><clearCache xmlns='${PROVISIONING}'/></iq>`;

describe('what things and owners are told, and when', () => {
  let stage: MemoryStage;
  let ids = 0;

  beforeEach(async () => {
    stage = await MemoryStage.open();
    await stage.admin('accounts-add', { name: 'anna', owner: true, password: 'anna-secret' });
  });

  afterEach(() => stage.close());

  const registers = async (lamp: Actor, hub = HUB, ns = DISCOVERY): Promise<Element> => {
    const id = `r${ids++}`;
    lamp.sends(
      `<iq type='set' id='${id}' to='${hub}'><register xmlns='${ns}'><str name='SN' value='1'/><str name='KEY' value='k'/></register></iq>`,
    );
    return lamp.receives(`<iq type='result' id='${id}'/>`);
  };
  const acknowledges = async (lamp: Actor, pattern: string): Promise<void> => {
    const told = await lamp.receives(pattern);
    lamp.sends(`<iq type='result' id='${told.attribute('id')}' to='${told.attribute('from')}'/>`);
  };
  const refuses = async (lamp: Actor, pattern: string, condition: string): Promise<void> => {
    const told = await lamp.receives(pattern);
    lamp.sends(
      `<iq type='error' id='${told.attribute('id')}' to='${HUB}'><error type='cancel'><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`,
    );
  };
  const settled = async (actor: Actor): Promise<void> => {
    const id = `p${ids++}`;
    actor.sends(`<iq type='get' id='${id}' to='pronto.local'><ping xmlns='urn:xmpp:ping'/></iq>`);
    await actor.receives(`<iq type='result' id='${id}'/>`);
  };
  const waits = async (notices: number) =>
    vi.waitFor(async () => expect((await stage.admin('status', {})).counts.notices).toBe(notices));
  /** A thing that is registered and claimed, and has acknowledged what it was told. */
  const claimedLamp = async (): Promise<Actor> => {
    const lamp = stage.actor('lamp');
    await lamp.arrives();
    await registers(lamp);
    await stage.admin('claim', { code: CODE });
    await acknowledges(lamp, CLAIMED);
    await acknowledges(lamp, CLEAR);
    await waits(0);
    stage.clock.advance(1000);
    return lamp;
  };
  const decides = async (lamp: Actor, jid: string, number: number): Promise<string> => {
    lamp.sends(
      `<iq type='get' id='f${number}' to='${HUB}'><isFriend xmlns='${PROVISIONING}' jid='${jid}'/></iq>`,
    );
    await lamp.receives(`<iq type='result' id='f${number}'/>`);
    return (await stage.admin('allow', { number })).id;
  };
  const toldOf = (actor: Actor, name: string) =>
    actor.unread.filter((stanza) => stanza.elements().some((child) => child.name === name));

  it('a chat client on the account of a thing acknowledges nothing in its place', async () => {
    const lamp = stage.actor('lamp');
    await lamp.arrives(undefined, 'thing');
    await registers(lamp);
    await lamp.leaves();
    const chat = stage.actor('lamp');
    await chat.arrives(undefined, 'chat');
    chat.sends('<presence/>');
    await settled(chat);
    await stage.admin('claim', { code: CODE });
    await refuses(chat, CLAIMED, 'service-unavailable');
    await refuses(chat, CLEAR, 'feature-not-implemented');
    await settled(chat);
    await lamp.arrives(undefined, 'thing');
    await registers(lamp);
    await acknowledges(lamp, CLAIMED);
    stage.clock.advance(1000);
    await acknowledges(lamp, CLEAR);
    await waits(0);
  });

  it('a ping of a chat client does not make it the thing', async () => {
    const lamp = stage.actor('lamp');
    await lamp.arrives(undefined, 'thing');
    await registers(lamp);
    const chat = stage.actor('lamp');
    await chat.arrives(undefined, 'chat');
    chat.sends('<presence/>');
    await settled(chat);
    await stage.admin('claim', { code: CODE });
    await acknowledges(lamp, CLAIMED);
    await settled(chat);
    expect(toldOf(chat, 'claimed')).toEqual([]);
  });

  it('a thing that knows nothing of clearCache and says so is not asked for ever', async () => {
    const lamp = stage.actor('lamp');
    await lamp.arrives();
    await registers(lamp);
    await stage.admin('claim', { code: CODE });
    await refuses(lamp, CLAIMED, 'service-unavailable');
    await refuses(lamp, CLEAR, 'service-unavailable');
    await waits(0);
  });

  it('a thing that went away before it answered is told when it is back, at once', async () => {
    const lamp = stage.actor('lamp');
    await lamp.arrives();
    await registers(lamp);
    await stage.admin('claim', { code: CODE });
    await lamp.receives(CLAIMED);
    await lamp.leaves();
    await lamp.arrives();
    lamp.sends('<presence/>');
    await acknowledges(lamp, CLAIMED);
    stage.clock.advance(1000);
    await acknowledges(lamp, CLEAR);
    await waits(0);
  });

  it('a thing whose old connection is dead, unnoticed, is told on its new one when the old one has had its time', async () => {
    const dead = stage.actor('lamp');
    await dead.arrives(undefined, 'old');
    await registers(dead);
    await stage.admin('claim', { code: CODE });
    await dead.receives(CLAIMED);
    const lamp = stage.actor('lamp');
    await lamp.arrives(undefined, 'new');
    await registers(lamp);
    await settled(lamp);
    stage.clock.advance(30_000);
    await acknowledges(lamp, CLAIMED);
  });

  it('abuse 50: clearCache is repeated until it is confirmed, later and later', async () => {
    const lamp = await claimedLamp();
    await decides(lamp, 'eve@pronto.local', 1);
    await lamp.receives(CLEAR);
    stage.clock.advance(30_000);
    await settled(lamp);
    expect(toldOf(lamp, 'clearCache')).toEqual([]);
    stage.clock.advance(60_000);
    await lamp.receives(CLEAR);
    stage.clock.advance(30_000);
    await settled(lamp);
    stage.clock.advance(60_000);
    await settled(lamp);
    expect(toldOf(lamp, 'clearCache')).toEqual([]);
    stage.clock.advance(60_000);
    await acknowledges(lamp, CLEAR);
    await lamp.receives(
      `<message from='${HUB}'><friend xmlns='${PROVISIONING}' jid='eve@pronto.local'/></message>`,
    );
    await waits(0);
  });

  it('abuse 50: many changes at once clear the cache twice in two seconds, and all that waits for it follows in order', async () => {
    const lamp = await claimedLamp();
    for (let i = 1; i <= 5; i++) await decides(lamp, `s${i}@pronto.local`, i);
    await acknowledges(lamp, CLEAR);
    await settled(lamp);
    expect(toldOf(lamp, 'clearCache')).toEqual([]);
    stage.clock.advance(1000);
    await acknowledges(lamp, CLEAR);
    await waits(0);
    await settled(lamp);
    expect(toldOf(lamp, 'clearCache')).toEqual([]);
    const friends = toldOf(lamp, 'friend').map((stanza) => stanza.elements()[0]?.attribute('jid'));
    expect(friends).toEqual([1, 2, 3, 4, 5].map((i) => `s${i}@pronto.local`));
  });

  it('abuse 49: what was allowed and taken back while the thing was off is not recommended to it', async () => {
    const lamp = await claimedLamp();
    lamp.sends(
      `<iq type='get' id='f' to='${HUB}'><isFriend xmlns='${PROVISIONING}' jid='eve@pronto.local'/></iq>`,
    );
    await lamp.receives("<iq type='result' id='f'/>");
    await lamp.leaves();
    const { id } = await stage.admin('allow', { number: 1 });
    await stage.admin('rules-remove', { id });
    await stage.restart();
    await lamp.arrives();
    lamp.sends('<presence/>');
    await acknowledges(lamp, CLEAR);
    await lamp.receives(
      `<message from='${HUB}'><unfriend xmlns='${PROVISIONING}' jid='eve@pronto.local'/></message>`,
    );
    await waits(0);
    expect(toldOf(lamp, 'friend')).toEqual([]);
  });

  it('a thing that left the registry is not told of the claim that it missed', async () => {
    const lamp = stage.actor('lamp');
    await lamp.arrives();
    await registers(lamp);
    await lamp.leaves();
    await stage.admin('claim', { code: CODE });
    await lamp.arrives();
    lamp.sends(`<iq type='set' id='u1' to='${HUB}'><unregister xmlns='${DISCOVERY}'/></iq>`);
    await lamp.receives("<iq type='result' id='u1'/>");
    await settled(lamp);
    expect(toldOf(lamp, 'claimed')).toEqual([]);
  });

  it('a claimed thing that comes back in another dialect, by another address, is told in that one from there', async () => {
    const lamp = await claimedLamp();
    const again = await registers(lamp, 'hub@pronto.local', 'urn:xmpp:iot:discovery');
    expect(again.child('claimed', 'urn:xmpp:iot:discovery')?.attribute('jid')).toBe('anna@pronto.local');
    await decides(lamp, 'eve@pronto.local', 1);
    const provisioning = 'urn:xmpp:iot:provisioning';
    await acknowledges(
      lamp,
      `<iq type='set' from='hub@pronto.local'><clearCache xmlns='${provisioning}'/></iq>`,
    );
    await lamp.receives(
      `<message from='hub@pronto.local'><friend xmlns='${provisioning}' jid='eve@pronto.local'/></message>`,
    );
  });

  it('questions about several things wait for an owner who is away, and cost nothing while he is', async () => {
    const lamp = await claimedLamp();
    const rack = stage.actor('rack');
    await rack.arrives();
    for (const node of ['a', 'b', 'c']) {
      rack.sends(
        `<iq type='set' id='${node}' to='${HUB}'><register xmlns='${DISCOVERY}' id='${node}'><str name='KEY' value='${node}'/></register></iq>`,
      );
      await rack.receives(`<iq type='result' id='${node}'/>`);
      await stage.admin('claim', { code: `IoTDisco;KEY:${node}` });
    }
    for (const thing of [lamp, rack]) {
      thing.sends(
        `<iq type='get' id='f' to='${HUB}'><isFriend xmlns='${PROVISIONING}' jid='eve@elsewhere.example'/></iq>`,
      );
      await thing.receives("<iq type='result' id='f'/>");
    }
    for (const node of ['a', 'b', 'c']) {
      const nodes = `<nd id='${node}'/>`;
      rack.sends(
        `<iq type='get' id='r${node}' to='${HUB}'><canRead xmlns='${PROVISIONING}' jid='eve@elsewhere.example' m='true'>${nodes}</canRead></iq>`,
      );
      await rack.receives(`<iq id='r${node}'/>`);
    }
    await stage.restart();
    for (let i = 0; i < 8; i++) {
      stage.clock.advance(10_000);
      await new Promise((turn) => setImmediate(turn));
    }
    const resting = stage.clock.waiting().filter((name) => name === 'rest between notices');
    expect(resting.length).toBeLessThanOrEqual(2);
  });

  describe('a thing that never answers', () => {
    const says = async (actor: Actor, payload: string): Promise<Element> => {
      const id = `s${ids++}`;
      actor.sends(`<iq type='set' id='${id}' to='${HUB}'>${payload}</iq>`);
      return actor.receives(`<iq id='${id}'/>`);
    };
    const own = `<register xmlns='${DISCOVERY}' selfOwned='true'><str name='SN' value='1'/></register>`;
    const lampAbout = (name: string) => `<${name} xmlns='${DISCOVERY}' jid='lamp@pronto.local'/>`;

    it('piles up no notices by leaving searches and coming back', async () => {
      const lamp = stage.actor('lamp');
      await lamp.arrives();
      for (let i = 0; i < 30; i++) {
        await says(lamp, own);
        await says(lamp, lampAbout('remove'));
      }
      await vi.waitFor(async () =>
        expect((await stage.admin('status', {})).counts.notices).toBeLessThanOrEqual(2),
      );
    });

    it('nor by giving itself up, under ever new addresses neither', async () => {
      const rack = stage.actor('rack');
      await rack.arrives();
      for (let i = 0; i < 10; i++) {
        const node = `id='n${i}'`;
        await says(rack, own.replace('selfOwned', `${node} selfOwned`));
        rack.sends(
          `<iq type='set' id='d${i}' to='${HUB}'><disown xmlns='${DISCOVERY}' jid='rack@pronto.local' ${node}/></iq>`,
        );
        await acknowledges(rack, `<iq type='set'><disowned xmlns='${DISCOVERY}' ${node}/></iq>`);
        await rack.receives(`<iq type='result' id='d${i}'/>`);
        await says(rack, `<unregister xmlns='${DISCOVERY}' ${node}/>`);
      }
      for (let i = 0; i < 10; i++) {
        await settled(rack);
        stage.clock.advance(10_000);
      }
      await waits(0);
    });

    it('nor by being claimed again and again while it is away: it hears the last of it', async () => {
      const lamp = await claimedLamp();
      await lamp.leaves();
      for (let i = 0; i < 10; i++) {
        await stage.admin('claim', { code: CODE, private: i % 2 === 0 });
        await stage.admin('remove', { address: 'lamp@pronto.local' });
      }
      await waits(2);
      await stage.admin('claim', { code: CODE, private: true });
      await stage.restart();
      await lamp.arrives();
      lamp.sends('<presence/>');
      const told = await lamp.receives(CLAIMED);
      expect(told.child('claimed', DISCOVERY)?.attribute('public')).toBe('false');
      lamp.sends(`<iq type='result' id='${told.attribute('id')}' to='${HUB}'/>`);
      await waits(0);
      expect([...toldOf(lamp, 'claimed'), ...toldOf(lamp, 'removed')]).toEqual([]);
    });
  });
});
