import { describe, expect, it } from 'vitest';
import { type FindOptions, type Found, find } from '../../src/discovery/find.js';
import type { MemoryMachine } from '../world/memory-lan.js';
import { Scene } from './scene.js';

const TYPE = '_xmpp-client._tcp.local';
const INSTANCE = `hub.${TYPE}`;
const pointer = { name: TYPE, type: 'PTR', class: 'IN', ttl: 4500, data: INSTANCE };
const service = {
  ...{ name: INSTANCE, type: 'SRV', class: 'IN', ttl: 120, flush: true },
  data: { port: 5222, target: 'hub.local' },
};
const text = {
  ...{ name: INSTANCE, type: 'TXT', class: 'IN', ttl: 4500, flush: true },
  data: ['provis=hub', 'txtvers=1', 'txtvers=2', 'bare'].map((s) => Buffer.from(s)),
};
const address = (data: string, type = 'A') => ({
  ...{ name: 'hub.local', type, class: 'IN', ttl: 120, flush: true, data },
});

/** Collects what a machine finds. */
function search(scene: Scene, machine: MemoryMachine, options: Partial<FindOptions> = {}) {
  const found: Found[] = [];
  let over = false;
  void (async () => {
    for await (const one of find({ timeLimit: 5000, ...options }, scene.world(machine))) found.push(one);
    over = true;
  })();
  return { found, isOver: () => over };
}

describe('find', () => {
  it('finds the hub on the LAN and on the own machine', async () => {
    for (const address of ['10.77.0.1', '10.77.0.2']) {
      const scene = new Scene();
      const hub = scene.machine('10.77.0.1');
      await scene.started(hub);
      const { found } = search(scene, address === '10.77.0.1' ? hub : scene.machine(address));
      await scene.pass(200);
      expect(found).toEqual([
        {
          instance: 'pronto',
          host: 'pronto.local',
          port: 5222,
          addresses: ['10.77.0.1'],
          txt: new Map([
            ['txtvers', '1'],
            ['ordom', 'pronto.local'],
            ['regis', 'hub'],
            ['provis', 'hub'],
          ]),
        },
      ]);
    }
  });

  it('does not make the hub take another name because a thing on its machine searches', async () => {
    const scene = new Scene();
    const machine = scene.machine('10.77.0.1');
    search(scene, machine, { timeLimit: 60_000 });
    await scene.pass(100);
    expect((await scene.started(machine)).hostName).toBe('pronto.local');
  });

  it('puts together what comes in separate packets, and asks for what is missing', async () => {
    const scene = new Scene();
    const { found } = search(scene, scene.machine('10.77.0.2'));
    await scene.pass(100);
    scene.say({ type: 'response', answers: [pointer] });
    await scene.pass(200);
    const asked = () => scene.said(0, '10.77.0.2').flatMap(({ message }) => message.questions);
    expect(asked().map(({ type }) => type)).toEqual(['PTR', 'SRV', 'TXT']);
    expect(asked().some(({ unicast }) => unicast)).toBe(false);
    scene.say({ type: 'response', answers: [service] });
    scene.say({ type: 'response', answers: [text] });
    await scene.pass(200);
    expect(
      asked()
        .map(({ type }) => type)
        .slice(3),
    ).toEqual(['A', 'AAAA']);
    expect(found).toEqual([]);
    scene.say({ type: 'response', answers: [address('10.77.0.66')] });
    await scene.settle();
    expect(found).toHaveLength(1);
    expect([...(found[0]?.txt ?? [])]).toEqual([
      ['provis', 'hub'],
      ['txtvers', '1'],
      ['bare', ''],
    ]);
  });

  it('takes only addresses that a neighbour can have, IPv4 first, fe80 with its zone', async () => {
    const scene = new Scene();
    const { found } = search(scene, scene.machine('10.77.0.2'));
    await scene.pass(100);
    const foreign = ['192.0.2.1', '8.8.8.8'].map((data) => address(data));
    const six = ['fe80::9', '2001:db8::9', 'fd00::9'].map((data) => address(data, 'AAAA'));
    scene.say({ type: 'response', answers: [pointer], additionals: [service, text, ...foreign] });
    await scene.settle();
    expect(found).toEqual([]);
    scene.say({ type: 'response', answers: [...six, address('10.77.0.66')] });
    await scene.settle();
    expect(found[0]?.addresses).toEqual(['10.77.0.66', 'fd00::9', 'fe80::9%eth0']);
  });

  it('asks after 1, 2 and 4 s again, with what it knows', async () => {
    const scene = new Scene();
    search(scene, scene.machine('10.77.0.2'), { timeLimit: 10_000 });
    await scene.pass(500);
    scene.say({ type: 'response', answers: [pointer], additionals: [service, text, address('10.77.0.66')] });
    await scene.pass(9000);
    const asked = scene.said(0, '10.77.0.2');
    expect(asked.map(({ at }) => Math.round(at / 1000))).toEqual([0, 1, 3, 7]);
    expect(asked.map(({ message }) => message.answers.length)).toEqual([0, 1, 1, 1]);
  });

  it('gives up at the time limit, with nothing left open', async () => {
    const scene = new Scene();
    const machine = scene.machine('10.77.0.2');
    const { found, isOver } = search(scene, machine, { timeLimit: 3000 });
    await scene.pass(2900);
    expect(isOver()).toBe(false);
    await scene.pass(200);
    expect(isOver()).toBe(true);
    expect(found).toEqual([]);
    expect(machine.sockets).toEqual([]);
    expect(scene.clock.waiting()).toEqual([]);
  });

  it('closes its sockets when the caller has enough', async () => {
    const scene = new Scene();
    await scene.started(scene.machine('10.77.0.1'));
    const machine = scene.machine('10.77.0.2');
    const first = find({ timeLimit: 5000 }, scene.world(machine)).next();
    await scene.pass(300);
    expect((await first).value).toMatchObject({ instance: 'pronto' });
    const loop = (async () => {
      for await (const one of find({ timeLimit: 5000 }, scene.world(scene.machine('10.77.0.3')))) return one;
      return undefined;
    })();
    await scene.pass(1500);
    expect(await loop).toMatchObject({ port: 5222 });
  });

  it('ends when it is told to', async () => {
    const scene = new Scene();
    const machine = scene.machine('10.77.0.2');
    const abort = new AbortController();
    const { isOver } = search(scene, machine, { signal: abort.signal });
    await scene.pass(500);
    abort.abort();
    await scene.settle();
    expect(isOver()).toBe(true);
    expect(machine.sockets).toEqual([]);
  });

  it('abuse 55: finds at most twenty instances of one neighbour', async () => {
    const scene = new Scene();
    const { found } = search(scene, scene.machine('10.77.0.2'));
    await scene.pass(100);
    for (let i = 0; i < 300; i++) {
      const name = `fake-${i}.${TYPE}`;
      scene.say({
        type: 'response',
        answers: [{ ...pointer, data: name }, { ...service, name }, { ...text, name }, address('10.77.0.66')],
      });
    }
    await scene.settle();
    expect(found.length).toBe(20);
    scene.say({ type: 'response', answers: [pointer, service, text, address('10.77.0.67')] }, '10.77.0.67');
    await scene.settle();
    expect(found.at(-1)?.instance).toBe('hub');
  });
});
