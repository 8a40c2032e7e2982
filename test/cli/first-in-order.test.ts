import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstInOrder } from '../../src/web/first-in-order.js';

describe('the first of many', () => {
  it('are those that a sort of all would bring first', () => {
    const items = fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 600 });
    fc.assert(
      fc.property(items, fc.integer({ min: 1, max: 40 }), (all, count) => {
        const keyOf = (item: number) => String(item).padStart(4, '0');
        const wanted = (item: number) => item % 3 !== 0;
        const sorted = all.filter(wanted).sort((a, b) => a - b);
        expect(firstInOrder(all, { wanted, keyOf, count })).toEqual({
          first: sorted.slice(0, count),
          more: sorted.length > count,
        });
      }),
    );
  });
});
