import { describe, expect, it } from 'vitest';
import { type Due, DueQueue } from '../../src/discovery/mdns/due-queue.js';

/** The same numbers each time. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield state >> 8;
  }
}

describe('DueQueue', () => {
  it('gives the things in order, however they were put, moved and taken', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const queue = new DueQueue<Due>();
      const queued = new Set<Due>();
      const items = Array.from({ length: 60 }, (): Due => ({ due: 0, slot: -1 }));
      const random = numbers(seed);
      for (let step = 0; step < 600; step++) {
        const item = items[random.next().value % items.length];
        if (item === undefined) continue;
        if (random.next().value % 3 === 0) {
          queue.take(item);
          queued.delete(item);
        } else {
          item.due = random.next().value % 100;
          queue.put(item);
          queued.add(item);
        }
        expect(queue.size).toBe(queued.size);
        expect(queue.first?.due).toBe(
          queued.size === 0 ? undefined : Math.min(...[...queued].map(({ due }) => due)),
        );
      }
      const order: number[] = [];
      for (let first = queue.first; first !== undefined; first = queue.first) {
        order.push(first.due);
        queue.take(first);
      }
      expect(order).toEqual([...queued].map(({ due }) => due).sort((a, b) => a - b));
      expect(items.every(({ slot }) => slot === -1)).toBe(true);
    }
  });
});
