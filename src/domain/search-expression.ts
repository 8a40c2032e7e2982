import { between, type Comparison, comparing, inOrder } from './comparison.js';
import { MAX_NAME, shorten } from './discovery-text.js';
import { HubError } from './errors.js';
import { predefinedTags } from './predefined-tags.js';
import type { NamedTags, SearchOperator } from './search.js';
import { KEY, numberValue, stringValue, tagName } from './tag.js';
import { readTypedValue, unquote } from './typed-value.js';

/** The ways to understand one expression, the likeliest first. */
type Readings = readonly SearchOperator[];

/** So many expressions may leave open whether a number or a text is meant; each doubles the searches to try. */
const MAX_OPEN = 4;

const EXPRESSION = /^(#?)([^=<>~]*)(<>|<=|>=|[=<>~])(.*)$/su;
const NUMBER = '[+-]?(?:\\d+(?:\\.\\d+)?|\\.\\d+)(?:[eE][+-]?\\d+)?';
const QUOTED = '"(?:[^"\\\\]|\\\\.)*"';
const RANGE = new RegExp(`^(${NUMBER}|${QUOTED})(<?)\\.\\.(<?)(${NUMBER}|${QUOTED})$`, 'su');

/**
 * The searches that expressions as people write them may mean, the likeliest first: `CLASS=lamp`, `LAT=59..60`,
 * `V>=1.2`, `SN~39487*`. All of the expressions must hold. Throws bad-request, saying what is wrong in which expression.
 */
export function readSearch(expressions: readonly string[]): readonly (readonly SearchOperator[])[] {
  if (expressions.length === 0)
    throw new HubError('bad-request', 'Say what to search for, as in CLASS=lamp or LAT=59..60.');
  const all = expressions.map(readExpression);
  const open = all.filter((readings) => readings.length > 1).length;
  if (open > MAX_OPEN) {
    throw new HubError(
      'bad-request',
      `More than ${MAX_OPEN} expressions leave open whether numbers or texts are meant. Write #FLOOR=2 for a number, FLOOR="2" for a text.`,
    );
  }
  let searches: SearchOperator[][] = [[]];
  for (const readings of all)
    searches = readings.flatMap((reading) => searches.map((search) => [...search, reading]));
  return searches.sort((a, b) => texts(a) - texts(b));
}

/** The ways to understand one expression. Throws bad-request with the expression, what is wrong, and an example. */
export function readExpression(expression: string): Readings {
  const [, hash, name = '', sign, value = ''] = EXPRESSION.exec(expression) ?? [];
  try {
    if (sign === undefined) throw wrong('it compares nothing (in a shell, < and > stand in quotes)');
    if (/^[=<>~]/.test(value)) throw wrong(`its value begins with "${value[0]}"; quotes make text of that`);
    const named = readName(name);
    const forcedNumber = hash === '#';
    if (sign === '~') return [readMask(named, value, forcedNumber)];
    const range = readRange(named, sign, value, forcedNumber);
    if (range !== undefined) return [range];
    return readTypedValue(value, name.toUpperCase(), forcedNumber)
      .filter((one) => one !== undefined)
      .map((one) => comparing(named, sign as Comparison, one));
  } catch (cause) {
    if (!(cause instanceof HubError)) throw cause;
    const what = cause.message.replace(/\.$/, '');
    const example = exampleFor(name.toUpperCase(), hash === '#');
    throw new HubError('bad-request', `"${shorten(expression)}": ${what}. Write it as in ${example}.`, {
      cause,
    });
  }
}

/** A `*` in the name stands for any text. */
function readName(text: string): NamedTags {
  const name = tagName(text, MAX_NAME);
  if (name === KEY) throw wrong('no search goes by KEY');
  return name.includes('*') ? { name, nameWildcard: '*' } : { name };
}

function readMask(named: NamedTags, value: string, forcedNumber: boolean): SearchOperator {
  const { name } = named;
  if (forcedNumber || predefinedTags.get(name) === 'number')
    throw wrong(`${name} is a number, and "~" compares text`);
  if (value.length > 2 && value.startsWith('/') && value.endsWith('/'))
    return { kind: 'strRegEx', ...named, expression: stringValue(value.slice(1, -1)) };
  return { kind: 'strMask', ...named, mask: stringValue(unquote(value) ?? value), wildcard: '*' };
}

/** `59..60` with both ends, `59..<60` and `59<..60` without one; texts in quotes. */
function readRange(
  named: NamedTags,
  sign: string,
  value: string,
  forcedNumber: boolean,
): SearchOperator | undefined {
  const [, from, open, openEnd, to] = RANGE.exec(value) ?? [];
  if (from === undefined || to === undefined) return undefined;
  const texts = [unquote(from), unquote(to)];
  const type = forcedNumber ? 'number' : predefinedTags.get(named.name);
  const [low, high] = texts;
  if ((low === undefined) !== (high === undefined)) throw wrong('it ranges from a number to a text');
  if (type === 'string' && low === undefined)
    throw wrong(`${named.name} is text, and the ends of a range of texts stand in quotes`);
  if (type === 'number' && low !== undefined)
    throw wrong(`${named.name} is a number, and quotes make text of it`);
  if (sign !== '=' && sign !== '<>') throw wrong(`a range stands behind "=" or "<>", not "${sign}"`);
  const lower = { value: low ?? numberValue(from), included: open === '' };
  const upper = { value: high ?? numberValue(to), included: openEnd === '' };
  if (!inOrder(lower.value, upper.value)) throw wrong('its range ends before it begins');
  return between(named, lower, upper, sign === '<>');
}

function texts(search: readonly SearchOperator[]): number {
  return search.filter(({ kind }) => kind.startsWith('str')).length;
}

function exampleFor(name: string, forcedNumber: boolean): string {
  if (forcedNumber) return '#FLOOR=2 or #FLOOR=1..3';
  switch (predefinedTags.get(name)) {
    case 'number':
      return `${name}=59.3, ${name}>=59 or ${name}=59..60`;
    case 'string':
      return name === KEY ? 'CLASS=lamp' : `${name}=lamp, ${name}~la* or ${name}~/la.*/`;
    default:
      return 'CLASS=lamp, V>=1.2, LAT=59..60 or SN~39487*';
  }
}

function wrong(what: string): HubError {
  return new HubError('bad-request', what);
}
