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

  it.each([
    [20, 5],
    [1000, 12.5],
  ])('is when nobody has come for a quarter of the last sync, %i ms, or for 12.5 ms', (sync, pause) => {
    const { gathering, left, clock } = scene();
    gathering.committed(64, sync, 0);
    gathering.begin(1);
    clock.advance(pause - 1);
    gathering.arrived(2);
    clock.advance(pause - 0.25);
    expect(left()).toBe(0);
    clock.advance(0.25);
    expect(left()).toBe(1);
    expect(clock.waiting()).toEqual([]);
  });

  it.each([
    [20, 10],
    [1000, 25],
  ])('is after half of the last sync, %i ms, or after 25 ms, while they keep coming', (sync, longest) => {
    const { gathering, left, clock } = scene();
    gathering.committed(64, sync, 0);
    gathering.begin(1);
    for (let count = 2; count <= longest; count++) {
      clock.advance(1);
      gathering.arrived(count);
    }
    expect(left()).toBe(0);
    clock.advance(1);
    expect(left()).toBe(1);
  });

  it('is at once when that time is over before anybody comes', () => {
    const { gathering, left, clock } = scene();
    gathering.committed(64, 20, 0);
    clock.advance(10);
    gathering.begin(1);
    expect(left()).toBe(1);
  });
});
