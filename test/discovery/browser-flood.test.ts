import { describe, expect, it } from 'vitest';
import { encodeMessage } from '../../src/discovery/mdns/codec.js';
import { Browsing, goodbye, leap, records, response } from './browsing.js';
import { Scene } from './scene.js';

const KNOWN = records('peter@mac');
/** A neighbour that invents what it says. */
const LIAR = '10.77.0.99';

/** A browser that knows one device, which speaks up whenever it is asked. */
async function withPeter(scene: Scene): Promise<Browsing> {
  const browsing = await Browsing.started(scene);
  scene.say(response(...KNOWN));
  await scene.settle();
  expect(browsing.told()).toEqual(['up peter@mac']);
  return browsing;
}

describe('abuse 55: neighbours that invent services', () => {
  it('keeps twenty of one neighbour, whole or not, and its own device', async () => {
    for (const parts of [1, 4]) {
      const scene = new Scene();
      const browsing = await withPeter(scene);
      for (let i = 0; i < 5000; i++) {
        const all = records(`fake-${i}@liar`, { host: `liar-${i}.local`, address: LIAR });
        scene.say(response(...all.slice(0, parts)), LIAR);
      }
      await scene.settle();
      expect(browsing.browser.size).toBe(21);
      expect(browsing.known()).toContain('peter@mac');
      expect(browsing.browser.waiting).toBeLessThan(1000);
    }
  });

  it('keeps a thousand of all, and those that are whole however many come', async () => {
    const scene = new Scene();
    const browsing = await withPeter(scene);
    for (let i = 0; i < 20_000; i++) {
      const [pointer] = records(`fake-${i}@liar`);
      scene.say(response(pointer), `10.77.0.${100 + (i % 150)}`);
    }
    await scene.settle();
    expect(browsing.browser.size).toBe(1000);
    expect(browsing.known()).toEqual(['peter@mac']);
    scene.say(response(...records('anna@mac')), '10.77.0.65');
    await scene.settle();
    expect(browsing.known()).toEqual(['anna@mac', 'peter@mac']);
    expect(browsing.browser.size).toBe(1000);
  });

  it('has room for a device that comes while many neighbours have all the room with what can be reached', async () => {
    const scene = new Scene();
    const browsing = await withPeter(scene);
    for (let i = 0; i < 2000; i++) {
      const what = { host: `liar-${i}.local`, address: LIAR };
      scene.say(response(...records(`fake-${i}@liar`, what)), `10.77.0.${100 + (i % 60)}`);
    }
    await scene.settle();
    expect(browsing.browser.size).toBe(1000);
    browsing.told();
    scene.say(response(...records('anna@mac')), '10.77.0.65');
    await scene.settle();
    expect(browsing.told()).toEqual([expect.stringMatching(/^down fake-\d+@liar$/), 'up anna@mac']);
    expect(browsing.known()).toContain('peter@mac');
    expect(browsing.browser.size).toBe(1000);
    for (let i = 0; i < 40; i++) scene.say(response(...records(`more-${i}@liar`)), LIAR);
    await scene.settle();
    const changes = browsing.told().length;
    for (let i = 0; i < 40; i++) scene.say(response(...records(`else-${i}@liar`)), LIAR);
    await scene.settle();
    expect(browsing.told()).toEqual([]);
    expect(changes).toBeLessThan(80);
  });

  it('does not flood the LAN with questions, and asks for what is known first', async () => {
    const scene = new Scene();
    const browsing = await withPeter(scene);
    let count = 0;
    const since = scene.clock.monotonic();
    for (let step = 0; step < 1200; step++) {
      for (let i = 0; i < 50; i++) {
        const [pointer] = records(`fake-${count++}@liar`);
        scene.say(response(pointer), `10.77.0.${100 + (count % 150)}`);
      }
      await scene.pass(100);
    }
    const asked = browsing.asked(since);
    expect(asked.length).toBeLessThanOrEqual(120 * 6);
    const own = asked.filter(({ message }) => message.questions.some(({ name }) => name === 'mac.local'));
    expect(own).toHaveLength(4);
    expect(own[0]?.at).toBeLessThan(98_000);
  });

  it('is not made to ask more than a few packets a second by records that live a second', async () => {
    const scene = new Scene();
    const browsing = await withPeter(scene);
    const since = scene.clock.monotonic();
    for (let step = 0; step < 100; step++) {
      for (let i = 0; i < 20; i++) {
        const what = { host: `liar-${i}.local`, address: LIAR, ttl: 1, hostTtl: 1 };
        scene.say(response(...records(`fake-${i}@liar`, what)), LIAR);
      }
      await scene.pass(100);
    }
    expect(browsing.asked(since).length).toBeLessThanOrEqual(60);
  });

  it('keeps few addresses of hosts on which nothing is', async () => {
    const scene = new Scene();
    const browsing = await withPeter(scene);
    for (let i = 0; i < 5000; i++) {
      scene.say(response({ ...KNOWN[3], name: `host-${i}.local` }), LIAR);
      if (i < 100) scene.say(response({ ...KNOWN[3], data: `10.77.0.${i + 100}` }), LIAR);
    }
    await scene.settle();
    expect(browsing.browser.waiting).toBeLessThan(300);
    expect(browsing.browser.all()[0]?.addresses.length).toBeLessThanOrEqual(8);
  });

  it('forgets all that was invented when it lapses', async () => {
    const scene = new Scene();
    const browsing = await Browsing.started(scene);
    for (let i = 0; i < 3000; i++) {
      const what = { host: `liar-${i}.local`, address: LIAR, ttl: 120 };
      scene.say(response(...records(`fake-${i}@liar`, what)), `10.77.0.${100 + (i % 150)}`);
    }
    await leap(scene, 130);
    expect(browsing.browser.size).toBe(0);
    expect(browsing.browser.waiting).toBe(0);
    expect(browsing.known()).toEqual([]);
  });
});

describe('responses of any kind', () => {
  it('are survived, and what is known stays known', async () => {
    const scene = new Scene();
    const browsing = await withPeter(scene);
    const seeds = [response(...KNOWN), goodbye(...KNOWN), response(...records('a\\.b@liar'))].map(
      encodeMessage,
    );
    let state = 7;
    const random = (below: number): number => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((state / 2_147_483_648) * below);
    };
    for (let i = 0; i < 20_000; i++) {
      const bytes = Buffer.from(seeds[random(seeds.length)] ?? []);
      for (let flips = random(8); flips >= 0; flips--) bytes[random(bytes.length)] = random(256);
      scene.lan.inject(bytes.subarray(0, random(10) === 0 ? random(bytes.length) : bytes.length), LIAR);
      if (i % 1000 === 0) await scene.pass(100);
    }
    await scene.pass(2000);
    expect(browsing.browser.size).toBeLessThanOrEqual(40);
    scene.say(response(...KNOWN));
    await scene.pass(2000);
    expect(browsing.browser.find('peter@mac')).toMatchObject({ port: 5298, host: 'mac.local' });
    await leap(scene, 4600);
    expect(browsing.browser.size).toBe(0);
    expect(browsing.browser.waiting).toBe(0);
  });
});
