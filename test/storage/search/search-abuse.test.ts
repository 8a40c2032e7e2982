import { describe, expect, it } from 'vitest';
import { errorRow, HubError } from '../../../src/domain/errors.js';
import { deviceAddress } from '../../../src/domain/node-address.js';
import type { SearchOperator } from '../../../src/domain/search.js';
import type { Tag } from '../../../src/domain/tag.js';
import type { Thing } from '../../../src/domain/thing.js';
import { ThingIndex } from '../../../src/storage/indexes/thing-index.js';
import { randomOf } from './random.js';

function thingWith(jid: string, tags: readonly Tag[]): Thing {
  const standing = { owner: 'o@x', public: true, generation: 'xmpp', hub: 'hub.x' } as const;
  return { ...deviceAddress(jid), ...standing, tags, claimHash: '', registeredAt: 0 };
}

function indexOf(all: readonly (readonly Tag[])[]): ThingIndex {
  const index = new ThingIndex();
  all.forEach((tags, i) => {
    const thing = thingWith(`t${i}@x`, tags);
    index.changed(thing, thing);
  });
  return index;
}

async function expressionIndex(values: readonly string[]): Promise<ThingIndex> {
  const index = indexOf(values.map((value) => [{ name: 'A', value }]));
  await index.prepare([{ kind: 'strRegEx', name: 'A', expression: '' }]);
  return index;
}

const range = { min: 'a', minIncluded: true, max: 'z', maxIncluded: true };
const numberRange = { min: 0, minIncluded: true, max: 9, maxIncluded: true };

describe('searches that mean no good', () => {
  it.each<SearchOperator>([
    ...(['strEq', 'strNEq', 'strGt', 'strGtEq', 'strLt', 'strLtEq'] as const).map(
      (kind): SearchOperator => ({ kind, name: 'KEY', value: 'secret' }),
    ),
    ...(['numEq', 'numNEq', 'numGt', 'numGtEq', 'numLt', 'numLtEq'] as const).map(
      (kind): SearchOperator => ({ kind, name: 'KEY', value: 4711 }),
    ),
    ...(['strRange', 'strNRange'] as const).map((kind): SearchOperator => ({ kind, name: 'KEY', range })),
    ...(['numRange', 'numNRange'] as const).map(
      (kind): SearchOperator => ({ kind, name: 'KEY', range: numberRange }),
    ),
    { kind: 'strMask', name: 'KEY', mask: '*', wildcard: '*' },
    { kind: 'strRegEx', name: 'KEY', expression: '.*' },
    { kind: 'strNEq', name: 'KEY', nameWildcard: '*', value: '' },
    { kind: 'strNEq', name: 'KE*', nameWildcard: '*', value: '' },
    { kind: 'strMask', name: '*', nameWildcard: '*', mask: '*secret*', wildcard: '*' },
    { kind: 'numEq', name: '*', nameWildcard: '*', value: 4711 },
  ])('abuse 29: %j finds nothing', async (operator) => {
    const index = indexOf([
      [
        { name: 'KEY', value: 'secret' },
        { name: 'A', value: 'a' },
      ],
      [{ name: 'KEY', value: 4711 }],
    ]);
    await index.prepare([operator]);
    expect(index.find([operator], 0, 10)).toEqual({ things: [], more: false });
  });

  it('abuse 29: KEY is in nothing that comes out', () => {
    const index = indexOf([
      [
        { name: 'KEY', value: 'secret' },
        { name: 'A', value: 'a' },
      ],
    ]);
    const file = Buffer.concat(index.save());
    expect(file.includes('secret') || file.includes('KEY')).toBe(false);
    expect(
      JSON.stringify([...index.all(), ...index.of('t0@x'), index.get(deviceAddress('t0@x'))]),
    ).not.toMatch(/KEY|secret/);
    expect(index.find([], 0, 1).things[0]?.tags).toEqual([{ name: 'A', value: 'a' }]);
  });

  it('abuse 30: many wildcards and repeats cost no more than others', async () => {
    const index = await expressionIndex(['a'.repeat(60), 'a'.repeat(27)]);
    const mask = `${'*a'.repeat(14)}*b`;
    expect(index.find([{ kind: 'strMask', name: 'A', mask, wildcard: '*' }], 0, 9).things).toEqual([]);
    const search = (expression: string) =>
      index.find([{ kind: 'strRegEx', name: 'A', expression }], 0, 9).things;
    expect(search('(a+)+b')).toEqual([]);
    expect(search('(a+)+$')).toHaveLength(2);
    expect(search('a{27}')).toHaveLength(1);
    expect(search('a')).toEqual([]);
  });

  it.each(['(', '[a', '(?=a)', '\\1', 'a{2000}', '(a{100}){100}', '*', '('.repeat(200) + ')'.repeat(200)])(
    'abuse 30: the expression %s is refused',
    async (expression) => {
      const index = await expressionIndex(['a']);
      const search = () => index.find([{ kind: 'strRegEx', name: 'A', expression }], 0, 9);
      expect(search).toThrow(HubError);
      expect(search).toThrow(/regular expression/);
    },
  );

  it('abuse 30: an expression that goes on for too long is stopped, by steps and not by the clock', async () => {
    const random = randomOf(7);
    const value = () => Array.from({ length: 128 }, () => (random() < 0.5 ? 'a' : 'b')).join('');
    const index = await expressionIndex(Array.from({ length: 3000 }, value));
    const search = () =>
      index.find([{ kind: 'strRegEx', name: 'A', expression: '(a|b)*a(a|b){20}' }], 0, 10_000);
    expect(search).toThrow(expect.objectContaining({ code: 'search-too-costly' }));
    expect(errorRow(new HubError('search-too-costly')).condition).toBe('resource-constraint');
    // What other operators leave over is little.
    const [thing] = index.of('t5@x');
    const first = { kind: 'strEq', name: 'A', value: thing?.tags[0]?.value } as SearchOperator;
    expect(
      index.find([{ kind: 'strRegEx', name: 'A', expression: '[ab]*' }, first], 0, 9).things,
    ).toHaveLength(1);
  });

  it('abuse 30: hundreds of operators that hold for everything are stopped', () => {
    const index = indexOf(Array.from({ length: 3000 }, (_, i) => [{ name: `N${i % 50}`, value: `${i}` }]));
    const wide: SearchOperator = { kind: 'strNEq', name: 'N*', nameWildcard: '*', value: '' };
    const long: SearchOperator = { ...wide, kind: 'strMask', mask: '*'.repeat(127), wildcard: '*' };
    for (const operator of [wide, long]) {
      const search = () =>
        index.find(
          Array.from({ length: 800 }, () => operator),
          0,
          10_000,
        );
      expect(search).toThrow(expect.objectContaining({ code: 'search-too-costly' }));
    }
  });

  it('abuse 31: a range from more to less holds for nothing, and all is outside of it', () => {
    const index = indexOf([[{ name: 'V', value: 5 }], [{ name: 'V', value: '5' }]]);
    const upsideDown = { min: 9, minIncluded: true, max: 1, maxIncluded: true };
    expect(index.find([{ kind: 'numRange', name: 'V', range: upsideDown }], 0, 9).things).toHaveLength(0);
    expect(index.find([{ kind: 'numNRange', name: 'V', range: upsideDown }], 0, 9).things).toHaveLength(1);
    const beyond = { min: -1e308, minIncluded: true, max: 1e308, maxIncluded: true };
    const box: SearchOperator[] = [
      { kind: 'numRange', name: 'LAT', range: beyond },
      { kind: 'numRange', name: 'LON', range: upsideDown },
    ];
    expect(index.find(box, 0, 9).things).toEqual([]);
  });

  it('abuse 31: what is not a number is no tag', () => {
    const index = indexOf([
      [
        { name: 'V', value: Number.NaN },
        { name: 'W', value: Number.POSITIVE_INFINITY },
      ],
    ]);
    expect([...index.all()][0]?.tags).toEqual([]);
    expect(index.find([{ kind: 'numNEq', name: 'V', value: 0 }], 0, 9).things).toEqual([]);
  });

  it('abuse 32: offset −1 is the beginning, and a page is no larger than what is there', () => {
    const index = indexOf([[{ name: 'A', value: 'a' }], [{ name: 'A', value: 'b' }]]);
    expect(index.find([], -1, 1e9)).toMatchObject({
      more: false,
      things: [{ jid: 't0@x' }, { jid: 't1@x' }],
    });
    expect(index.find([], -1, 1)).toMatchObject({ more: true, things: [{ jid: 't0@x' }] });
    expect(index.find([], 1e15, 1e15)).toEqual({ more: false, things: [] });
    expect(index.find([], 0, 0)).toEqual({ more: true, things: [] });
    expect(index.find([], 0, -5)).toEqual({ more: true, things: [] });
  });

  it.each(['__proto__', 'constructor', 'toString', '__PROTO__', 'hasOwnProperty'])(
    'abuse 38: %s is a name',
    (name) => {
      const index = indexOf(
        Array.from({ length: 40 }, (_, i) => [
          { name, value: i % 2 === 0 ? name : 'other' },
          { name: 'N', value: i },
        ]),
      );
      expect(index.find([{ kind: 'strEq', name, value: name }], 0, 50).things).toHaveLength(20);
      expect(index.find([{ kind: 'numGt', name, value: 0 }], 0, 50).things).toEqual([]);
      expect(index.find([{ kind: 'strEq', name: 'A', value: name }], 0, 50).things).toEqual([]);
      const thing = { ...thingWith(`${name}@x`, [{ name, value: 1 }]), nodeId: name };
      index.changed(thing, thing);
      expect([index.countOf(`${name}@x`), index.countOf(name), index.isOwner(name)]).toEqual([1, 0, false]);
      expect(index.get(thing)?.tags).toEqual([{ name, value: 1 }]);
    },
  );

  it('random names cost a bounded amount of memory, and all of it comes back', () => {
    const index = new ThingIndex();
    const random = randomOf(9);
    const name = () => `N${Math.floor(random() * 2 ** 32).toString(36)}`;
    const before = used();
    for (let i = 0; i < 1000; i++) {
      const tags = Array.from({ length: 64 }, () => ({ name: name(), value: i % 3 === 0 ? i : `v${i}` }));
      const thing = thingWith(`t${i}@x`, tags);
      index.changed(thing, thing);
    }
    expect((used() - before) / 64_000).toBeLessThan(600);
    expect(
      index.find([{ kind: 'numGt', name: '*', nameWildcard: '*', value: 990 }], 0, 9).things,
    ).toHaveLength(3);
    for (let i = 0; i < 1000; i++) index.changed(deviceAddress(`t${i}@x`), undefined);
    expect(index.find([], 0, 9).things).toEqual([]);
    expect(Buffer.concat(index.save()).length).toBeLessThan(2_000_000);
  });

  it('too many random names make a search for all of them too costly', () => {
    const index = new ThingIndex();
    for (let i = 0; i < 2000; i++) {
      const tags = Array.from({ length: 64 }, (_, k) => ({
        name: `${i}-${k}${'N'.repeat(180)}`,
        value: 'a',
      }));
      index.changed(deviceAddress(`t${i}@x`), thingWith(`t${i}@x`, tags));
    }
    const search = () => index.find([{ kind: 'strEq', name: '*x', nameWildcard: '*', value: 'b' }], 0, 9);
    expect(search).toThrow(expect.objectContaining({ code: 'search-too-costly' }));
  });
});

function used(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
