import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareText, matchesMask } from '../../src/domain/search.js';

describe('search operators [0347 table 2]', () => {
  it('compares strings by code points, not by UTF-16 units', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', '\ud83d', '\ude00', '\u{1f600}', '\u{1f601}', '\uffee'),
    });
    const points = (value: string) => Array.from(value, (character) => character.codePointAt(0) ?? 0);
    expect(compareText('\u{1f600}', '\uffee')).toBeGreaterThan(0);
    fc.assert(
      fc.property(text, text, (a, b) => {
        const [left, right] = [points(a), points(b)];
        const at = left.findIndex((point, i) => point !== right[i]);
        const expected = at < 0 ? left.length - right.length : (left[at] ?? 0) - (right[at] ?? -1);
        expect(Math.sign(compareText(a, b))).toBe(Math.sign(expected));
      }),
      { numRuns: 3000 },
    );
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
