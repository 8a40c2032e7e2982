import { HubError } from '../domain/errors.js';
import type { Generation } from '../domain/generation.js';
import type { Range, SearchOperator } from '../domain/search.js';
import { numberValue, stringValue, tagName } from '../domain/tag.js';
import { type Element, element } from '../xmpp/element.js';
import { booleanAttribute, required } from './read.js';
import { maxTagName } from './tags.js';

const STRING_VALUE = ['strEq', 'strNEq', 'strGt', 'strGtEq', 'strLt', 'strLtEq'] as const;
const NUMBER_VALUE = ['numEq', 'numNEq', 'numGt', 'numGtEq', 'numLt', 'numLtEq'] as const;
const STRING_RANGE = ['strRange', 'strNRange'] as const;
const NUMBER_RANGE = ['numRange', 'numNRange'] as const;

/** One of the 17 operators of XEP-0347 table 2; anything else is refused with bad-request. */
export function readOperator(child: Element, generation: Generation): SearchOperator {
  const name = tagName(required(child, 'name'), maxTagName(generation));
  const stringValueKind = STRING_VALUE.find((kind) => kind === child.name);
  if (stringValueKind !== undefined)
    return { kind: stringValueKind, name, value: stringValue(required(child, 'value')) };
  const numberValueKind = NUMBER_VALUE.find((kind) => kind === child.name);
  if (numberValueKind !== undefined)
    return { kind: numberValueKind, name, value: numberValue(required(child, 'value')) };
  const stringRangeKind = STRING_RANGE.find((kind) => kind === child.name);
  if (stringRangeKind !== undefined)
    return { kind: stringRangeKind, name, range: readRange(child, stringValue) };
  const numberRangeKind = NUMBER_RANGE.find((kind) => kind === child.name);
  if (numberRangeKind !== undefined)
    return { kind: numberRangeKind, name, range: readRange(child, numberValue) };
  if (child.name !== 'strMask')
    throw new HubError('bad-request', `There is no search operator <${child.name}/>.`);
  const mask = stringValue(required(child, 'value'));
  return { kind: 'strMask', name, mask, wildcard: stringValue(child.attribute('wildcard') || '*') };
}

function readRange<T>(child: Element, value: (text: string) => T): Range<T> {
  return {
    min: value(required(child, 'min')),
    minIncluded: booleanAttribute(child, 'minIncluded', true),
    max: value(required(child, 'max')),
    maxIncluded: booleanAttribute(child, 'maxIncluded', true),
  };
}

/** An operator as an element of the search. */
export function writeOperator(operator: SearchOperator, ns: string): Element {
  const { kind, name } = operator;
  if (operator.kind === 'strMask')
    return element(kind, ns, { name, value: operator.mask, wildcard: operator.wildcard });
  if (!('range' in operator)) return element(kind, ns, { name, value: String(operator.value) });
  const { min, minIncluded, max, maxIncluded } = operator.range;
  return element(kind, ns, {
    name,
    min: String(min),
    minIncluded: String(minIncluded),
    max: String(max),
    maxIncluded: String(maxIncluded),
  });
}
