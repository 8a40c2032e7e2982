import { HubError } from '../domain/errors.js';
import type { Generation } from '../domain/generation.js';
import type { NamedTags, Range, SearchOperator } from '../domain/search.js';
import { numberValue, stringValue, tagName } from '../domain/tag.js';
import { type Element, element } from '../xmpp/element.js';
import { booleanAttribute, required } from './read.js';
import { maxTagName } from './tags.js';

const STRING_VALUE = ['strEq', 'strNEq', 'strGt', 'strGtEq', 'strLt', 'strLtEq'] as const;
const NUMBER_VALUE = ['numEq', 'numNEq', 'numGt', 'numGtEq', 'numLt', 'numLtEq'] as const;
const STRING_RANGE = ['strRange', 'strNRange'] as const;
const NUMBER_RANGE = ['numRange', 'numNRange'] as const;

/**
 * One of the 17 operators of XEP-0347 table 2; in its successors also strRegEx, and a wildcard in the name of any.
 * Anything else is refused with bad-request.
 */
export function readOperator(child: Element, generation: Generation): SearchOperator {
  const named = readName(child, generation);
  const stringValueKind = STRING_VALUE.find((kind) => kind === child.name);
  if (stringValueKind !== undefined)
    return { kind: stringValueKind, ...named, value: stringValue(required(child, 'value')) };
  const numberValueKind = NUMBER_VALUE.find((kind) => kind === child.name);
  if (numberValueKind !== undefined)
    return { kind: numberValueKind, ...named, value: numberValue(required(child, 'value')) };
  const stringRangeKind = STRING_RANGE.find((kind) => kind === child.name);
  if (stringRangeKind !== undefined)
    return { kind: stringRangeKind, ...named, range: readRange(child, stringValue) };
  const numberRangeKind = NUMBER_RANGE.find((kind) => kind === child.name);
  if (numberRangeKind !== undefined)
    return { kind: numberRangeKind, ...named, range: readRange(child, numberValue) };
  const value = () => stringValue(required(child, 'value'));
  if (child.name === 'strMask')
    return {
      kind: 'strMask',
      ...named,
      mask: value(),
      wildcard: stringValue(child.attribute('wildcard') || '*'),
    };
  if (child.name === 'strRegEx' && generation !== 'xmpp')
    return { kind: 'strRegEx', ...named, expression: value() };
  throw new HubError('bad-request', `There is no search operator <${child.name}/>.`);
}

/** The name may hold a wildcard in the successors only: the XEP has no such attribute, and ignores it. */
function readName(child: Element, generation: Generation): NamedTags {
  const maximum = maxTagName(generation);
  const wildcard = generation === 'xmpp' ? '' : (child.attribute('nameWildcard') ?? '');
  if (wildcard === '') return { name: tagName(required(child, 'name'), maximum) };
  return { name: tagName(required(child, 'name'), maximum), nameWildcard: tagName(wildcard, maximum) };
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
  const { kind, name, nameWildcard } = operator;
  return element(kind, ns, { name, nameWildcard, ...attributesOf(operator) });
}

function attributesOf(operator: SearchOperator): Record<string, string> {
  if (operator.kind === 'strMask') return { value: operator.mask, wildcard: operator.wildcard };
  if (operator.kind === 'strRegEx') return { value: operator.expression };
  if (!('range' in operator)) return { value: String(operator.value) };
  const { min, minIncluded, max, maxIncluded } = operator.range;
  return {
    min: String(min),
    minIncluded: String(minIncluded),
    max: String(max),
    maxIncluded: String(maxIncluded),
  };
}
