import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from './actor.js';
import { MemoryStage } from './memory-stage.js';

const HUB = 'hub.pronto.local';
const DISCOVERY = 'urn:xmpp:iot:discovery';

describe('many requests at once', () => {
  let stage: MemoryStage;

  const open = async (...settings: string[]): Promise<void> => {
    stage = await MemoryStage.open(settings);
    await stage.admin('accounts-add', { name: 'anna', owner: true, password: 'anna-secret' });
  };
  beforeEach(() => open());
  afterEach(() => stage.close());

  const arrive = async (name: string): Promise<Actor> => {
    const actor = stage.actor(name);
    await actor.arrives();
    return actor;
  };
  const register = (id: string, key: string, node = '') =>
    `<iq type='set' id='${id}' to='${HUB}'><register xmlns='${DISCOVERY}' nodeId='${node}'><str name='KEY' value='${key}'/></register></iq>`;
  const mine = (id: string, key: string) =>
    `<iq type='get' id='${id}' to='${HUB}'><mine xmlns='${DISCOVERY}'><str name='KEY' value='${key}'/></mine></iq>`;

  it('abuse 33: guesses sent all at once are no more than 20, wherever the right one is', async () => {
    const [lamp, anna] = [await arrive('lamp'), await arrive('anna')];
    lamp.sends(register('r', 'right'));
    await lamp.receives("<iq type='result' id='r'/>");
    for (let i = 0; i < 30; i++) anna.sends(mine(`g${i}`, i === 25 ? 'right' : `guess${i}`));
    for (let i = 0; i < 30; i++) await stage.passes(anna.receives(`<iq type='error' id='g${i}'/>`));
    expect((await stage.admin('things', {})).things).toMatchObject([{ owner: null }]);
  });

  it('abuse 33: a thing of his own, claimed again between guesses, buys nobody more of them', async () => {
    const [lamp, own, anna] = [await arrive('lamp'), await arrive('own'), await arrive('anna')];
    lamp.sends(register('r', 'right'));
    own.sends(register('r', 'own'));
    await lamp.receives("<iq type='result' id='r'/>");
    await own.receives("<iq type='result' id='r'/>");
    for (let i = 0; i < 20; i++) {
      anna.sends(mine(`g${i}`, `guess${i}`));
      await stage.passes(anna.receives(`<iq type='error' id='g${i}'/>`));
      if (i % 5 !== 0) continue;
      anna.sends(mine(`o${i}`, 'own'));
      await anna.receives(`<iq type='result' id='o${i}'/>`);
    }
    anna.sends(mine('late', 'right'));
    await stage.passes(anna.receives("<iq type='error' id='late'/>"));
  });

  it('an owner who claims sixty things at once gets them all', async () => {
    const [rack, anna] = [await arrive('rack'), await arrive('anna')];
    for (let i = 0; i < 60; i++) rack.sends(register(`r${i}`, `k${i}`, `n${i}`));
    for (let i = 0; i < 60; i++) await rack.receives(`<iq type='result' id='r${i}'/>`);
    for (let i = 0; i < 60; i++) anna.sends(mine(`m${i}`, `k${i}`));
    for (let i = 0; i < 60; i++) await anna.receives(`<iq type='result' id='m${i}'/>`);
  });

  it('nodes registered all at once are no more than an account may have', async () => {
    await stage.close();
    await open('limits.thingsPerAccount=5');
    const rack = await arrive('rack');
    for (let i = 0; i < 12; i++) rack.sends(register(`r${i}`, `k${i}`, `n${i}`));
    for (let i = 0; i < 12; i++) await rack.receives(`<iq id='r${i}'/>`);
    expect((await stage.admin('things', {})).things).toHaveLength(5);
    rack.sends(register('again', 'k0', 'n0'));
    await rack.receives("<iq type='result' id='again'/>");
  });
});
