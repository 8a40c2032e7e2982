import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Actor } from './actor.js';
import { MemoryStage } from './memory-stage.js';

const HUB = 'hub.pronto.local';
const NS = 'urn:xmpp:iot:discovery';
const LAMP = 'lamp@pronto.local';

describe('a thing that asks nobody, behind the guard of the hub', () => {
  let stage: MemoryStage;
  let lamp: Actor;
  let anna: Actor;
  let eve: Actor;
  let ids = 0;

  const open = async (...settings: string[]): Promise<void> => {
    stage = await MemoryStage.open(settings);
    await stage.admin('accounts-add', { name: 'anna', owner: true, password: 'anna-secret' });
    [lamp, anna, eve] = [await arrives('lamp'), await arrives('anna'), await arrives('eve')];
    lamp.sends(
      `<iq type='set' id='r' to='${HUB}'><register xmlns='${NS}'><str name='KEY' value='k'/></register></iq>`,
    );
    await lamp.receives("<iq type='result' id='r'/>");
    await stage.admin('claim', { code: 'IoTDisco;KEY:k' });
  };
  afterEach(() => stage.close());

  const arrives = async (name: string): Promise<Actor> => {
    const actor = stage.actor(name);
    await actor.arrives();
    return actor;
  };
  /** Whether a request of one reaches the other. */
  const reaches = async (from: Actor, to: Actor): Promise<boolean> => {
    const id = `x${ids++}`;
    from.sends(`<iq type='get' id='${id}' to='${to.jid}'><query xmlns='jabber:iq:version'/></iq>`);
    const refused = from.receives(`<iq type='error' id='${id}'/>`).then(() => false);
    const came = to.receives(`<iq type='get' id='${id}'/>`).then(() => true);
    came.catch(() => undefined);
    refused.catch(() => undefined);
    return Promise.race([refused, came]);
  };

  it('strangers do not reach it, nor it them; the owner and the hub do', async () => {
    await open('provisioning.guard=true');
    expect(await reaches(eve, lamp)).toBe(false);
    expect(await reaches(lamp, eve)).toBe(false);
    expect(await reaches(anna, lamp)).toBe(true);
    expect(await reaches(lamp, anna)).toBe(true);
    expect(await reaches(eve, anna)).toBe(true);
  });

  it('who wants to befriend it is a question to the owner, and a friend once he says yes', async () => {
    await open('provisioning.guard=true');
    lamp.sends('<presence/>');
    eve.sends(`<presence type='subscribe' to='${LAMP}'/>`);
    await vi.waitFor(async () =>
      expect((await stage.admin('pending', {})).questions).toMatchObject([{ caller: 'eve@pronto.local' }]),
    );
    expect(lamp.unread.filter((stanza) => stanza.attribute('type') === 'subscribe')).toEqual([]);
    await stage.admin('allow', { number: 1 });
    expect(await reaches(eve, lamp)).toBe(true);
    eve.sends(`<presence type='subscribe' to='${LAMP}'/>`);
    await lamp.receives("<presence type='subscribe' from='eve@pronto.local'/>");
  });

  it('no kind of stanza gets through, nor does what was agreed before the guard was there', async () => {
    await open();
    lamp.sends("<iq type='get' id='ro'><query xmlns='jabber:iq:roster'/></iq>");
    await lamp.receives("<iq type='result' id='ro'/>");
    lamp.sends('<presence/>');
    eve.sends('<presence/>');
    eve.sends(`<presence type='subscribe' to='${LAMP}'/>`);
    await lamp.receives("<presence type='subscribe' from='eve@pronto.local'/>");
    lamp.sends("<presence type='subscribed' to='eve@pronto.local'/>");
    lamp.sends("<presence type='subscribe' to='eve@pronto.local'/>");
    await eve.receives(`<presence type='subscribe' from='${LAMP}'/>`);
    eve.sends(`<presence type='subscribed' to='${LAMP}'/>`);
    await lamp.receives("<presence type='subscribed'/>");
    await stage.admin('device-setting', { device: LAMP, setting: 'guard', value: 'on' });
    const [seen, heard] = [lamp.unread.length, eve.unread.length];
    eve.sends('<presence><status>here</status></presence>');
    lamp.sends('<presence><status>here</status></presence>');
    for (const to of [LAMP, lamp.jid, LAMP.toUpperCase(), `${LAMP}/none`]) {
      for (const type of ['normal', 'chat', 'headline', 'groupchat', 'error'])
        eve.sends(`<message type='${type}' to='${to}'><body>on</body></message>`);
      for (const type of ['set', 'get', 'result', 'error'])
        eve.sends(`<iq type='${type}' id='i' to='${to}'><query xmlns='urn:x'/></iq>`);
      for (const type of ['probe', 'subscribe', 'subscribed'])
        eve.sends(`<presence type='${type}' to='${to}'/>`);
      eve.sends(`<presence to='${to}'><x xmlns='urn:x'/></presence>`);
    }
    eve.sends(`<iq type='get' id='last' to='${HUB}'><query xmlns='urn:none'/></iq>`);
    await eve.receives("<iq type='error' id='last'/>");
    // Everybody hears his own presence.
    const others = (actor: Actor, from: number) =>
      actor.unread.slice(from).filter((stanza) => stanza.attribute('from') !== actor.jid);
    expect(others(lamp, seen)).toEqual([]);
    expect(others(eve, heard).filter(({ name }) => name === 'presence')).toEqual([]);
  });

  it('without the guard it is the thing that decides', async () => {
    await open();
    expect(await reaches(eve, lamp)).toBe(true);
  });
});
