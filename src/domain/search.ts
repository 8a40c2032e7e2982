import type { Tag } from './tag.js';
import { KEY } from './tag.js';

/**
 * A search operator of XEP-0347 table 2, or one of its successors' additions: a regular expression, which fits a value
 * as a whole, and a wildcard in the name. Names are in upper case; wildcards are one character or more.
 */
export type SearchOperator = NamedTags & (TextOperator | NumberOperator);

/** Which tags an operator looks at: it holds where it holds for one of them. */
export interface NamedTags {
  readonly name: string;
  /** Stands for any text in `name`; absent where the name is meant as it is. In upper case. */
  readonly nameWildcard?: string;
}

type TextOperator =
  | { readonly kind: 'strEq' | 'strNEq' | 'strGt' | 'strGtEq' | 'strLt' | 'strLtEq'; readonly value: string }
  | { readonly kind: 'strRange' | 'strNRange'; readonly range: Range<string> }
  | { readonly kind: 'strMask'; readonly mask: string; readonly wildcard: string }
  | { readonly kind: 'strRegEx'; readonly expression: string };

type NumberOperator =
  | { readonly kind: 'numEq' | 'numNEq' | 'numGt' | 'numGtEq' | 'numLt' | 'numLtEq'; readonly value: number }
  | { readonly kind: 'numRange' | 'numNRange'; readonly range: Range<number> };

/** Two bounds, each part of the range or not. */
export interface Range<T> {
  readonly min: T;
  readonly minIncluded: boolean;
  readonly max: T;
  readonly maxIncluded: boolean;
}

/** Whether a thing with these tags is found: every operator holds. A tag that is not there never does, nor does KEY. */
export function matches(operators: readonly SearchOperator[], tags: readonly Tag[]): boolean {
  return operators.every((operator) => {
    if (operator.name === KEY) return false;
    const tag = tags.find((candidate) => candidate.name === operator.name);
    return tag !== undefined && holds(operator, tag.value);
  });
}

function holds(operator: SearchOperator, value: string | number): boolean {
  if (operator.kind === 'strMask')
    return typeof value === 'string' && matchesMask(value, operator.mask, operator.wildcard);
  if (operator.kind === 'strRegEx') return false;
  if ('range' in operator) return holdsRange(operator, value);
  if (typeof value !== typeof operator.value) return false;
  const order = compare(value, operator.value);
  switch (operator.kind) {
    case 'strEq':
    case 'numEq':
      return order === 0;
    case 'strNEq':
    case 'numNEq':
      return order !== 0;
    case 'strGt':
    case 'numGt':
      return order > 0;
    case 'strGtEq':
    case 'numGtEq':
      return order >= 0;
    case 'strLt':
    case 'numLt':
      return order < 0;
    case 'strLtEq':
    case 'numLtEq':
      return order <= 0;
  }
}

function holdsRange(operator: Extract<SearchOperator, { range: unknown }>, value: string | number): boolean {
  const { min, minIncluded, max, maxIncluded } = operator.range;
  if (typeof value !== typeof min) return false;
  const low = compare(value, min);
  const high = compare(value, max);
  if (operator.kind === 'strRange' || operator.kind === 'numRange') {
    return (low > 0 || (low === 0 && minIncluded)) && (high < 0 || (high === 0 && maxIncluded));
  }
  return low < 0 || (low === 0 && minIncluded) || high > 0 || (high === 0 && maxIncluded);
}

/** Numbers by size, strings by their Unicode code points. */
function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number' || typeof b === 'number') return Number(a) - Number(b);
  if (a === b) return 0;
  const left = [...a];
  const right = [...b];
  for (let i = 0; i < left.length && i < right.length; i++) {
    const difference = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Whether `text` fits `mask`, in which each `wildcard` stands for any text; linear in both. */
export function matchesMask(text: string, mask: string, wildcard: string): boolean {
  const pieces = wildcard === '' ? [mask] : mask.split(wildcard);
  const first = pieces.shift() ?? '';
  const last = pieces.pop();
  if (last === undefined) return text === first;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
    return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const piece of pieces) {
    const found = text.indexOf(piece, at);
    if (found < 0 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
}
