/** A place on Earth, in degrees: latitude north of the equator, longitude east of Greenwich (WGS 84). */
export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

/** What lies between two parallels and two meridians; over 180° where `west` is greater than `east`. */
export interface Box {
  readonly south: number;
  readonly west: number;
  readonly north: number;
  readonly east: number;
}

/** What lies within a distance of a place. */
export interface Circle extends Place {
  readonly metres: number;
}

/** Mean radius of the Earth, in metres. */
const RADIUS = 6_371_008.8;

/** Whether these can be degrees of a place. */
export function isPlace({ latitude, longitude }: Place): boolean {
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
}

/** Whether a place lies in a box; its edges are part of it. The meridians of 180° west and east are one. */
export function isInBox({ latitude, longitude }: Place, { south, west, north, east }: Box): boolean {
  if (latitude < south || latitude > north) return false;
  const between = (degrees: number) =>
    west <= east ? west <= degrees && degrees <= east : west <= degrees || degrees <= east;
  return between(longitude) || (Math.abs(longitude) === 180 && between(-longitude));
}

/** Whether a place is no farther from the centre than the circle says. */
export function isInCircle(place: Place, circle: Circle): boolean {
  return distance(place, circle) <= circle.metres;
}

/** Along a great circle, in metres: the haversine formula. */
export function distance(a: Place, b: Place): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const haversine = (angle: number) => Math.sin(angle / 2) ** 2;
  const h =
    haversine(radians(b.latitude - a.latitude)) +
    Math.cos(radians(a.latitude)) *
      Math.cos(radians(b.latitude)) *
      haversine(radians(b.longitude - a.longitude));
  return 2 * RADIUS * Math.asin(Math.min(1, Math.sqrt(h)));
}
