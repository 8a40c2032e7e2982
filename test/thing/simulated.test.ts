import { describe, expect, it } from 'vitest';
import { simulatedKinds } from '../../src/thing/simulated/kinds.js';
import { temperatureAt } from '../../src/thing/simulated/temperature.js';

describe('simulated things', () => {
  it('has a thermometer and a lamp', () => {
    expect([...simulatedKinds.keys()]).toEqual(['temperature', 'lamp']);
  });

  it('is warmest in the afternoon', () => {
    expect(temperatureAt(Date.UTC(2026, 5, 1, 15))).toBeCloseTo(24);
    expect(temperatureAt(Date.UTC(2026, 5, 2, 3))).toBeCloseTo(18);
  });
});
