import { describe, expect, it } from 'vitest';
import { energyBetween, powerAt } from '../../src/thing/simulated/concentrator.js';
import { simulatedKinds } from '../../src/thing/simulated/kinds.js';
import { temperatureAt } from '../../src/thing/simulated/temperature.js';

describe('simulated things', () => {
  it('has a thermometer, a lamp and a concentrator', () => {
    expect([...simulatedKinds.keys()]).toEqual(['temperature', 'lamp', 'concentrator']);
  });

  it('has a meter whose energy is what its power amounts to', () => {
    const noon = Date.UTC(2026, 5, 1, 12);
    expect(powerAt(Date.UTC(2026, 5, 1, 18))).toBeCloseTo(650);
    expect(energyBetween(noon, noon + 86_400_000)).toBeCloseTo(9.6);
    const minute = energyBetween(noon, noon + 60_000);
    expect(minute * 60_000).toBeCloseTo(powerAt(noon + 30_000), 0);
  });

  it('is warmest in the afternoon', () => {
    expect(temperatureAt(Date.UTC(2026, 5, 1, 15))).toBeCloseTo(24);
    expect(temperatureAt(Date.UTC(2026, 5, 2, 3))).toBeCloseTo(18);
  });
});
