import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMessage, encodeMessage, type WireMessage } from '../../src/discovery/mdns/codec.js';
import { MAX_SENT, readMessage } from '../../src/discovery/mdns/packet.js';
import { refusal } from '../../src/discovery/mdns/preflight.js';
import { leap } from './browsing.js';
import { HUB, kinds, question, type Said, Scene } from './scene.js';

const HOST = 'pronto.local';
const INSTANCE = 'pronto._xmpp-client._tcp.local';
const TYPE = '_xmpp-client._tcp.local';
const RAW = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

const SRV = { priority: 0, weight: 0, port: 5223, target: HOST };

const rivalService = (name = INSTANCE): WireMessage => ({
  type: 'response',
  answers: [{ name, type: 'SRV', class: 'IN', ttl: 120, flush: true, data: SRV }],
});

const rivalProbe = (i: number): WireMessage => ({
  ...question(i % 2 === 0 ? HOST : INSTANCE, 'ANY', true),
  authorities: [
    { name: i % 2 === 0 ? HOST : INSTANCE, type: 'TXT', class: 'IN', ttl: 120, data: [Buffer.from(`${i}`)] },
  ],
});

const answersOf = (said: Said[]) =>
  said
    .filter(({ message, to }) => message.response && to === '224.0.0.251')
    .flatMap((s) => s.message.answers);

/** A message with every kind of record that the hub reads, names compressed as other stacks do. */
function everything(): Buffer {
  const plain = encodeMessage({
    type: 'response',
    questions: [{ name: TYPE, type: 'PTR', class: 'IN' }],
    answers: [
      { name: TYPE, type: 'PTR', class: 'IN', ttl: 4500, data: 'mac._xmpp-client._tcp.local' },
      { name: 'mac._xmpp-client._tcp.local', type: 'SRV', class: 'IN', ttl: 120, flush: true, data: SRV },
      { name: 'mac.local', type: 'AAAA', class: 'IN', ttl: 120, flush: true, data: 'fe80::66' },
      { name: 'mac.local', type: 'A', class: 'IN', ttl: 120, flush: true, data: '10.77.0.66' },
      { name: 'mac._xmpp-client._tcp.local', type: 'TXT', class: 'IN', ttl: 9, data: [Buffer.from('a=b')] },
      {
        ...{ name: 'mac.local', type: 'NSEC', class: 'IN', ttl: 120, flush: true },
        data: { nextDomain: 'mac.local', rrtypes: ['A', 'AAAA'] },
      },
    ],
  });
  const pointer = Buffer.from([0xc0, 12, 0, 12, 0, 1, 0, 0, 0, 9, 0, 2, 0xc0, 12]);
  plain.writeUInt16BE(plain.readUInt16BE(6) + 1, 6);
  return Buffer.concat([plain, pointer]);
}

/** A response with a name of 120 labels in its question, and so many records that point there. */
function pointing(type: number, data: Buffer, count: number): Buffer {
  const head = Buffer.from([0, 0, 0x84, 0, 0, 1, count >> 8, count & 255, 0, 0, 0, 0]);
  const question = Buffer.from([...Array<number[]>(120).fill([1, 97]).flat(), 0, 0, 1, 0, 1]);
  const record = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 120, data.length >> 8, data.length & 255]);
  return Buffer.concat([head, question, ...Array<Buffer[]>(count).fill([record, data]).flat()]);
}

/** Milliseconds of the quickest of many runs: what a busy machine adds to the others is not counted. */
function quickest(run: () => void): number {
  const times = Array.from({ length: 100 }, () => {
    const begin = process.hrtime.bigint();
    run();
    return Number(process.hrtime.bigint() - begin) / 1e6;
  });
  return Math.min(...times);
}

describe('hostile neighbours', () => {
  it('abuse 51: what is refused costs under 1 ms, whatever it claims', () => {
    const long = Buffer.concat([
      Buffer.from([0, 0, 0x84, 0, 0, 0, 3, 0, 0, 0, 0, 0]),
      Buffer.alloc(8900, 0xc0),
    ]);
    const deep = Buffer.concat([Buffer.from([0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0]), Buffer.alloc(8900, 1)]);
    for (const packet of [long, deep]) {
      expect(refusal(packet)).toBeTypeOf('string');
      expect(quickest(() => refusal(packet))).toBeLessThan(1);
    }
  });

  it('abuse 51: small packets that make long names or lists of types are dropped before they are read', () => {
    const pointer = Buffer.from([0xc0, 12]);
    const types = Buffer.concat(
      Array.from({ length: 30 }, (_, i) => Buffer.from([i, 32, ...Array<number>(32).fill(255)])),
    );
    const costly: [number, Buffer][] = [
      [1, Buffer.alloc(4)],
      [2, pointer],
      [12, pointer],
      [15, Buffer.concat([Buffer.alloc(2), pointer])],
      [39, pointer],
      [47, Buffer.concat([pointer, types])],
    ];
    for (const [type, data] of costly) {
      const packet = pointing(type, data, type === 47 ? 8 : 400);
      expect(packet.length).toBeLessThan(9000);
      expect(refusal(packet)).toBe('names longer than one packet needs');
      expect(quickest(() => refusal(packet))).toBeLessThan(1);
      expect(refusal(pointing(type, data.subarray(0, 70), 5))).toBeUndefined();
    }
    for (const type of [6, 17, 35, 46]) expect(refusal(pointing(type, pointer, 1))).toBe('bad record');
  });

  it('abuse 52: lives through names that are no text, asked for by all kinds of resolvers', async () => {
    const scene = new Scene();
    const mdns = await scene.started(scene.machine('10.77.0.1'));
    const questions = [HOST, 'x'.repeat(63)].map((name) => ({ name, type: 'A', class: 'IN' }));
    const bytes = encodeMessage({ type: 'query', questions });
    bytes.fill(0xff, bytes.indexOf('xxxx'), bytes.indexOf('xxxx') + 63);
    const since = scene.clock.monotonic();
    for (const port of [40_000, 5353]) scene.lan.inject(bytes, '10.77.0.66', port);
    await scene.pass(2000);
    const said = scene.said(since, '10.77.0.1');
    expect(said.map(({ toPort, message }) => [toPort, kinds(message.answers)])).toEqual([
      [40_000, ['A 10']],
      [5353, ['A 120 flush']],
    ]);
    expect(said[0]?.message.questions.map(({ name }) => name)).toEqual([HOST]);
    expect(mdns.refused).toBe(0);
  });

  it('abuse 52: thousands of packets that neighbours damaged leave it answering', async () => {
    const scene = new Scene();
    const mdns = await scene.started(scene.machine('10.77.0.1').plug(scene.lan, 'eth0', 'fe80::1'));
    mdns.browse('_xmpp-client._tcp');
    const whole = everything();
    expect(refusal(whole)).toBeUndefined();
    expect(readMessage(decodeMessage(whole)).answers).toHaveLength(7);
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    const damaged = fc.tuple(fc.array(change, { minLength: 1, maxLength: 8 }), fc.nat(whole.length));
    const senders = ['10.77.0.66', 'fe80::66'];
    const ports = [5353, 5353, 40_000];
    let count = 0;
    const damage = fc.property(damaged, ([changes, cut]) => {
      const bytes = Buffer.from(whole);
      const port = ports[count % 3];
      if (port !== 5353) bytes[2] = 0; // A query.
      for (const [at, value] of changes) bytes[at] = value;
      scene.lan.inject(cut % 4 === 0 ? bytes.subarray(0, cut) : bytes, senders[count++ % 2], port);
    });
    for (let seed = 0; seed < 20; seed++) {
      fc.assert(damage, { numRuns: 200, seed });
      await scene.pass(20);
    }
    await scene.pass(10_000);
    expect(mdns.refused).toBeGreaterThan(100);
    expect(mdns.hostName).toMatch(/^pronto(-\d+)?\.local$/);
    expect(await scene.ask(question(mdns.hostName, 'A'))).not.toEqual([]);
    expect(scene.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
    await mdns.stop();
    expect(scene.clock.waiting()).toEqual([]);
  });

  it('abuse 53: defends its names against a flood of rival probes, four times a second at most', async () => {
    const scene = new Scene();
    const mdns = await scene.started(scene.machine('10.77.0.1'));
    const since = scene.clock.monotonic();
    for (let i = 0; i < 2000; i++) {
      scene.say(rivalProbe(i), `10.77.0.${60 + (i % 100)}`);
      if (i % 5 === 0) await scene.pass(10);
    }
    await scene.pass(2000);
    const said = answersOf(scene.said(since, '10.77.0.1'));
    const services = said.filter(({ kind }) => kind === 'SRV');
    expect(services.length).toBeGreaterThan(8);
    expect(services.length).toBeLessThanOrEqual(4 * 4 + 1);
    expect(mdns.hostName).toBe(HOST);
    const addresses = scene.said(since, '10.77.0.1').filter(({ to }) => to !== '224.0.0.251');
    expect(addresses).toEqual([]);
    expect(await scene.ask(question(TYPE, 'PTR'))).toHaveLength(1);
  });

  it('abuse 53: is renamed once by a rival that stays, and warns who it is', async () => {
    const scene = new Scene();
    const mdns = await scene.started(scene.machine('10.77.0.1'));
    for (let i = 0; i < 20; i++) {
      scene.say(rivalService());
      await scene.pass(200);
    }
    await scene.pass(10_000);
    expect(mdns.hostName).toBe('pronto-1.local');
    expect(mdns.isAnnounced).toBe(true);
    expect(mdns.warnings()[0]).toBe(
      'Announced as pronto-1.local, because another device (10.77.0.66) uses the name pronto.local.',
    );
    const goodbyes = answersOf(scene.said(0, '10.77.0.1')).filter(({ ttl }) => ttl === 0);
    expect(goodbyes.map(({ name, kind, flush }) => [name, kind, flush])).toEqual([[HOST, 'A', false]]);
  });

  it('abuse 53: gives up at -10 against one that contests everything, and is back when it is gone', async () => {
    const scene = new Scene();
    const mdns = await scene.started(scene.machine('10.77.0.1'));
    const since = scene.clock.monotonic();
    for (let i = 0; i < 6000; i++) {
      if (i % 2 === 0) scene.say(rivalService(`${mdns.label}._xmpp-client._tcp.local`));
      await scene.pass(10);
    }
    const probes = scene.said(since, '10.77.0.1').filter(({ message }) => !message.response);
    expect(probes.length).toBeLessThan(90);
    expect(mdns.isAnnounced).toBe(false);
    expect(mdns.warnings()[0]).toMatch(/^Every mDNS name from pronto to pronto-10 is taken/);
    await scene.pass(320_000);
    expect(mdns.hostName).toBe(HOST);
    expect(mdns.isAnnounced).toBe(true);
  });

  it('abuse 54: holds no answer up for those whose truncated queries never end', async () => {
    const scene = new Scene();
    await scene.started(scene.machine('10.77.0.1'));
    for (let i = 0; i < 200; i++) {
      scene.say({ ...question(TYPE, 'PTR'), flags: 1 << 9 }, `10.77.0.${10 + (i % 200)}`);
    }
    const since = scene.clock.monotonic();
    const [answer] = await scene.ask(question(TYPE, 'PTR'));
    expect((answer?.at ?? 0) - since).toBeLessThanOrEqual(120);
  });

  it('abuse 54: sends few unicast answers, however many ask, and none larger than a packet', async () => {
    const scene = new Scene();
    const services = Array.from({ length: 60 }, (_, i) => ({ ...HUB, user: `thing-${i}` }));
    await scene.started(scene.machine('10.77.0.1'), { services });
    const since = scene.clock.monotonic();
    for (let i = 0; i < 500; i++) scene.say(question(HOST, 'A', true), `10.77.0.${10 + (i % 200)}`);
    scene.say({ ...question(TYPE, 'PTR'), id: 7 }, '10.77.0.66', 40_000);
    await scene.pass(1500);
    const alone = scene.said(since, '10.77.0.1').filter(({ to }) => to !== '224.0.0.251');
    expect(alone.length).toBeLessThanOrEqual(51);
    for (const { bytes } of scene.said()) expect(bytes.length).toBeLessThanOrEqual(MAX_SENT);
    const [first] = await scene.ask(question(TYPE, 'PTR'), { wait: 3000 });
    expect(first?.message.answers.every(({ kind }) => kind === 'PTR')).toBe(true);
  });

  it('abuse 54: tells all what it may not tell one, however many unicast answers another one asked for', async () => {
    const scene = new Scene();
    await scene.started(scene.machine('10.77.0.1'));
    await scene.pass(2000);
    for (let i = 0; i < 60; i++) scene.say(question(HOST, 'A', true), '10.77.0.99');
    await scene.pass(10);
    const [answer] = await scene.ask(question(HOST, 'A', true));
    expect(answer?.to).toBe('224.0.0.251');
  });

  it('abuse 54: answers browsers while another one probes for all that is ours in all combinations', async () => {
    const scene = new Scene();
    const services = [HUB, { ...HUB, type: '_other._tcp' }];
    await scene.started(scene.machine('10.77.0.1'), { services });
    const names = [HOST, INSTANCE, 'pronto._other._tcp.local'];
    const all = names.flatMap((name) =>
      ['A', 'SRV', 'TXT'].map((type) => ({ ...{ name, type }, class: 'IN' })),
    );
    const authorities = [{ name: HOST, type: 'TXT', class: 'IN', ttl: 120, data: [Buffer.from('x')] }];
    scene.say({ type: 'query', questions: all, authorities });
    await scene.pass(10);
    for (let mask = 1; mask < 512; mask++) {
      const questions = all.filter((_, i) => (mask >> i) & 1);
      scene.say({ type: 'query', questions, authorities });
    }
    const answers = await scene.ask(question(TYPE, 'PTR'));
    expect(answersOf(answers).map(({ kind }) => kind)).toContain('PTR');
  });

  it('abuse 55: tells nobody raw what neighbours call themselves', async () => {
    const scene = new Scene();
    const mdns = await scene.started(scene.machine('10.77.0.1'));
    const names = [
      '\u001b[31mred\u001b[0m',
      '<script>alert(1)</script>',
      '\u202eevil',
      'x'.repeat(63),
      'a\nb',
    ];
    for (const name of names) {
      scene.say(rivalService(`${name}.${TYPE}`));
      const data = { ...SRV, target: `${name}.local` };
      const answers = [{ name: INSTANCE, type: 'SRV', class: 'IN', ttl: 120, flush: true, data }];
      scene.say({ type: 'response', answers });
      scene.lan.inject(Buffer.concat([Buffer.alloc(12), Buffer.from(name)]));
      await scene.pass(2000);
    }
    expect(mdns.isAnnounced).toBe(true);
    expect(mdns.warnings()).not.toEqual([]);
    for (const text of [...mdns.warnings(), ...scene.log.lines.map((line) => JSON.stringify(line))]) {
      expect(text).not.toMatch(RAW);
      expect(text).not.toContain('<script>');
    }
  });

  it('abuse 56: warns of another hub under its name with another port', async () => {
    const scene = new Scene();
    const mdns = await scene.started(scene.machine('10.77.0.1'));
    scene.say(rivalService());
    await scene.pass(2000);
    expect(mdns.hostName).toBe(HOST);
    expect(mdns.warnings()).toEqual([
      `The device at 10.77.0.66 announces ${INSTANCE} on port 5223, a name of this hub: another hub, or ` +
        'something that poses as this one. Things that know the certificate of this hub stay with it.',
    ]);
    await leap(scene, 3600);
    expect(mdns.warnings()).toEqual([]);
  });
});
