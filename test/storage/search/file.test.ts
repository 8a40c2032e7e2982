import { describe, expect, it } from 'vitest';
import { deviceAddress } from '../../../src/domain/node-address.js';
import type { Thing } from '../../../src/domain/thing.js';
import { ThingIndex } from '../../../src/storage/indexes/thing-index.js';
import { randomOf } from './random.js';

function example(): ThingIndex {
  const index = new ThingIndex();
  for (let i = 0; i < 60; i++) {
    const thing: Thing = {
      ...deviceAddress(`t${i % 50}@x`),
      nodeId: i < 50 ? '' : `node ${i}`,
      ...(i % 7 === 0 ? {} : { owner: `o${i % 3}@x` }),
      public: i % 5 > 0,
      ...(i % 11 === 0 ? { removed: true } : {}),
      generation: i % 2 === 0 ? 'nfi' : 'siot',
      hub: 'hub.x',
      claimHash: 'hash',
      registeredAt: 0,
      tags: [
        { name: 'SN', value: `${i}` },
        { name: 'NAME', value: i % 2 === 0 ? 'Lampe' : '\u{1f4a1} \ud800' },
        { name: 'LAT', value: i },
        { name: 'LON', value: -i / 3 },
        ...(i % 20 === 0 ? [{ name: 'RARE', value: '' }] : []),
        { name: 'KEY', value: 'secret' },
      ],
    };
    index.changed(thing, thing);
  }
  index.changed(deviceAddress('t3@x'), undefined);
  return index;
}

const whole = (index: ThingIndex) => [...index.all()];

describe('the file of the columns', () => {
  it('brings everything back, and what is kept next takes the free rows', () => {
    const index = example();
    const content = Buffer.concat(index.save());
    const again = new ThingIndex();
    again.restore(content);
    expect(whole(again)).toEqual(whole(index));
    expect([again.count, again.unclaimed]).toEqual([index.count, index.unclaimed]);
    expect(again.of('t5@x').map(({ nodeId }) => nodeId)).toEqual(['', 'node 55']);
    expect([again.countOf('t5@x'), again.isOwner('o1@x'), again.owns('o1@x', 't5@x')]).toEqual([
      2,
      true,
      true,
    ]);
    expect(again.owns('o2@x', 't4@x')).toBe(false);
    expect(Buffer.concat(again.save()).equals(content)).toBe(true);
    const thing = { ...deviceAddress('new@x'), public: true, hub: 'hub.x', claimHash: '', registeredAt: 0 };
    for (const each of [index, again])
      each.changed(thing, {
        ...thing,
        owner: 'o1@x',
        generation: 'xmpp',
        tags: [{ name: 'SN', value: '1' }],
      });
    expect(whole(again)).toEqual(whole(index));
  });

  it('is what it was at the moment of the call', () => {
    const index = example();
    const pieces = index.save();
    const before = whole(index);
    for (const thing of before) index.changed(thing, undefined);
    const again = new ThingIndex();
    again.restore(Buffer.concat(pieces));
    expect(whole(again)).toEqual(before);
  });

  it('of nothing brings nothing back', () => {
    const again = new ThingIndex();
    again.restore(Buffer.concat(new ThingIndex().save()));
    expect([again.count, again.find([], 0, 9)]).toEqual([0, { things: [], more: false }]);
  });

  it('keeps neither KEY nor the hash of a claim', () => {
    expect(Buffer.concat(example().save()).toString('latin1')).not.toMatch(/secret|KEY|hash/);
  });

  it('is not read when it is cut anywhere, longer, or of another layout', () => {
    const content = Buffer.concat(example().save());
    const index = new ThingIndex();
    for (let length = 0; length < content.length; length += 3)
      expect(() => index.restore(content.subarray(0, length))).toThrow();
    expect(() => index.restore(Buffer.concat([content, Buffer.from([0])]))).toThrow(
      /more than there should be/,
    );
    const newer = Buffer.from(content);
    newer.writeUInt32LE(3, 4);
    expect(() => index.restore(newer)).toThrow(
      'The columns of the things cannot be read: their layout is 3, not 2.',
    );
    expect(() => index.restore(Buffer.from('{"things":[]}'))).toThrow(/something else/);
    expect([index.count, whole(index)]).toEqual([0, []]);
    index.restore(content);
    expect(index.count).toBe(59);
  });

  it('with a flipped byte is refused, or is the file of other things: it never leads to half of one', () => {
    const content = Buffer.concat(example().save());
    const random = randomOf(11);
    let refused = 0;
    for (let i = 0; i < 600; i++) {
      const damaged = Buffer.from(content);
      const at = Math.floor(random() * damaged.length);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      const index = new ThingIndex();
      try {
        index.restore(damaged);
      } catch {
        refused++;
        expect([index.count, whole(index)]).toEqual([0, []]);
        continue;
      }
      const things = whole(index);
      expect(things).toHaveLength(index.count);
      const found = index.find([{ kind: 'numGtEq', name: 'LAT', value: -1000 }], 0, 100).things;
      expect(found.length).toBeLessThanOrEqual(things.length);
      for (const thing of things) index.changed(thing, undefined);
      expect(index.count).toBe(0);
    }
    expect(refused).toBeGreaterThan(120);
  });
});
