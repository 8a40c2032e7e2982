import { describe, expect, it } from 'vitest';
import { discoveryNs } from '../../src/dialects/namespaces.js';
import { CODE, friendScene, HUB } from './friend-scene.js';

describe('whose question it is, and when it is told', () => {
  const scene = friendScene();
  const { arrive, lampOf, clears, reader, says, pending, settled } = scene;

  it('abuse 47: strangers who come one after another are told together', async () => {
    const lamp = await lampOf();
    const anna = await reader();
    await says(lamp, 'eve@pronto.local');
    await anna.receives(`<message from='${HUB}'><body>eve@pronto.local wants to befriend</body></message>`);
    for (const name of ['a', 'b', 'c']) await says(lamp, `${name}@pronto.local`);
    await settled(anna);
    expect(anna.unread.filter(({ name }) => name === 'message')).toEqual([]);
    scene.stage.clock.advance(10_000);
    await anna.receives(`<message from='${HUB}'><body>3 callers want to befriend</body></message>`);
    scene.stage.clock.advance(60_000);
    await settled(anna);
    expect(anna.unread.filter(({ name }) => name === 'message')).toEqual([]);
  });

  it('the owner is told once of each question, also where he was away and the thing asked again', async () => {
    const lamp = await lampOf();
    await says(lamp, 'eve@pronto.local');
    await says(lamp, 'eve@pronto.local');
    await says(lamp, 'bob@pronto.local');
    await scene.stage.restart();
    const anna = scene.stage.actor('anna');
    await anna.arrives();
    anna.sends('<presence/>');
    await anna.receives(`<message from='${HUB}'><body>bob@pronto.local</body></message>`);
    await settled(anna);
    expect(anna.unread.filter(({ name }) => name === 'message')).toEqual([]);
  });

  it('a session of the owner that takes no messages is not taken for a reader', async () => {
    const lamp = await lampOf();
    const anna = scene.stage.actor('anna');
    await anna.arrives();
    anna.sends('<presence><priority>-1</priority></presence>');
    await settled(anna);
    await says(lamp, 'eve@pronto.local');
    await settled(anna);
    const phone = scene.stage.actor('anna');
    await phone.arrives(undefined, 'phone');
    phone.sends('<presence/>');
    await phone.receives(`<message from='${HUB}'><body>eve@pronto.local wants to befriend</body></message>`);
  });

  it('the question of one thing waits for the owner of the device, not of a node behind it', async () => {
    await scene.stage.admin('accounts-add', { name: 'bert', owner: true, password: 'bert-secret' });
    const lamp = await arrive('lamp');
    const ns = discoveryNs.xmpp;
    lamp.sends(
      `<iq type='set' id='r1' to='${HUB}'><register xmlns='${ns}' nodeId='n1'><str name='SN' value='2'/><str name='KEY' value='n'/></register></iq>`,
    );
    lamp.sends(
      `<iq type='set' id='r2' to='${HUB}'><register xmlns='${ns}'><str name='SN' value='1'/><str name='KEY' value='k'/></register></iq>`,
    );
    await lamp.receives("<iq type='result' id='r2'/>");
    await scene.stage.admin('claim', { code: 'IoTDisco;SN:2;KEY:n', owner: 'bert@pronto.local' });
    await scene.stage.admin('claim', { code: CODE, owner: 'anna@pronto.local' });
    await says(lamp, 'eve@pronto.local');
    expect(await pending()).toMatchObject([{ owner: 'anna@pronto.local' }]);
    expect(await says(lamp, 'bert@pronto.local')).toBe('true');
  });

  it('what was decided about a device goes with the last thing behind it', async () => {
    const lamp = await arrive('lamp');
    const ns = discoveryNs.xmpp;
    lamp.sends(
      `<iq type='set' id='r1' to='${HUB}'><register xmlns='${ns}' nodeId='n1'><str name='SN' value='1'/><str name='KEY' value='k'/></register></iq>`,
    );
    await lamp.receives("<iq type='result' id='r1'/>");
    await scene.stage.admin('claim', { code: CODE });
    await says(lamp, 'eve@pronto.local');
    await says(lamp, 'bob@pronto.local');
    await scene.stage.admin('allow', { number: 1 });
    lamp.sends(`<iq type='set' id='u1' to='${HUB}'><unregister xmlns='${ns}' nodeId='n1'/></iq>`);
    await lamp.receives("<iq type='result' id='u1'/>");
    expect((await scene.stage.admin('rules', {})).rules).toEqual([]);
    expect(await pending()).toEqual([]);
    expect(await says(lamp, 'eve@pronto.local')).toBe('false');
  });

  it('a concentrator forgets what the owner of a node allowed when that node leaves, and others stay', async () => {
    await scene.stage.admin('accounts-add', { name: 'bert', owner: true, password: 'bert-secret' });
    const lamp = await arrive('lamp');
    const ns = discoveryNs.xmpp;
    for (const node of ['1', '2']) {
      lamp.sends(
        `<iq type='set' id='r${node}' to='${HUB}'><register xmlns='${ns}' nodeId='${node}'><str name='KEY' value='k${node}'/></register></iq>`,
      );
      await lamp.receives(`<iq type='result' id='r${node}'/>`);
    }
    await scene.stage.admin('claim', { code: 'IoTDisco;KEY:k1', owner: 'anna@pronto.local' });
    await scene.stage.admin('claim', { code: 'IoTDisco;KEY:k2', owner: 'bert@pronto.local' });
    for (let told = 0; told < 2; told++) {
      await clears(lamp);
      await settled(lamp);
      scene.stage.clock.advance(1000);
    }
    await says(lamp, 'eve@pronto.local');
    await scene.stage.admin('allow', { number: 1 });
    await clears(lamp);
    scene.stage.clock.advance(1000);
    expect(await says(lamp, 'eve@pronto.local')).toBe('true');
    lamp.sends(`<iq type='set' id='u1' to='${HUB}'><unregister xmlns='${ns}' nodeId='1'/></iq>`);
    await lamp.receives("<iq type='result' id='u1'/>");
    await clears(lamp);
    expect(await says(lamp, 'eve@pronto.local')).toBe('false');
  });

  it('what a removed owner left to decide, and what he allowed, is in the hands of the owners that are there', async () => {
    const lamp = await lampOf();
    await scene.stage.admin('accounts-add', { name: 'bert', owner: true, password: 'bert-secret' });
    await says(lamp, 'eve@pronto.local');
    const rule = await scene.stage.admin('allow', { number: 1 });
    await clears(lamp);
    await says(lamp, 'bob@pronto.local');
    await expect(scene.stage.admin('allow', { number: 2, owner: 'bert@pronto.local' })).rejects.toThrow();
    await expect(
      scene.stage.admin('rules-remove', { id: rule.id, owner: 'bert@pronto.local' }),
    ).rejects.toThrow();
    await scene.stage.admin('accounts-remove', { name: 'anna' });
    await says(lamp, 'zoe@pronto.local');
    const bert = scene.stage.actor('bert');
    await bert.arrives();
    bert.sends('<presence/>');
    await bert.receives(`<message from='${HUB}'><body>zoe@pronto.local wants to befriend</body></message>`);
    await scene.stage.admin('deny', { number: 2, owner: 'bert@pronto.local' });
    await scene.stage.admin('rules-remove', { id: rule.id, owner: 'bert@pronto.local' });
    expect(await says(lamp, 'eve@pronto.local')).toBe('false');
  });

  it('a question by one whose account is removed is no question any more', async () => {
    const lamp = await lampOf();
    await scene.stage.admin('accounts-add', { name: 'eve', password: 'eve-secret' });
    await says(lamp, 'eve@pronto.local');
    await scene.stage.admin('accounts-remove', { name: 'eve' });
    expect(await pending()).toEqual([]);
  });
});
