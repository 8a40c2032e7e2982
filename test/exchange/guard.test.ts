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

  it('without the guard it is the thing that decides', async () => {
    await open();
    expect(await reaches(eve, lamp)).toBe(true);
  });
});
