import { describe, expect, it } from 'vitest';
import { shortenFingerprints } from '../../src/cli/fingerprint.js';
import { quoted } from '../../src/cli/quoted.js';
import { whatWords } from '../../src/cli/rule-words.js';
import { categories } from '../../src/domain/access.js';
import { formatCategories, readCategories } from '../../src/domain/category-words.js';
import { formatDaily, readDaily } from '../../src/domain/daily-part.js';

describe('categories', () => {
  it('are read in the order of answers; historical stands for all that begin so', () => {
    expect(readCategories(['status', 'momentary', 'status'])).toEqual(['momentary', 'status']);
    expect(readCategories(['historical'])).toHaveLength(9);
    expect(readCategories(['historicalDay', 'historical'])).toHaveLength(9);
    expect(() => readCategories(['Momentary'])).toThrow('Did you mean "momentary"?');
    expect(() => readCategories(['__proto__'])).toThrow('is no category');
  });

  it('are said as they are read', () => {
    expect(formatCategories(categories)).toBe('momentary, peak, status, computed, identity, historical');
    expect(formatCategories(['peak', 'historicalDay'])).toBe('peak, historicalDay');
    for (const category of categories)
      expect(readCategories([formatCategories([category])])).toEqual([category]);
  });
});

describe('parts of a day', () => {
  it('are read and said, over midnight too', () => {
    expect(readDaily('8:00-18:30')).toEqual({ from: 480, to: 1110 });
    expect(formatDaily(readDaily('22:00-06:00'))).toBe('22:00-06:00');
    expect(readDaily('18:00-24:00')).toEqual({ from: 1080, to: 0 });
    for (const wrong of ['8-18', '24:00-06:00', '08:60-09:00', '08:00–18:00', '08:00-24:01', ''])
      expect(() => readDaily(wrong)).toThrow('Write it as 08:00-18:00.');
    expect(() => readDaily('00:00-24:00')).toThrow('The whole day needs no times.');
  });
});

describe('words', () => {
  it('for a shell are quoted where they must be', () => {
    expect(['lamp@home.local', 'a#b', "it's", '$(x)', ''].map(quoted)).toEqual([
      'lamp@home.local',
      "'a#b'",
      "'it'\\''s'",
      "'$(x)'",
      "''",
    ]);
  });

  it('say what of a thing', () => {
    expect(whatWords({ kind: 'read' })).toBe('read');
    expect(whatWords({ kind: 'read', categories: ['momentary'] })).toBe('read momentary fields of');
    expect(whatWords({ kind: 'read', names: ['A'], categories: ['momentary'] })).toBe(
      'read A (momentary) of',
    );
    expect(whatWords({ kind: 'read', categories })).toBe('read');
    expect(whatWords({ kind: 'read', names: ['A'], categories })).toBe('read A of');
    expect(whatWords({ kind: 'control', names: ['A', 'B'] })).toBe('control A, B of');
    expect(whatWords({ kind: 'friend' })).toBe('be friends with');
  });

  it('shorten fingerprints and nothing else', () => {
    const fingerprint = 'ab'.repeat(32);
    expect(shortenFingerprints(`about ${fingerprint}: done, ${'c'.repeat(20)}`)).toBe(
      `about abababababababab…: done, ${'c'.repeat(20)}`,
    );
    expect(shortenFingerprints(`${fingerprint}ab`)).toBe(`${fingerprint}ab`);
  });
});
