import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInRange, readAddress, readRange } from '../../src/domain/credential-network.js';

const octets = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 4, maxLength: 4 });
const groups = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 });
const write4 = (values: readonly number[]) => values.join('.');
const write6 = (values: readonly number[]) => values.map((value) => value.toString(16)).join(':');

/** All bits as text, which is easy to compare. */
const bits = (values: readonly number[], width: number) =>
  values.map((value) => value.toString(2).padStart(width, '0')).join('');

/** The address with all bits after the prefix cleared. */
function base(values: readonly number[], width: number, prefix: number): number[] {
  const text = bits(values, width)
    .slice(0, prefix)
    .padEnd(values.length * width, '0');
  return values.map((_, at) => Number.parseInt(text.slice(at * width, (at + 1) * width), 2));
}

/** An address that shares so many bits with another, more or less. */
const near = (values: readonly number[], width: number, flip: number) => {
  const text = [...bits(values, width)];
  text[flip] = text[flip] === '0' ? '1' : '0';
  return values.map((_, at) => Number.parseInt(text.slice(at * width, (at + 1) * width).join(''), 2));
};

function contains(address: string, range: string): boolean | undefined {
  const [a, r] = [readAddress(address), readRange(range)];
  return a && r && isInRange(a, r);
}

describe('ranges of addresses', () => {
  it.each([
    ['IPv4', octets, 8, 32, write4],
    ['IPv6', groups, 16, 128, write6],
  ] as const)('of %s hold what shares their first bits', (_, values, width, length, write) => {
    fc.assert(
      fc.property(
        values,
        values,
        fc.nat(length),
        fc.nat(length - 1),
        fc.boolean(),
        (one, other, prefix, flip, close) => {
          const asked = close ? near(one, width, flip) : other;
          const range = `${write(base(one, width, prefix))}/${prefix}`;
          const expected = bits(asked, width).startsWith(bits(one, width).slice(0, prefix));
          // Some values of IPv6 stand for IPv4.
          if (width === 16 && (isMapped(one) || isMapped(asked))) return;
          expect(contains(write(asked), range)).toBe(expected);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('are read with groups left out', () => {
    fc.assert(
      fc.property(groups, fc.nat(7), fc.nat(7), (values, a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const zeros = values.map((value, at) => (at >= from && at <= to ? 0 : value));
        const short = `${write6(zeros.slice(0, from))}::${write6(zeros.slice(to + 1))}`;
        expect(readAddress(short)).toEqual(readAddress(write6(zeros)));
      }),
    );
  });

  it('take IPv4 in the clothes of IPv6 for IPv4: no denial is passed by it', () => {
    expect(readAddress('::ffff:10.0.0.1')).toEqual(readAddress('10.0.0.1'));
    expect(readAddress('::FFFF:0a00:0001')).toEqual(readAddress('10.0.0.1'));
    expect(contains('::ffff:10.1.2.3', '10.0.0.0/8')).toBe(true);
    expect(contains('10.1.2.3', '::ffff:10.0.0.0/104')).toBe(true);
    expect(contains('10.1.2.3', '::/0')).toBe(false);
  });

  it('are refused where they are malformed, or where bits are set behind the prefix', () => {
    const addresses = ['', '1.2.3', '1.2.3.4.5', '01.2.3.4', '256.1.1.1', '1.2.3.4 ', ':', ':::', '1::2::3'];
    for (const text of [...addresses, '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '::12345', '1:2:3:4:5:6:7::8'])
      expect(readAddress(text), text).toBeUndefined();
    for (const text of ['fe80::1%eth0', '1.2.3.4::', '::1.2.3', 'g::', '1'.repeat(100_000)])
      expect(readAddress(text), text.slice(0, 20)).toBeUndefined();
    for (const text of ['10.0.0.1/8', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/08', '/8', '::ffff:0.0.0.0/95'])
      expect(readRange(text), text).toBeUndefined();
    expect(readRange('10.0.0.1')?.prefix).toBe(32);
  });
});

function isMapped(values: readonly number[]): boolean {
  return values.slice(0, 5).every((value) => value === 0) && values[5] === 0xffff;
}
