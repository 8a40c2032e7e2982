import { describe, expect, it } from 'vitest';
import { SystemRandom } from '../../src/system/random.js';
import { Backoff } from '../../src/thing/backoff.js';

describe('the pauses between tries', () => {
  it('grow up to five minutes, never alike, and begin anew after a success', () => {
    const backoff = new Backoff(new SystemRandom());
    for (let ceiling = 2_000; ceiling < 10_000_000; ceiling *= 2) {
      const wait = backoff.next();
      expect(wait).toBeLessThanOrEqual(Math.min(ceiling, 300_000));
      expect(wait).toBeGreaterThanOrEqual(Math.min(ceiling, 300_000) / 4);
    }
    backoff.reset();
    expect(backoff.next()).toBeLessThanOrEqual(2_000);
  });
});
