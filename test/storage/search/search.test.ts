import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { NodeAddress } from '../../../src/domain/node-address.js';
import type { SearchOperator } from '../../../src/domain/search.js';
import type { KnownThing, Thing } from '../../../src/domain/thing.js';
import { ThingIndex } from '../../../src/storage/indexes/thing-index.js';
import { things } from '../../../src/storage/keys.js';
import { modelFinds } from './model.js';
import { accounts, address, operators, thing } from './registries.js';

type Edit = { readonly put: Thing } | { readonly remove: NodeAddress };

const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 4, arbitrary: thing.map((put) => ({ put })) },
  { weight: 1, arbitrary: address.map((remove) => ({ remove })) },
);

const index = new ThingIndex();
beforeAll(() => index.prepare([{ kind: 'strRegEx', name: 'A', expression: 'a' }]));

/** Brings the index and the model to the same state. */
function apply(edits: readonly Edit[], model: Map<string, Thing>): void {
  for (const each of edits) {
    const at = 'put' in each ? each.put : each.remove;
    index.changed(at, 'put' in each ? each.put : undefined);
    if ('put' in each) model.set(things.encode(at), each.put);
    else model.delete(things.encode(at));
  }
}

function known(thing: Thing): KnownThing {
  const { claimHash: _, registeredAt: __, ...rest } = thing;
  return { ...rest, tags: thing.tags.filter((tag) => tag.name !== 'KEY') };
}

const byKey = (list: Iterable<KnownThing>) => new Map([...list].map((each) => [things.encode(each), each]));

const keysOf = (list: readonly NodeAddress[]) => list.map(things.encode).sort().join(' ');

function expectSame(
  model: ReadonlyMap<string, Thing>,
  queries: readonly (readonly SearchOperator[])[],
): void {
  for (const query of queries) {
    const expected = [...model.values()].filter((each) => modelFinds(each, query));
    const found = index.find(query, 0, 1000);
    if (keysOf(found.things) !== keysOf(expected) || found.more)
      throw new Error(`${JSON.stringify(query)} found ${keysOf(found.things)} and not ${keysOf(expected)}`);
  }
}

function expectAccounts(model: ReadonlyMap<string, Thing>): void {
  const all = [...model.values()];
  for (const jid of accounts) {
    const own = all.filter((each) => each.jid === jid);
    expect(keysOf(index.of(jid))).toBe(keysOf(own));
    expect(index.countOf(jid)).toBe(own.length);
    expect(index.owns('o@x', jid)).toBe(own.some(({ owner }) => owner === 'o@x'));
  }
  expect(index.isOwner('p@x')).toBe(all.some(({ owner }) => owner === 'p@x'));
  expect(index.unclaimed).toBe(all.filter(({ owner }) => owner === undefined).length);
}

describe('search [0347 3.13]', () => {
  it.each([
    ['small', 25, 800],
    ['larger', 150, 80],
  ])('finds in %s registries what the specification says, after edits and from a file', (_, size, runs) => {
    const edits = fc.array(edit, { minLength: size / 5, maxLength: size });
    const queries = fc.array(operators, { minLength: 5, maxLength: 10 });
    fc.assert(
      fc.property(edits, edits, queries, (first, second, asked) => {
        const model = new Map<string, Thing>();
        index.clear();
        for (const round of [first, second]) {
          apply(round, model);
          expectSame(model, asked);
        }
        const saved = Buffer.concat(index.save());
        index.clear();
        index.restore(saved);
        expectSame(model, asked);
        expectAccounts(model);
        expect(byKey(index.all())).toEqual(new Map([...model].map(([key, each]) => [key, known(each)])));
        apply(first, model);
        expectAccounts(model);
        expectSame(model, asked);
      }),
      { numRuns: runs },
    );
  });
});
