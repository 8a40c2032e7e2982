import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matches, matchesMask, type SearchOperator } from '../../src/domain/search.js';
import type { Tag } from '../../src/domain/tag.js';

const tags: readonly Tag[] = [
  { name: 'SN', value: '394872348732948723' },
  { name: 'MAN', value: 'www.ktc.se' },
  { name: 'V', value: 1.2 },
  { name: 'KEY', value: 'secret' },
];

const finds = (operator: SearchOperator) => matches([operator], tags);
const range = (min: number, max: number, minIncluded = true, maxIncluded = true) => ({
  min,
  max,
  minIncluded,
  maxIncluded,
});

describe('search operators [0347 table 2]', () => {
  it.each<[SearchOperator, boolean]>([
    [{ kind: 'strEq', name: 'MAN', value: 'www.ktc.se' }, true],
    [{ kind: 'strEq', name: 'MAN', value: 'WWW.KTC.SE' }, false],
    [{ kind: 'strNEq', name: 'MAN', value: 'x' }, true],
    [{ kind: 'strGt', name: 'MAN', value: 'www' }, true],
    [{ kind: 'strGtEq', name: 'MAN', value: 'www.ktc.se' }, true],
    [{ kind: 'strLt', name: 'MAN', value: 'www.ktc.se' }, false],
    [{ kind: 'strLtEq', name: 'MAN', value: 'www.ktc.se' }, true],
    [{ kind: 'strMask', name: 'SN', mask: '39487*', wildcard: '*' }, true],
    [{ kind: 'numEq', name: 'V', value: 1.2 }, true],
    [{ kind: 'numNEq', name: 'V', value: 1.2 }, false],
    [{ kind: 'numGt', name: 'V', value: 1.2 }, false],
    [{ kind: 'numGtEq', name: 'V', value: 1.2 }, true],
    [{ kind: 'numLt', name: 'V', value: 2 }, true],
    [{ kind: 'numLtEq', name: 'V', value: 1 }, false],
    [{ kind: 'numRange', name: 'V', range: range(1, 1.2, true, false) }, false],
    [{ kind: 'numRange', name: 'V', range: range(1, 1.2) }, true],
    [{ kind: 'numNRange', name: 'V', range: range(1, 2) }, false],
    [{ kind: 'numNRange', name: 'V', range: range(1.2, 2, true, false) }, true],
    [{ kind: 'numEq', name: 'SN', value: 3948 }, false],
    [{ kind: 'strEq', name: 'NONE', value: '' }, false],
    [{ kind: 'strNEq', name: 'NONE', value: '' }, false],
    [{ kind: 'strEq', name: 'KEY', value: 'secret' }, false],
    [{ kind: 'strNEq', name: 'KEY', value: 'x' }, false],
  ])('%j: %s', (operator, expected) => {
    expect(finds(operator)).toBe(expected);
  });

  it('compares strings by code points, not by UTF-16 units', () => {
    const astral = [{ name: 'A', value: '\u{1f600}' }];
    expect(matches([{ kind: 'strGt', name: 'A', value: '\uffee' }], astral)).toBe(true);
  });

  it('masks as a simple model does', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 12 });
    fc.assert(
      fc.property(text, text, (value, mask) => {
        const model = new RegExp(`^${mask.split('*').join('.*')}$`, 's');
        expect(matchesMask(value, mask, '*')).toBe(model.test(value));
      }),
      { numRuns: 3000 },
    );
  });

  it('abuse 30: fourteen wildcards over sixty characters cost nothing', () => {
    const mask = `${'*a'.repeat(14)}*b`;
    let found = 0;
    for (let i = 0; i < 20_000; i++) found += Number(matchesMask('a'.repeat(60), mask, '*'));
    expect(found).toBe(0);
  });
});
