import fc from 'fast-check';
import type { NodeAddress } from '../../../src/domain/node-address.js';
import type { Range, SearchOperator } from '../../../src/domain/search.js';
import type { Tag } from '../../../src/domain/tag.js';
import type { Thing } from '../../../src/domain/thing.js';

const names = [
  'A',
  'B',
  'AB',
  'LAT',
  'LON',
  'V',
  'R',
  'KEY',
  '__PROTO__',
  '__proto__',
  'constructor',
  'toString',
];
const texts = [
  '',
  'a',
  'b',
  'ab',
  'aab',
  'ba',
  'é',
  '\uffee',
  '\u{1f600}',
  '\u{1f600}b',
  '\u{1f601}',
  '__proto__',
];
const numbers = [-180.5, -90, -1, -0.5, 0, 0.5, 1, 1.2, 2, 59.3, 59.9, 60, 90, 180, 1e300];

const name = fc.constantFrom(...names);
const text = fc.constantFrom(...texts);
const number = fc.constantFrom(...numbers);
const degree = fc.integer({ min: -95, max: 95 });

const tag: fc.Arbitrary<Tag> = fc.oneof(
  fc.record({ name, value: text }),
  fc.record({ name, value: number }),
  fc.record({ name: fc.constantFrom('LAT', 'LON'), value: degree }),
);

const tags = fc.uniqueArray(tag, { selector: (each) => `${each.name} ${typeof each.value}`, maxLength: 7 });

/** Bare JIDs of things. */
export const accounts = ['a@x', 'b@x', 'c@x', 'd@y', '__proto__@x'];

/** A few accounts, some with nodes behind them. */
export const address: fc.Arbitrary<NodeAddress> = fc.record({
  jid: fc.constantFrom(...accounts),
  nodeId: fc.constantFrom('', '', '1', '2', 'a\u0000b', '__proto__'),
  sourceId: fc.constantFrom('', '', 's'),
  cacheType: fc.constantFrom('', '', 'c\u0001'),
});

/** Things of all kinds; most of them are findable. */
export const thing: fc.Arbitrary<Thing> = fc
  .record({
    address,
    tags,
    owner: fc.constantFrom('o@x', 'o@x', 'p@x', '__proto__', undefined),
    open: fc.constantFrom(true, true, true, false),
    removed: fc.constantFrom(false, false, false, true),
    generation: fc.constantFrom('xmpp', 'ieee', 'nf', 'nfi', 'siot'),
    hub: fc.constantFrom('hub.x', 'hub@x'),
  })
  .map(({ address: at, open, owner, removed, ...rest }) => ({
    ...at,
    ...rest,
    ...(owner === undefined ? {} : { owner }),
    public: open,
    ...(removed ? { removed } : {}),
    claimHash: 'none',
    registeredAt: 1,
  }));

function range<T>(value: fc.Arbitrary<T>): fc.Arbitrary<Range<T>> {
  return fc.record({ min: value, minIncluded: fc.boolean(), max: value, maxIncluded: fc.boolean() });
}

const mask = fc.string({ unit: fc.constantFrom('a', 'b', '*', '\u{1f600}'), maxLength: 5 });
const named = fc.oneof(
  { weight: 4, arbitrary: fc.record({ name: fc.constantFrom(...names, 'NONE') }) },
  {
    weight: 1,
    arbitrary: fc.record({ name: fc.constantFrom('LAT', 'LON'), nameWildcard: fc.constant('A') }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      name: fc.constantFrom('*', 'A*', '*A*', '*B', 'L*', 'KEY', 'K*', 'A', '*O*', 'NONE*'),
      nameWildcard: fc.constant('*'),
    }),
  },
);

const question = fc.oneof(
  fc.record({
    kind: fc.constantFrom('strEq', 'strNEq', 'strGt', 'strGtEq', 'strLt', 'strLtEq'),
    value: text,
  }),
  fc.record({
    kind: fc.constantFrom('numEq', 'numNEq', 'numGt', 'numGtEq', 'numLt', 'numLtEq'),
    value: fc.oneof(number, degree),
  }),
  fc.record({ kind: fc.constantFrom('strRange', 'strNRange'), range: range(text) }),
  fc.record({ kind: fc.constantFrom('numRange', 'numNRange'), range: range(fc.oneof(number, degree)) }),
  fc.record({ kind: fc.constant('strMask'), mask, wildcard: fc.constantFrom('*', 'b', '**') }),
  fc.record({
    kind: fc.constant('strRegEx'),
    expression: fc.constantFrom('a*', '(a|b)+', '.', '[^a]b?', 'a|ab'),
  }),
);

/** One operator; all kinds, all names. */
export const operator = fc
  .tuple(named, question)
  .map(([names, asked]) => ({ ...names, ...asked }) as SearchOperator);

const box = fc.tuple(range(degree), range(degree)).map(([latitude, longitude]): SearchOperator[] => [
  { name: 'LAT', kind: 'numRange', range: latitude },
  { name: 'LON', kind: 'numRange', range: longitude },
]);

/** What a search asks for. */
export const operators = fc.oneof(
  { weight: 4, arbitrary: fc.array(operator, { maxLength: 3 }) },
  { weight: 1, arbitrary: box },
);
