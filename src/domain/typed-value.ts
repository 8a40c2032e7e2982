import { HubError } from './errors.js';
import { predefinedTags } from './predefined-tags.js';
import { numberValue, stringValue } from './tag.js';

/**
 * The values that a person may mean by what he types behind the name of a tag, the likeliest first: one, or a number
 * and the same as text where nothing tells which.
 */
export type TypedValues = readonly [string | number, (string | number)?];

/** A number as people write it, that stays the same when it is read: no leading zeros, at most 15 digits. */
const PLAIN = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

/**
 * Reads a typed value: in quotes it is text; behind `#NAME`, and for predefined numbers, a number; for predefined texts
 * text; otherwise either, if it looks like a number. Throws bad-request, saying what is wrong.
 */
export function readTypedValue(typed: string, name: string, forcedNumber: boolean): TypedValues {
  const quoted = unquote(typed);
  if (quoted !== undefined) {
    if (forcedNumber) throw new HubError('bad-request', `#${name} is a number, and quotes make text of it.`);
    return [stringValue(quoted)];
  }
  const type = forcedNumber ? 'number' : predefinedTags.get(name);
  if (type === 'number') return [numberOf(typed, name)];
  const text = stringValue(typed);
  return type === undefined && isPlainNumber(text) ? [Number(text), text] : [text];
}

/** The text within quotes, their escapes undone; `undefined` where it does not begin with one. Throws bad-request. */
export function unquote(typed: string): string | undefined {
  if (!typed.startsWith('"')) return undefined;
  const [, inner] = /^"((?:[^"\\]|\\.)*)"$/su.exec(typed) ?? [];
  if (inner === undefined) throw new HubError('bad-request', 'A quote is not closed, or text follows it.');
  return inner.replaceAll(/\\(.)/gsu, '$1');
}

/** Whether a text is a number as people write it, and nothing is lost when it is read as one. */
export function isPlainNumber(text: string): boolean {
  return PLAIN.test(text) && text.replaceAll(/\D/g, '').length <= 15;
}

function numberOf(typed: string, name: string): number {
  try {
    return numberValue(typed);
  } catch (cause) {
    throw new HubError('bad-request', `${name} is a number.`, { cause });
  }
}
