import { compareText, maskTest, type Range, type SearchOperator } from '../../domain/search.js';
import type { Budget } from './budget.js';
import type { Expressions } from './expressions.js';

/** Masks of more pieces cost more than one step for a value. */
const FEW_PIECES = 4;

/** What an operator asks of a value, whatever the tag. */
export type ValueTest = TextTest | NumberTest;

/** Asked of strings. */
export interface TextTest extends Test<string> {
  readonly type: 'string';
  /** How every value that holds begins. */
  readonly beginning?: string;
}

/** Asked of numbers. */
export interface NumberTest extends Test<number> {
  readonly type: 'number';
}

interface Test<T> {
  /** The only value that holds, if that is the question. */
  readonly equals?: T;
  /** The only value that does not hold. */
  readonly differs?: T;
  readonly holds: (value: T) => boolean;
  /** Tests that cost less come first. */
  readonly cost: number;
}

/**
 * The test of an operator [0347 table 2]. Refuses with bad-request what is no regular expression; the test itself
 * refuses with search-too-costly when the budget is used up.
 */
export function valueTest(operator: SearchOperator, expressions: Expressions, budget: Budget): ValueTest {
  switch (operator.kind) {
    case 'strMask':
      return textMask(operator.mask, operator.wildcard, budget);
    case 'strRegEx':
      return expressionTest(operator.expression, expressions, budget);
    case 'strRange':
    case 'strNRange':
      return { type: 'string', cost: 3, holds: textRangeTest(operator) };
    case 'numRange':
    case 'numNRange':
      return { type: 'number', cost: 2, holds: numberRangeTest(operator) };
    default:
      return comparison(operator);
  }
}

function textMask(mask: string, wildcard: string, budget: Budget): TextTest {
  const pieces = wildcard === '' ? [mask] : mask.split(wildcard);
  const [beginning = ''] = pieces;
  const matches = maskTest(mask, wildcard);
  const counted = (value: string): boolean => {
    budget.spend(pieces.length);
    return matches(value);
  };
  const holds = pieces.length > FEW_PIECES ? counted : matches;
  return { type: 'string', cost: beginning === '' ? 4 : 2, beginning, holds };
}

type Comparison = Extract<SearchOperator, { readonly value: unknown }>;

function comparison(operator: Comparison): ValueTest {
  switch (operator.kind) {
    case 'strEq':
      return { type: 'string', cost: 1, equals: operator.value, holds: (value) => value === operator.value };
    case 'strNEq':
      return { type: 'string', cost: 1, differs: operator.value, holds: (value) => value !== operator.value };
    case 'numEq':
      return { type: 'number', cost: 1, equals: operator.value, holds: (value) => value === operator.value };
    case 'numNEq':
      return { type: 'number', cost: 2, differs: operator.value, holds: (value) => value !== operator.value };
    case 'strGt':
    case 'strGtEq':
    case 'strLt':
    case 'strLtEq': {
      const right = order(operator.kind);
      return { type: 'string', cost: 3, holds: (value) => right(compareText(value, operator.value)) };
    }
    default: {
      const right = order(operator.kind);
      return { type: 'number', cost: 2, holds: (value) => right(compareNumbers(value, operator.value)) };
    }
  }
}

/** Whether an order, negative where the tag comes first, is the one that is asked for. */
function order(kind: Comparison['kind']): (order: number) => boolean {
  if (kind.endsWith('GtEq')) return (order) => order >= 0;
  if (kind.endsWith('LtEq')) return (order) => order <= 0;
  return kind.endsWith('Gt') ? (order) => order > 0 : (order) => order < 0;
}

/** The values outside a range are those that are not in it: a bound that is part of the range is not outside. */
function textRangeTest({
  kind,
  range,
}: Extract<SearchOperator, { range: Range<string> }>): (value: string) => boolean {
  const { min, max, minIncluded, maxIncluded } = range;
  const inside = kind === 'strRange';
  return (value) => {
    const low = compareText(value, min);
    const high = compareText(value, max);
    return ((low > 0 || (low === 0 && minIncluded)) && (high < 0 || (high === 0 && maxIncluded))) === inside;
  };
}

function numberRangeTest({
  kind,
  range,
}: Extract<SearchOperator, { range: Range<number> }>): (value: number) => boolean {
  const { min, max, minIncluded, maxIncluded } = range;
  const inside = kind === 'numRange';
  return (value) =>
    ((value > min || (value === min && minIncluded)) && (value < max || (value === max && maxIncluded))) ===
    inside;
}

function compareNumbers(a: number, b: number): number {
  return a < b ? -1 : Number(a > b);
}

function expressionTest(text: string, expressions: Expressions, budget: Budget): TextTest {
  const expression = expressions.compile(text);
  return {
    type: 'string',
    cost: 9,
    holds: (value) => {
      budget.spend((value.length + 1) * expression.stepsPerCharacter);
      return expression.fits(value);
    },
  };
}
