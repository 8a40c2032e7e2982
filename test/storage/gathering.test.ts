import { describe, expect, it } from 'vitest';
import { Gathering } from '../../src/storage/gathering.js';
import { ManualClock } from '../world/manual-clock.js';

function scene(): { clock: ManualClock; gathering: Gathering; left: () => number } {
  const clock = new ManualClock();
  let count = 0;
  const gathering = new Gathering(clock, () => {
    count += 1;
  });
  return { clock, gathering, left: () => count };
}

describe('when a batch goes to the disk', () => {
  it('is at once for the first, and after a single caller', () => {
    const { gathering, left } = scene();
    gathering.begin(1);
    expect(left()).toBe(1);
    gathering.committed(1, 20, 0);
    gathering.begin(1);
    expect(left()).toBe(2);
  });

  it('is when as many callers are there as before', () => {
    const { gathering, left, clock } = scene();
    gathering.committed(2, 20, 1);
    gathering.begin(1);
    gathering.arrived(2);
    expect(left()).toBe(0);
    gathering.arrived(3);
    gathering.arrived(4);
    expect(left()).toBe(1);
    expect(clock.waiting()).toEqual([]);
  });

  it('is after half of the last sync at the latest, and never after more than 25 ms', () => {
    for (const [sync, wait] of [
      [20, 10],
      [1000, 25],
    ] as const) {
      const { gathering, left, clock } = scene();
      gathering.committed(64, sync, 0);
      gathering.begin(1);
      clock.advance(wait - 1);
      expect(left()).toBe(0);
      clock.advance(1);
      expect(left()).toBe(1);
    }
  });

  it('is at once when that time is over before anybody comes', () => {
    const { gathering, left, clock } = scene();
    gathering.committed(64, 20, 0);
    clock.advance(10);
    gathering.begin(1);
    expect(left()).toBe(1);
  });
});
