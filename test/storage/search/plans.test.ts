import { describe, expect, it } from 'vitest';
import { deviceAddress } from '../../../src/domain/node-address.js';
import type { SearchOperator } from '../../../src/domain/search.js';
import type { Tag } from '../../../src/domain/tag.js';
import type { Thing } from '../../../src/domain/thing.js';
import { ThingIndex } from '../../../src/storage/indexes/thing-index.js';
import { modelFinds } from './model.js';
import { randomOf } from './random.js';

const THINGS = 1500;

/** A registry in which every kind of column comes: unique, common, rare, sparse and numeric ones. */
class Registry {
  readonly index = new ThingIndex();
  readonly model = new Map<string, Thing>();
  private readonly random: () => number;
  private readonly names: number;

  /** `names` is how many rare names there are. */
  constructor(seed: number, names: number) {
    this.random = randomOf(seed);
    this.names = names;
    for (let i = 0; i < THINGS; i++) this.put(i);
  }

  below(end: number): number {
    return Math.floor(this.random() * end);
  }

  put(i: number): void {
    const address = deviceAddress(`thing${i}@x`);
    const owner = this.below(20) > 0 ? { owner: `o${this.below(5)}@x` } : {};
    const thing: Thing = {
      ...address,
      ...owner,
      public: this.below(20) > 0,
      generation: 'xmpp',
      hub: 'hub.x',
      claimHash: '',
      registeredAt: 0,
      tags: this.tags(i),
    };
    this.model.set(address.jid, thing);
    this.index.changed(address, thing);
  }

  remove(i: number): void {
    const address = deviceAddress(`thing${i}@x`);
    this.model.delete(address.jid);
    this.index.changed(address, undefined);
  }

  /** Moves, changes and removes many of the things. */
  churn(): void {
    for (let i = 0; i < 500; i++) this.remove(this.below(THINGS));
    for (let i = 0; i < 500; i++) this.put(this.below(THINGS + 300));
  }

  operators(): SearchOperator[] {
    return Array.from({ length: 1 + this.below(3) }, () => this.operator());
  }

  private tags(i: number): Tag[] {
    const tags: Tag[] = [
      { name: 'SN', value: `${(i * 7919) % 100000}` },
      { name: 'MAN', value: `maker${this.below(6)}` },
      { name: 'V', value: this.below(40) / 10 },
      { name: 'SIZE', value: this.below(100000) },
      { name: 'LAT', value: this.below(400) / 100 - 2 },
      { name: 'LON', value: this.below(2000) / 100 - 190 },
      { name: `RARE${this.below(this.names)}`, value: `r${this.below(4)}` },
      { name: 'KEY', value: 'secret' },
    ];
    if (this.below(30) === 0) tags.push({ name: 'SPARSE', value: this.below(5) });
    if (this.below(30) === 0) tags.push({ name: 'SPARSER', value: `s${this.below(30)}` });
    return tags.filter(() => this.below(12) > 0);
  }

  private operator(): SearchOperator {
    const low = this.below(300) / 100 - 2;
    const range = { min: low, minIncluded: true, max: low + this.below(20) / 10, maxIncluded: false };
    const all: SearchOperator[] = [
      { kind: 'strEq', name: 'SN', value: `${(this.below(THINGS) * 7919) % 100000}` },
      { kind: 'strEq', name: 'MAN', value: `maker${this.below(7)}` },
      { kind: 'strNEq', name: 'MAN', value: `maker${this.below(7)}` },
      { kind: 'strMask', name: 'SN', mask: `${this.below(10)}*${this.below(10)}`, wildcard: '*' },
      { kind: 'strMask', name: 'MAN', mask: `*${this.below(6)}`, wildcard: '*' },
      { kind: 'strGtEq', name: 'MAN', value: `maker${this.below(7)}` },
      { kind: 'numEq', name: 'V', value: this.below(42) / 10 },
      { kind: 'numNEq', name: 'V', value: this.below(42) / 10 },
      { kind: 'numRange', name: 'V', range },
      { kind: 'numNRange', name: 'V', range },
      { kind: 'numLt', name: 'SIZE', value: this.below(100000) },
      { kind: 'numEq', name: 'SIZE', value: this.below(100000) },
      { kind: 'numRange', name: 'LAT', range },
      { kind: 'numGt', name: 'LAT', value: low },
      { kind: 'numNEq', name: 'LAT', value: low },
      { kind: 'numGtEq', name: 'LAT', value: low },
      { kind: 'numNRange', name: 'LON', range: { ...range, min: low - 185, max: low - 182 } },
      { kind: 'numLtEq', name: 'LON', value: this.below(20) - 190 },
      { kind: 'numLt', name: 'LON', value: this.below(20) - 190 },
      { kind: 'numRange', name: 'LON', range: { ...range, min: low - 185, max: low - 182 } },
      { kind: 'strEq', name: `RARE${this.below(this.names)}`, value: `r${this.below(4)}` },
      { kind: 'strNEq', name: 'RARE*', nameWildcard: '*', value: `r${this.below(4)}` },
      { kind: 'strEq', name: 'RARE1*', nameWildcard: '*', value: `r${this.below(4)}` },
      { kind: 'strMask', name: '*S*', nameWildcard: '*', mask: 's*', wildcard: '*' },
      { kind: 'numGt', name: 'SPARSE', value: this.below(5) },
      { kind: 'numEq', name: 'SPARSE', value: this.below(5) },
      { kind: 'strMask', name: 'SPARSER', mask: `s${this.below(4)}*`, wildcard: '*' },
      { kind: 'numEq', name: '*', nameWildcard: '*', value: this.below(4) },
      { kind: 'strNEq', name: '*', nameWildcard: '*', value: 'secret' },
    ];
    const operator = all[this.below(all.length)];
    if (operator === undefined) throw new Error('There is no such operator.');
    return operator;
  }
}

/** Operators on both coordinates, of all kinds. */
function boxes(registry: Registry): SearchOperator[] {
  const on = (name: string) => {
    for (;;) {
      const [operator] = registry.operators();
      if (operator?.name === name) return operator;
    }
  };
  return [on('LAT'), on('LON'), on('LAT')];
}

function expectSame({ index, model }: Registry, operators: readonly SearchOperator[]): void {
  const expected = [...model.values()].filter((thing) => modelFinds(thing, operators)).map(({ jid }) => jid);
  const found = index.find(operators, 0, THINGS * 2).things.map(({ jid }) => jid);
  if (found.sort().join() !== expected.sort().join())
    throw new Error(`${JSON.stringify(operators)} found ${found.length}, not ${expected.length}`);
}

describe('plans of searches', () => {
  it.each([
    ['few names', 30, 1],
    ['some names', 100, 2],
    ['many names', 900, 3],
  ])('find the same whichever columns they begin with: %s', (_, names, seed) => {
    const registry = new Registry(seed, names);
    for (let round = 0; round < 4; round++) {
      for (let i = 0; i < 40; i++) expectSame(registry, registry.operators());
      for (let i = 0; i < 12; i++) expectSame(registry, boxes(registry));
      registry.churn();
      if (round === 1) {
        const saved = Buffer.concat(registry.index.save());
        registry.index.clear();
        registry.index.restore(saved);
      }
    }
    expect(registry.index.count).toBe(registry.model.size);
  });

  it('counts stay right while things come and go', () => {
    const { index, model } = new Registry(5, 30);
    const things = [...model.values()];
    expect(index.unclaimed).toBe(things.filter(({ owner }) => owner === undefined).length);
    for (const thing of things) index.changed(thing, undefined);
    expect([index.count, index.unclaimed, index.isOwner('o1@x'), [...index.all()]]).toEqual([
      0,
      0,
      false,
      [],
    ]);
    expect(index.find([], 0, 10)).toEqual({ things: [], more: false });
  });

  it('the next column that takes the number of one that went is not taken for it', () => {
    const index = new ThingIndex();
    const standing = { owner: 'o@x', public: true, generation: 'xmpp', hub: 'hub.x', claimHash: '' } as const;
    const put = (jid: string, tags: readonly Tag[]) =>
      index.changed(deviceAddress(jid), { ...deviceAddress(jid), ...standing, registeredAt: 0, tags });
    put('a@x', [{ name: 'A', value: 'a' }]);
    expect(index.get(deviceAddress('a@x'))?.tags).toEqual([{ name: 'A', value: 'a' }]);
    put('a@x', []);
    put('b@x', [{ name: 'B', value: 'b' }]);
    expect(index.get(deviceAddress('b@x'))?.tags).toEqual([{ name: 'B', value: 'b' }]);
  });

  it('a wildcard in the name of a coordinate bounds no coordinate', () => {
    const index = new ThingIndex();
    const standing = { owner: 'o@x', public: true, generation: 'xmpp', hub: 'hub.x', claimHash: '' } as const;
    for (let i = 0; i < 100; i++) {
      const tags = ['LAT', 'LON', 'LOT'].map((name) => ({ name, value: name === 'LOT' ? 5 : 50 }));
      const address = deviceAddress(`t${i}@x`);
      index.changed(address, { ...address, ...standing, registeredAt: 0, tags });
    }
    const operators: SearchOperator[] = [
      { kind: 'numEq', name: 'LAT', nameWildcard: 'A', value: 5 },
      { kind: 'numEq', name: 'LON', value: 50 },
    ];
    expect(index.find(operators, 0, 200).things).toHaveLength(100);
  });

  it('all pages together are the whole, and no thing comes twice', () => {
    const registry = new Registry(4, 60);
    const searches: SearchOperator[][] = [[], ...Array.from({ length: 40 }, () => registry.operators())];
    for (const operators of searches) {
      const whole = registry.index.find(operators, 0, Number.MAX_SAFE_INTEGER).things;
      const pages = [];
      for (let offset = 0, more = true; more; offset += 37) {
        const page = registry.index.find(operators, offset, 37);
        pages.push(...page.things);
        more = page.more;
      }
      expect(pages).toEqual(whole);
      expect(new Set(pages.map(({ jid }) => jid)).size).toBe(pages.length);
    }
  });

  it('pages are the same while other things come and go', () => {
    const registry = new Registry(6, 60);
    const operators: SearchOperator[] = [{ kind: 'strEq', name: 'MAN', value: 'maker1' }];
    const jids = () => registry.index.find(operators, 0, THINGS).things.map(({ jid }) => jid);
    const before = jids();
    for (const jid of registry.model.keys()) {
      if (!before.includes(jid) && registry.below(2) === 0)
        registry.index.changed(deviceAddress(jid), undefined);
    }
    expect(jids()).toEqual(before);
  });
});
