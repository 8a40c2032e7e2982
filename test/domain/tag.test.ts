import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HubError } from '../../src/domain/errors.js';
import {
  canonicalTags,
  numberValue,
  publicTags,
  stringValue,
  type Tag,
  tagName,
  tagSet,
} from '../../src/domain/tag.js';

const code = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    return error instanceof HubError ? error.code : String(error);
  }
  return 'accepted';
};

describe('tags [0347 5]', () => {
  const bad = ['', 'a:b', 'a#b', 'a b', 'a\tb', 'a\u0000b', 'x'.repeat(33), 'ß'.repeat(17)];
  it.each(bad)('refuses the name %j', (name) => {
    expect(code(() => tagName(name, 32))).toBe('bad-request');
  });

  it('names compare without case', () => {
    expect(tagName('Sn', 32)).toBe('SN');
  });

  it.each(['NaN', 'INF', 'Infinity', '1e400', '0x10', '1,5', '', ' 1', '1 ', '--1', '.', '1e', 'one'])(
    'abuse 31: refuses the number %j',
    (text) => {
      expect(code(() => numberValue(text))).toBe('bad-request');
    },
  );

  it.each([
    ['1', 1],
    ['1.0', 1],
    ['-71.519722', -71.519722],
    ['+2', 2],
    ['.5', 0.5],
    ['1e3', 1000],
    ['-0', 0],
  ])('reads %s as %d', (text, value) => {
    expect(Object.is(numberValue(text), value)).toBe(true);
  });

  it('refuses a value of 129 characters and a name that comes twice', () => {
    expect(stringValue('x'.repeat(128))).toHaveLength(128);
    expect(code(() => stringValue('x'.repeat(129)))).toBe('bad-request');
    expect(
      code(() =>
        tagSet([
          { name: 'A', value: '1' },
          { name: 'A', value: 1 },
        ]),
      ),
    ).toBe('bad-request');
  });

  it('a claim matches the same set in any order, and nothing else', () => {
    const tag = fc.record<Tag>({
      name: fc.constantFrom('A', 'B', 'C', 'KEY'),
      value: fc.oneof(fc.constantFrom('1', '2', ''), fc.constantFrom(1, 2)),
    });
    const set = fc.uniqueArray(tag, { selector: ({ name }) => name });
    const key = (tags: readonly Tag[]) => JSON.stringify([...tags].map((t) => [t.name, t.value]).sort());
    fc.assert(
      fc.property(set, set, (one, other) => {
        expect(canonicalTags([...one].reverse())).toBe(canonicalTags(one));
        expect(canonicalTags(one) === canonicalTags(other)).toBe(key(one) === key(other));
      }),
    );
  });

  it('the text of a claim stays the same in all versions: hashes of it lie on the disk', () => {
    const tags = [
      { name: 'SN', value: '1' },
      { name: 'AB', value: 'x' },
      { name: 'A', value: 'z' },
      { name: 'R', value: 'hub.pronto.local' },
      { name: 'A-B', value: 2.5 },
      { name: 'a', value: '' },
    ];
    expect(canonicalTags(tags)).toBe(
      'A\u0000$z\u0001A-B\u0000#2.5\u0001AB\u0000$x\u0001SN\u0000$1\u0001a\u0000$',
    );
  });

  it('R is no part of a claim; KEY is no part of what others see', () => {
    const tags = [
      { name: 'SN', value: '1' },
      { name: 'R', value: 'hub.pronto.local' },
    ];
    expect(canonicalTags(tags)).toBe(canonicalTags(tags.slice(0, 1)));
    expect(publicTags([{ name: 'KEY', value: 'x' }, ...tags])).toEqual(tags);
  });
});
