import { describe, expect, it } from 'vitest';
import { columns, table } from '../../src/cli/columns.js';
import { readableSpan, readableTime } from '../../src/cli/readable-time.js';

describe('tables', () => {
  it('align, also with wide and combining characters', () => {
    expect(
      columns([
        ['a', 'x'],
        ['灯', 'y'],
        ['e\u0301', 'z'],
      ]),
    ).toEqual(['a   x', '灯  y', 'e\u0301   z']);
    expect(table(['NAME', 'WHAT'], [['lamp', '']])).toBe('NAME  WHAT\nlamp\n');
  });

  it('abuse 69: tags of strangers cannot steer the terminal', () => {
    expect(columns([['\u001b[2J\nroot', 'x']])).toEqual(['\\u{1b}[2J\\u{a}root  x']);
  });
});

describe('times', () => {
  it('say no more than it takes', () => {
    const now = new Date(2026, 10, 21, 12, 0, 0).getTime();
    const at = (...parts: [number, number, number, number, number]) => new Date(...parts).toISOString();
    expect(readableTime(at(2026, 10, 21, 5, 7), now)).toBe('05:07:00');
    expect(readableTime(at(2026, 2, 1, 5, 7), now)).toBe('1 Mar 05:07');
    expect(readableTime(at(2025, 11, 31, 23, 59), now)).toBe('2025-12-31 23:59');
    expect(readableTime('never', now)).toBe('never');
  });

  it('spans come in their largest unit', () => {
    expect([500, 1000, 61_000, 7_200_000, 864_000_000].map(readableSpan)).toEqual([
      'a moment',
      '1 second',
      '1 minute',
      '2 hours',
      '10 days',
    ]);
  });
});
