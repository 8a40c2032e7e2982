import type { SearchOperator } from '../../../src/domain/search.js';
import type { Tag } from '../../../src/domain/tag.js';
import type { Thing } from '../../../src/domain/thing.js';

/** What a search must find, read straight off XEP-0347, section 3.13 and table 2, thing by thing. */
export function modelFinds(thing: Thing, operators: readonly SearchOperator[]): boolean {
  const findable = thing.owner !== undefined && thing.public && thing.removed !== true;
  return findable && operators.every((operator) => operatorHolds(thing.tags, operator));
}

function operatorHolds(tags: readonly Tag[], operator: SearchOperator): boolean {
  if (operator.name === 'KEY') return false;
  return tags.some(
    (tag) => tag.name !== 'KEY' && named(tag.name, operator) && valueHolds(tag.value, operator),
  );
}

function named(name: string, { name: wanted, nameWildcard }: SearchOperator): boolean {
  return nameWildcard === undefined ? name === wanted : like(name, wanted, nameWildcard);
}

/** LIKE, by trying everything. */
function like(text: string, mask: string, wildcard: string): boolean {
  if (mask === '') return text === '';
  if (wildcard !== '' && mask.startsWith(wildcard)) {
    const rest = mask.slice(wildcard.length);
    for (let from = 0; from <= text.length; from++) if (like(text.slice(from), rest, wildcard)) return true;
    return false;
  }
  return text !== '' && text[0] === mask[0] && like(text.slice(1), mask.slice(1), wildcard);
}

function valueHolds(value: string | number, operator: SearchOperator): boolean {
  if (operator.kind.startsWith('num') !== (typeof value === 'number')) return false;
  if (operator.kind === 'strMask') return like(String(value), operator.mask, operator.wildcard);
  if (operator.kind === 'strRegEx')
    return new RegExp(`^(?:${operator.expression})$`, 'u').test(String(value));
  if ('range' in operator) {
    const { min, max, minIncluded, maxIncluded } = operator.range;
    const above = order(value, min) > 0 || (minIncluded && order(value, min) === 0);
    const below = order(value, max) < 0 || (maxIncluded && order(value, max) === 0);
    return operator.kind.includes('NRange') ? !(above && below) : above && below;
  }
  const sign = order(value, operator.value);
  const kind = operator.kind.slice(3);
  if (kind === 'Eq') return sign === 0;
  if (kind === 'NEq') return sign !== 0;
  if (kind === 'Gt') return sign > 0;
  if (kind === 'GtEq') return sign >= 0;
  if (kind === 'Lt') return sign < 0;
  return sign <= 0;
}

/** Numbers by size, strings by code points. */
function order(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : 0;
  const left = [...String(a)].map((character) => character.codePointAt(0) ?? 0);
  const right = [...String(b)].map((character) => character.codePointAt(0) ?? 0);
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
