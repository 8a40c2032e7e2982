import type { Numbers } from './growing.js';
import type { RowList } from './row-list.js';
import { RowLists } from './row-lists.js';
import { RowPool } from './row-pool.js';

/** A closed range of degrees. */
export interface Degrees {
  readonly min: number;
  readonly max: number;
}

const LATITUDES = 181;
const LONGITUDES = 361;

/** Which rows lie in which field of one degree by one; what lies beyond the earth is counted to its edge. */
export class GeoGrid {
  private readonly pool = new RowPool();
  private readonly fields = new RowLists(this.pool);

  add(row: number, latitude: number, longitude: number): void {
    this.fields.add(fieldOf(latitude, longitude), row);
  }

  /** Puts rows into the empty grid: those that have both. */
  fill(latitudes: Numbers, longitudes: Numbers): void {
    const ids = new Uint32Array(Math.min(latitudes.length, longitudes.length));
    for (let row = 0; row < ids.length; row++) {
      const latitude = latitudes[row] ?? Number.NaN;
      const longitude = longitudes[row] ?? Number.NaN;
      if (!Number.isNaN(latitude) && !Number.isNaN(longitude)) ids[row] = fieldOf(latitude, longitude);
    }
    this.fields.fill(LATITUDES * LONGITUDES + 1, ids, undefined);
  }

  remove(row: number, latitude: number, longitude: number): void {
    this.fields.remove(fieldOf(latitude, longitude), row);
  }

  /**
   * The rows of all fields that a box touches, among them all rows that are in the box; `undefined` if it touches more
   * than `most` fields.
   */
  around(latitude: Degrees, longitude: Degrees, most: number): readonly RowList[] | undefined {
    const lists: RowList[] = [];
    const [south, north] = [band(latitude.min, 90, LATITUDES), band(latitude.max, 90, LATITUDES)];
    const [west, east] = [band(longitude.min, 180, LONGITUDES), band(longitude.max, 180, LONGITUDES)];
    if ((north - south + 1) * (east - west + 1) > most) return undefined;
    for (let y = south; y <= north; y++) {
      for (let x = west; x <= east; x++) {
        if (this.fields.count(field(y, x)) > 0) lists.push(this.fields.list(field(y, x)));
      }
    }
    return lists;
  }
}

function band(degrees: number, zero: number, bands: number): number {
  return Math.min(Math.max(Math.floor(degrees) + zero, 0), bands - 1);
}

function fieldOf(latitude: number, longitude: number): number {
  return field(band(latitude, 90, LATITUDES), band(longitude, 180, LONGITUDES));
}

/** From 1 on. */
function field(y: number, x: number): number {
  return y * LONGITUDES + x + 1;
}
