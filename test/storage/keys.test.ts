import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterPrefix, compareKeys } from '../../src/storage/key-order.js';
import * as keys from '../../src/storage/keys.js';
import { joinKey, splitKey } from '../../src/storage/table.js';

const nasty = fc.constantFrom(
  '',
  '\u0000',
  '\u0001',
  '\u0002',
  '\u0001\u0001',
  '\u0001\u0002',
  '\u00ff',
  '!',
);
const part = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.array(nasty, { maxLength: 6 }).map((parts) => parts.join('')),
  fc.constant('x'.repeat(1024)),
);
const parts = fc.array(part, { minLength: 1, maxLength: 5 });
const address = fc.record({ jid: part, sourceId: part, nodeId: part, cacheType: part });
const kind = fc.constantFrom('is-friend', 'can-read', 'can-control') as fc.Arbitrary<never>;
const seq = fc.nat({ max: Number.MAX_SAFE_INTEGER });

const bytes = (text: string): Buffer => Buffer.from(text, 'utf8');
const startsWith = (whole: readonly string[], begin: readonly string[]): boolean =>
  begin.every((text, i) => whole[i] === text);

describe('keys', () => {
  it('abuse 39: round trip exact, whatever the parts hold', () => {
    fc.assert(
      fc.property(parts, (some) => {
        expect(splitKey(joinKey(some))).toEqual(some);
      }),
    );
  });

  it('abuse 39: ranges never overlap: what lies under some parts begins with exactly these parts', () => {
    fc.assert(
      fc.property(parts, parts, (begin, other) => {
        const under = bytes(joinKey(other)).subarray(0, bytes(`${joinKey(begin)}\u0000`).length);
        const inRange = under.equals(bytes(`${joinKey(begin)}\u0000`));
        expect(inRange).toBe(other.length > begin.length && startsWith(other, begin));
      }),
    );
  });

  it('abuse 39: every table reads its own keys back', () => {
    const round = <K>(table: { encode(key: K): string; decode(text: string): K }, key: K): void =>
      expect(table.decode(table.encode(key))).toEqual(key);
    fc.assert(
      fc.property(address, part, part, kind, seq, (thing, one, two, ruleKind, number) => {
        round(keys.things, thing);
        round(keys.rules, { thing, kind: ruleKind, id: one });
        round(keys.questions, { thing, caller: one, kind: ruleKind });
        round(keys.rosters, { account: one, jid: two });
        round(keys.accounts, one);
        round(keys.claims, { hash: one, owner: two, thing });
        round(keys.notices, number);
        round(keys.audits, number);
      }),
    );
  });

  it('order numbers as numbers', () => {
    fc.assert(
      fc.property(seq, seq, (a, b) => {
        expect(Math.sign(compareKeys(keys.audits.encode(a), keys.audits.encode(b)))).toBe(Math.sign(a - b));
      }),
    );
  });

  it('have no prefix that begins another, and none of the store’s own', () => {
    const prefixes = [...keys.tables.map(({ prefix }) => prefix), 'm!', 's!'];
    expect(new Set(prefixes).size).toBe(prefixes.length);
    for (const prefix of prefixes) expect(prefix).toMatch(/^[a-z]!$/);
  });
});

describe('the order of keys', () => {
  const text = fc.string({ unit: 'binary', maxLength: 8 });

  it('is that of their UTF-8 bytes', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareKeys(a, b))).toBe(Buffer.compare(bytes(a), bytes(b)));
      }),
    );
  });

  it('has exactly the keys that begin with a prefix before its end', () => {
    fc.assert(
      fc.property(text, text, (prefix, key) => {
        const end = afterPrefix(prefix);
        const within = compareKeys(key, prefix) >= 0 && (end === undefined || compareKeys(key, end) < 0);
        expect(within).toBe(key.startsWith(prefix));
        expect(compareKeys(`${prefix}${key}`, end ?? '\u{10ffff}'.repeat(99))).toBeLessThan(0);
      }),
    );
  });
});
