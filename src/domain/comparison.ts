import { compareText, type NamedTags, type SearchOperator } from './search.js';

/** The six ways to compare a tag with a value, as people and search URIs write them. */
export const comparisons = ['=', '<>', '<', '<=', '>', '>='] as const;

/** One of them. */
export type Comparison = (typeof comparisons)[number];

const TEXT = {
  '=': 'strEq',
  '<>': 'strNEq',
  '<': 'strLt',
  '<=': 'strLtEq',
  '>': 'strGt',
  '>=': 'strGtEq',
} as const;

const NUMBER = {
  '=': 'numEq',
  '<>': 'numNEq',
  '<': 'numLt',
  '<=': 'numLtEq',
  '>': 'numGt',
  '>=': 'numGtEq',
} as const;

/** The operator that compares these tags so with a value: a text operator for a text, otherwise one for numbers. */
export function comparing(named: NamedTags, comparison: Comparison, value: string | number): SearchOperator {
  return typeof value === 'string'
    ? { kind: TEXT[comparison], ...named, value }
    : { kind: NUMBER[comparison], ...named, value };
}

/** How an operator that has one value compares; `undefined` for the others. */
export function comparisonOf(operator: SearchOperator): Comparison | undefined {
  return comparisons.find((sign) => TEXT[sign] === operator.kind || NUMBER[sign] === operator.kind);
}

/** One end of a range. */
export interface Bound<T = string | number> {
  readonly value: T;
  /** Whether the value itself is part of the range. */
  readonly included: boolean;
}

/**
 * The operator for values between two bounds, or for those outside. A bound that is part of the range is not outside
 * [0347 table 2]. Both bounds are texts or both numbers, which the caller has seen to.
 */
export function between(named: NamedTags, lower: Bound, upper: Bound, outside: boolean): SearchOperator {
  const ends = { minIncluded: lower.included, maxIncluded: upper.included };
  if (typeof lower.value === 'number')
    return {
      kind: outside ? 'numNRange' : 'numRange',
      ...named,
      range: { min: lower.value, max: Number(upper.value), ...ends },
    };
  return {
    kind: outside ? 'strNRange' : 'strRange',
    ...named,
    range: { min: lower.value, max: String(upper.value), ...ends },
  };
}

/** Whether `a` is not above `b`: numbers by size, texts by their code points. */
export function inOrder(a: string | number, b: string | number): boolean {
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b) <= 0;
  return Number(a) <= Number(b);
}
