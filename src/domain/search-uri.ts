import { between, type Comparison, comparing, comparisonOf, inOrder } from './comparison.js';
import { asKind } from './discovery-kind.js';
import { flaw, formOf, type Part, REGISTRY, readParts, uriForm, writeParts } from './discovery-text.js';
import type { SearchOperator } from './search.js';
import { KEY, numberValue, stringValue } from './tag.js';

/** A URI that says what to search for, and in which registry. */
export interface SearchUri {
  /** In the order of the URI. */
  readonly operators: readonly SearchOperator[];
  /** The registry to search: tag R; absent where the URI names none. */
  readonly registry?: string;
}

/** Names that have another meaning in a URI when they stand before `=`. */
const RESERVED: readonly string[] = [KEY, REGISTRY, 'JID', 'NID', 'SID', 'PT'];

/**
 * Reads a search URI. A lower and an upper bound of one name become a range, or where the upper lies below the lower
 * one, everything outside. Throws bad-request, saying what is wrong.
 */
export function decodeSearchUri(text: string): SearchUri {
  return asKind('search', () => {
    if (formOf(text) !== uriForm) throw flaw('it does not begin with "iotdisco:"');
    const parts = readParts(text, uriForm);
    const registries = parts.filter(({ name }) => name === REGISTRY);
    const [registry] = registries;
    if (registries.length > 1) throw flaw('tag R comes twice');
    if (registry?.numeric || (registry !== undefined && registry.operator !== '='))
      throw flaw('its tag R is not the address of a hub');
    const operators = readOperators(parts.filter((part) => part !== registry));
    if (operators.length === 0) throw flaw('it compares nothing');
    return registry === undefined ? { operators } : { operators, registry: registry.value };
  });
}

/**
 * Writes a search URI that reads as the same operators. Throws bad-request for what no URI says: regular expressions,
 * wildcards in names or of several characters, bounds that would read as another range.
 */
export function encodeSearchUri(operators: readonly SearchOperator[], registry?: string): string {
  return asKind('search', () => {
    const parts = operators.flatMap(partsOf);
    readOperators(parts).forEach((operator, place) => {
      if (operator.kind !== operators[place]?.kind)
        throw flaw(`${operator.name} has bounds that would read as one range`);
    });
    if (operators.length === 0) throw flaw('it compares nothing');
    if (registry !== undefined)
      parts.push({ name: REGISTRY, numeric: false, operator: '=', value: registry });
    return writeParts(parts, uriForm);
  });
}

function readOperators(parts: readonly Part[]): SearchOperator[] {
  const operators: SearchOperator[] = [];
  const bounded = new Map<string, number>();
  for (const part of parts) {
    const operator = readOperator(part);
    const bound = `${part.numeric ? '#' : ''}${part.name}`;
    const place = sideOf(operator) === undefined ? undefined : bounded.get(bound);
    const other = place === undefined ? undefined : operators[place];
    if (place === undefined || other === undefined) {
      if (sideOf(operator) !== undefined) bounded.set(bound, operators.length);
      operators.push(operator);
    } else operators[place] = merge(other, operator);
  }
  return operators;
}

function readOperator({ name, numeric, operator, value }: Part): SearchOperator {
  if (name === KEY) throw flaw('no search goes by KEY');
  if (RESERVED.includes(name) && operator === '=') throw flaw(`its tag ${name} names a thing`);
  if (operator !== '~')
    return comparing({ name }, operator, numeric ? numberValue(value) : stringValue(value));
  if (numeric) throw flaw(`"~" compares text, and #${name} is a number`);
  const [wildcard] = value;
  if (wildcard === undefined) throw flaw(`"${name}~" has no wildcard behind it`);
  return { kind: 'strMask', name, mask: stringValue(value.slice(wildcard.length)), wildcard };
}

/** Which end of a range an operator can be. */
function sideOf(operator: SearchOperator): 'lower' | 'upper' | undefined {
  const comparison = comparisonOf(operator);
  if (comparison === '>' || comparison === '>=') return 'lower';
  return comparison === '<' || comparison === '<=' ? 'upper' : undefined;
}

function merge(one: SearchOperator, other: SearchOperator): SearchOperator {
  const { name } = one;
  const [lower, upper] = sideOf(one) === 'lower' ? [one, other] : [other, one];
  if (sideOf(lower) !== 'lower' || sideOf(upper) !== 'upper' || !('value' in lower && 'value' in upper))
    throw flaw(`${name} has more bounds than two, or two on one side`);
  const low = { value: lower.value, included: comparisonOf(lower) === '>=' };
  const high = { value: upper.value, included: comparisonOf(upper) === '<=' };
  if (inOrder(low.value, high.value)) return between({ name }, low, high, false);
  // The bounds are outside what the URI asks for where they say "or equal": the range between them is open there.
  return between(
    { name },
    { value: high.value, included: !high.included },
    { value: low.value, included: !low.included },
    true,
  );
}

function partsOf(operator: SearchOperator): Part[] {
  const { name, nameWildcard } = operator;
  if (nameWildcard !== undefined) throw flaw('a URI knows no wildcards in names');
  if (operator.kind === 'strRegEx') throw flaw('a URI knows no regular expressions');
  if (operator.kind === 'strMask') {
    const { mask, wildcard } = operator;
    if ([...wildcard].length !== 1) throw flaw('its wildcard is not one character');
    return [{ name, numeric: false, operator: '~', value: wildcard + stringValue(mask) }];
  }
  if (!('range' in operator)) return [partOf(name, comparisonOf(operator) ?? '=', operator.value)];
  const { min, minIncluded, max, maxIncluded } = operator.range;
  const outside = operator.kind === 'strNRange' || operator.kind === 'numNRange';
  if (!inOrder(min, max) || (outside && min === max)) throw flaw(`the range of ${name} is empty`);
  return outside
    ? [partOf(name, minIncluded ? '<' : '<=', min), partOf(name, maxIncluded ? '>' : '>=', max)]
    : [partOf(name, minIncluded ? '>=' : '>', min), partOf(name, maxIncluded ? '<=' : '<', max)];
}

function partOf(name: string, operator: Comparison, value: string | number): Part {
  if (typeof value === 'string') return { name, numeric: false, operator, value: stringValue(value) };
  if (!Number.isFinite(value)) throw flaw(`${name} is compared with no finite number`);
  return { name, numeric: true, operator, value: String(value) };
}
