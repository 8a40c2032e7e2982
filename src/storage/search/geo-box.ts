import type { SearchOperator } from '../../domain/search.js';
import type { Degrees } from './geo-grid.js';

/** The names of the tags that say where a thing is, in degrees [0347 5]. */
export const LATITUDE = 'LAT';
export const LONGITUDE = 'LON';

/** The box in which things must lie for the operators to hold, if they bound both degrees. */
export function geoBox(
  operators: readonly SearchOperator[],
): { readonly latitude: Degrees; readonly longitude: Degrees } | undefined {
  const latitude = boundsOf(operators, LATITUDE);
  const longitude = boundsOf(operators, LONGITUDE);
  return isBounded(latitude) && isBounded(longitude) ? { latitude, longitude } : undefined;
}

function boundsOf(operators: readonly SearchOperator[], name: string): Degrees {
  let min = Number.NEGATIVE_INFINITY;
  let max = Number.POSITIVE_INFINITY;
  for (const operator of operators) {
    if (operator.name !== name || operator.nameWildcard !== undefined) continue;
    if (operator.kind === 'numRange') {
      min = Math.max(min, operator.range.min);
      max = Math.min(max, operator.range.max);
    } else if (operator.kind === 'numEq') {
      min = Math.max(min, operator.value);
      max = Math.min(max, operator.value);
    } else if (operator.kind === 'numGt' || operator.kind === 'numGtEq') min = Math.max(min, operator.value);
    else if (operator.kind === 'numLt' || operator.kind === 'numLtEq') max = Math.min(max, operator.value);
  }
  return { min, max };
}

function isBounded({ min, max }: Degrees): boolean {
  return Number.isFinite(min) || Number.isFinite(max);
}
