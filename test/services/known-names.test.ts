import { describe, expect, it } from 'vitest';
import { KnownNames } from '../../src/services/provisioning/known-names.js';

const names = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);

describe('names that requests mentioned', () => {
  it('are known of the device and the kind that they came with', () => {
    const known = new KnownNames(() => true);
    known.note('lamp@pronto.local', 'read', ['Power', 'Power', '__proto__']);
    expect(known.of('lamp@pronto.local', 'read')).toEqual(['Power', '__proto__']);
    expect(known.of('lamp@pronto.local', 'control')).toEqual([]);
    expect(known.of('meter@pronto.local', 'read')).toEqual([]);
  });

  it('abuse 47: are kept of things alone, and so many of each, and in all', () => {
    const known = new KnownNames((device) => !device.startsWith('stray'));
    known.note('stray@pronto.local', 'read', ['Power']);
    expect(known.of('stray@pronto.local', 'read')).toEqual([]);
    let all = 0;
    for (let i = 0; i < 2000; i++) {
      known.note(`lamp${i}@pronto.local`, 'read', names('Field', 1000));
      const kept = known.of(`lamp${i}@pronto.local`, 'read').length;
      expect(kept).toBeLessThanOrEqual(200);
      all += kept;
    }
    expect(all).toBe(100_000);
  });
});
