import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Candidate } from '../../src/discovery/mdns/candidate.js';
import { decodeMessage, encodeMessage, sizeOf } from '../../src/discovery/mdns/codec.js';
import { isOnLan, lansOf } from '../../src/discovery/mdns/interfaces.js';
import { labelsOf, machineLabel, nameOf } from '../../src/discovery/mdns/names.js';
import { MAX_SENT, packets, readMessage } from '../../src/discovery/mdns/packet.js';
import { refusal } from '../../src/discovery/mdns/preflight.js';
import { compareSets } from '../../src/discovery/mdns/probe.js';
import { addressRecord, pointerRecord, textRecord } from '../../src/discovery/mdns/records.js';
import { HUB, question, Scene } from './scene.js';

/** A query header with these counts. */
function header(counts: [number, number, number, number], flags = 0): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt16BE(flags, 2);
  counts.forEach((count, i) => {
    bytes.writeUInt16BE(count, 4 + 2 * i);
  });
  return bytes;
}

/** A response with one record of this data under the root name. */
function record(type: number, data: Buffer, length = data.length): Buffer {
  const head = Buffer.from([0, 0, type, 0, 1, 0, 0, 0, 120, length >> 8, length & 255]);
  return Buffer.concat([header([0, 1, 0, 0], 0x8400), head, data]);
}

const one = (name: number[]): Buffer =>
  Buffer.concat([header([1, 0, 0, 0]), Buffer.from([...name, 0, 1, 0, 1])]);

describe('hostile packets', () => {
  it('abuse 51: 296 bytes that claim 65535 entries are dropped by their header alone, and counted', async () => {
    const inflated = Buffer.concat([header([65_535, 65_535, 0, 0], 0x8400), Buffer.alloc(284, 0)]);
    expect(inflated).toHaveLength(296);
    const untouched = new Proxy(inflated, {
      get: (packet, key) => {
        if (typeof key === 'string' && Number(key) >= 12) throw new Error('looks beyond the header');
        const value: unknown = Reflect.get(packet, key);
        return typeof value === 'function' ? value.bind(packet) : value;
      },
    });
    expect(refusal(untouched)).toBe('more entries than bytes for them');
    const scene = new Scene();
    const responder = await scene.started(scene.machine('10.77.0.1'));
    scene.lan.inject(inflated);
    await scene.settle();
    expect(responder.refused).toBe(1);
  });

  it.each<[string, Buffer]>([
    ['a pointer loop', one([0xc0, 12])],
    ['a forward pointer', one([0xc0, 20])],
    ['a pointer into the header', one([0xc0, 4])],
    ['a reserved label', one([64, ...Array<number>(64).fill(97), 0])],
    [
      'a name of 256 bytes',
      one([
        ...Array<number[]>(4)
          .fill([63, ...Array<number>(63).fill(97)])
          .flat(),
        0,
      ]),
    ],
    ['a name without end', Buffer.concat([header([1, 0, 0, 0]), Buffer.from([5, 97, 97])])],
    ['a TXT string over its length', record(16, Buffer.from([9, 97]))],
    ['an A record of three bytes', record(1, Buffer.from([10, 0, 0]))],
    ['an SRV record without target', record(33, Buffer.from([0, 0, 0, 0, 0, 80]))],
    ['a record that is cut', record(16, Buffer.from([1, 97]), 200)],
    ['a pointer record with a tail', record(12, Buffer.from([1, 97, 0, 0]))],
    ['an NSEC bitmap over its length', record(47, Buffer.from([0, 0, 9, 1]))],
    ['an error response', header([0, 0, 0, 0], 0x8403)],
    ['half a header', Buffer.alloc(11)],
    ['too much', Buffer.alloc(9001)],
  ])('abuse 52: %s is refused', (_what, packet) => {
    expect(refusal(packet)).toBeTypeOf('string');
  });

  it('abuse 52: whatever passes can be decoded, and a responder lives through all of it', async () => {
    const sample = encodeMessage({
      type: 'response',
      answers:
        packets([addressRecord('a.local', '10.0.0.1'), textRecord('b.local', [['k', 'v']])])[0]?.answers ??
        [],
    });
    const mutated = fc
      .tuple(
        fc.array(fc.tuple(fc.nat(sample.length - 1), fc.nat(255)), { maxLength: 6 }),
        fc.nat(sample.length),
      )
      .map(([changes, length]) => {
        const bytes = Buffer.from(sample);
        for (const [at, value] of changes) bytes[at] = value;
        return length % 3 === 0 ? bytes.subarray(0, length) : bytes;
      });
    const noise = fc.uint8Array({ maxLength: 80 }).map((tail) => Buffer.concat([header([1, 1, 0, 0]), tail]));
    const scene = new Scene();
    const responder = await scene.started(scene.machine('10.77.0.1'));
    fc.assert(
      fc.property(fc.oneof(mutated, noise), (bytes) => {
        scene.lan.inject(bytes);
        if (refusal(bytes) !== undefined) return;
        try {
          readMessage(decodeMessage(bytes));
        } catch (error) {
          // Types that the hub does not use may still be malformed inside; the wire drops those.
          expect(error).toBeInstanceOf(Error);
        }
      }),
      { numRuns: 3000 },
    );
    await scene.pass(1000);
    expect(await scene.ask(question('pronto.local', 'A'))).toHaveLength(1);
    await responder.stop();
  });
});

describe('names', () => {
  it('keeps dots inside a label apart, on the wire and in text', () => {
    const name = nameOf('peter.saint@mac', '_presence', '_tcp', 'local');
    expect(name).toBe('peter\\.saint@mac._presence._tcp.local');
    const read = readMessage(decodeMessage(encodeMessage(question(name, 'SRV', true))));
    expect(read.questions).toEqual([{ name, type: 'SRV', unicast: true }]);
    expect(labelsOf(name)[0]).toBe('peter.saint@mac');
  });

  it('keeps any labels, round trip', () => {
    const label = fc
      .string({ minLength: 1, maxLength: 15, unit: 'grapheme' })
      .filter((text) => Buffer.byteLength(text) <= 63);
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 3 }), (labels) => {
        const name = nameOf(...labels);
        const read = readMessage(decodeMessage(encodeMessage(question(name, 'A'))));
        expect(read.questions[0]?.name).toBe(name);
      }),
    );
  });

  it('refuses labels over 63 bytes and names over 255', () => {
    expect(() => sizeOf(question(nameOf('a'.repeat(64), 'local'), 'A'))).toThrow(RangeError);
    expect(() => sizeOf(question(nameOf('é'.repeat(32), 'local'), 'A'))).toThrow(RangeError);
    expect(() => sizeOf(question(nameOf(...Array<string>(5).fill('a'.repeat(60))), 'A'))).toThrow(RangeError);
    expect(() => textRecord('a.local', [['k', 'v'.repeat(254)]])).toThrow(RangeError);
  });

  it('makes a label of the machine name that others can copy as it is', () => {
    expect(machineLabel('Peters-Pi.fritz.box')).toBe('peters-pi');
    expect(machineLabel('küche & bad')).toBe('k-che---bad');
    expect(machineLabel('...')).toBe('hearth');
  });

  it('counts to -10 and stays within 63 bytes', () => {
    const candidate = new Candidate('a'.repeat(70));
    const labels: string[] = [];
    while (candidate.next()) labels.push(candidate.label);
    expect(labels).toHaveLength(10);
    expect(labels[9]).toBe(`${'a'.repeat(60)}-10`);
    const other = new Candidate('a'.repeat(70));
    other.reserve(4);
    expect(other.label).toHaveLength(59);
  });
});

describe('packets', () => {
  it('announces XEP-0347 keys with txtvers first', () => {
    expect(HUB).toEqual({
      type: '_xmpp-client._tcp',
      port: 5222,
      txt: [
        ['txtvers', '1'],
        ['ordom', 'pronto.local'],
        ['regis', 'hub'],
        ['provis', 'hub'],
      ],
    });
  });

  it('spreads many answers over packets that fit', () => {
    const many = Array.from({ length: 100 }, (_, i) =>
      pointerRecord('_x._tcp.local', `thing-${i}._x._tcp.local`),
    );
    const sent = packets(many, [addressRecord('a.local', '10.0.0.1')]);
    expect(sent.length).toBeGreaterThan(1);
    for (const packet of sent) expect(sizeOf(packet)).toBeLessThanOrEqual(MAX_SENT);
    expect(sent.flatMap(({ answers }) => answers)).toHaveLength(100);
  });

  it('breaks ties by type, data as unsigned bytes, and length', () => {
    const a = (last: number) => addressRecord('a.local', `10.0.0.${last}`);
    expect(compareSets([a(200)], [a(99)])).toBeGreaterThan(0);
    expect(compareSets([a(1)], [a(1)])).toBe(0);
    expect(compareSets([a(1)], [a(1), a(2)])).toBeLessThan(0);
    expect(compareSets([addressRecord('a.local', 'fe80::1')], [a(9)])).toBeGreaterThan(0);
  });
});

describe('interfaces', () => {
  const entry = (name: string, address: string, netmask = '255.255.255.0', internal = false) => ({
    ...{ name, address, netmask, internal, scope: 0 },
    family: address.includes(':') ? ('IPv6' as const) : ('IPv4' as const),
  });

  it('leaves out loopback, containers and points, unless named', () => {
    const all = [
      entry('lo', '127.0.0.1', '255.0.0.0', true),
      entry('eth0', '192.168.1.2'),
      entry('eth0', 'fe80::2', 'ffff::'),
      entry('docker0', '172.17.0.1'),
      entry('tun0', '10.8.0.1'),
      entry('ppp7', '10.9.0.1', '255.255.255.255'),
    ];
    expect(lansOf(all).map(({ name, told }) => [name, told])).toEqual([['eth0', ['192.168.1.2', 'fe80::2']]]);
    expect(lansOf(all, { interfaces: ['docker0'] }).map(({ name }) => name)).toEqual(['docker0']);
  });

  it('knows neighbours by the subnet', () => {
    const lan = {
      addresses: [{ address: '192.168.1.2', netmask: '255.255.255.0', family: 'IPv4' as const }],
    };
    expect(isOnLan('192.168.1.77', lan)).toBe(true);
    expect(isOnLan('192.168.2.77', lan)).toBe(false);
    expect(isOnLan('fe80::1', lan)).toBe(false);
  });
});
