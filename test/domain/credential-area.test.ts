import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distance, isInBox, isInCircle, type Place } from '../../src/domain/credential-area.js';

const latitude = fc.oneof(fc.integer({ min: -90, max: 90 }), fc.double({ min: -90, max: 90, noNaN: true }));
const longitude = fc.oneof(
  fc.integer({ min: -18, max: 18 }).map((tens) => tens * 10),
  fc.double({ min: -180, max: 180, noNaN: true }),
);
const place = fc.record({ latitude, longitude });

/** The straight way through the Earth, bent onto its surface. */
function modelDistance(a: Place, b: Place): number {
  const vector = ({ latitude: north, longitude: east }: typeof a) => {
    const [phi, lambda] = [(north * Math.PI) / 180, (east * Math.PI) / 180];
    return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)] as const;
  };
  const [u, v] = [vector(a), vector(b)];
  const chord = Math.hypot(u[0] - v[0], u[1] - v[1], u[2] - v[2]);
  return 2 * 6_371_008.8 * Math.asin(Math.min(1, chord / 2));
}

/** A box laid out from its western edge on, over as many turns as it takes. */
function modelBox(longitudeAsked: number, west: number, east: number): boolean {
  const end = east < west ? east + 360 : east;
  return [-360, 0, 360].some((turn) => west <= longitudeAsked + turn && longitudeAsked + turn <= end);
}

describe('areas', () => {
  it('that are boxes hold what lies between their edges, over the meridian of 180° too', () => {
    fc.assert(
      fc.property(place, latitude, latitude, longitude, longitude, (asked, a, b, west, east) => {
        const [south, north] = [Math.min(a, b), Math.max(a, b)];
        const inside = south <= asked.latitude && asked.latitude <= north;
        // Turning by 360° rounds what is hardly beside an edge onto it.
        const edge = [west, east].some((degrees) => {
          const beside = Math.abs(Math.abs(degrees - asked.longitude) % 360);
          return beside !== 0 && Math.min(beside, 360 - beside) < 1e-9;
        });
        if (edge) return;
        expect(isInBox(asked, { south, west, north, east })).toBe(
          inside && modelBox(asked.longitude, west, east),
        );
      }),
      { numRuns: 3000 },
    );
  });

  it('that are circles hold what is no farther than their radius', () => {
    fc.assert(
      fc.property(place, place, fc.double({ min: 0, max: 2.1e7, noNaN: true }), (asked, centre, metres) => {
        const far = modelDistance(asked, centre);
        expect(Math.abs(distance(asked, centre) - far)).toBeLessThan(1);
        if (Math.abs(far - metres) > 1) expect(isInCircle(asked, { ...centre, metres })).toBe(far <= metres);
      }),
      { numRuns: 3000 },
    );
  });

  it('measure metres', () => {
    const stockholm = { latitude: 59.3293, longitude: 18.0686 };
    const uppsala = { latitude: 59.8586, longitude: 17.6389 };
    expect(Math.round(distance(stockholm, uppsala) / 1000)).toBe(64);
    expect(isInCircle(stockholm, { ...stockholm, metres: 0 })).toBe(true);
  });
});
