import { HubError } from './errors.js';
import { tagName } from './tag.js';

/** How a part of a discovery string compares its tag: `=` in all of them, the others in searches. */
export type PartOperator = '=' | '<>' | '<' | '<=' | '>' | '>=' | '~';

/** One tag of a discovery string, its escapes undone. */
export interface Part {
  /** In upper case. */
  readonly name: string;
  /** A `#` stands before the name. */
  readonly numeric: boolean;
  readonly operator: PartOperator;
  readonly value: string;
}

/** How one form of discovery strings separates names from values, and hides the separators in both. */
export interface Form {
  readonly prefix: string;
  /** Finds the operator behind a name; what a backslash hides is none. */
  readonly operator: RegExp;
  /** What stands for `=`. */
  readonly equals: string;
  escape(text: string): string;
  unescape(text: string): string;
}

/** Longest discovery string that is read: a QR code holds no more bytes. */
const MAX_LENGTH = 2953;

/** Longest tag name: that of the XEP's successors. */
export const MAX_NAME = 64;

/** Tag R names the registry, in every kind of discovery string. */
export const REGISTRY = 'R';

/** `IoTDisco;TAG:value;#NUM:value` [0347 3.9]: a backslash before each `;` and `\`. */
export const backslashForm: Form = {
  prefix: 'IoTDisco;',
  operator: /^((?:[^:\\]|\\.)*)(:)(.*)$/su,
  equals: ':',
  escape: (text) => text.replaceAll(/[;\\]/g, '\\$&'),
  unescape: dropBackslashes,
};

/** `iotdisco:TAG=value;#NUM=value`, a URI: percent-encoded by us; backslashes are read as well. */
export const uriForm: Form = {
  prefix: 'iotdisco:',
  operator: /^((?:[^=<>~\\]|\\.)*)(<>|<=|>=|[=<>~])(.*)$/su,
  equals: '=',
  escape: escapeUri,
  unescape: (text) =>
    text
      .split(/(\\.?)/su)
      .map(unescapeUriPart)
      .join(''),
};

/** The form that a text is written in, by its beginning, in any case; `undefined` where it is no discovery string. */
export function formOf(text: string): Form | undefined {
  return [backslashForm, uriForm].find(({ prefix }) =>
    text.slice(0, prefix.length).toLowerCase().startsWith(prefix.toLowerCase()),
  );
}

/** The parts of a discovery string. Throws bad-request, saying what is wrong where as half a sentence. */
export function readParts(text: string, form: Form): readonly Part[] {
  if (text.length > MAX_LENGTH) throw flaw(`it is longer than ${MAX_LENGTH} characters`);
  return rawParts(text, form).map((raw) => readPart(raw, form));
}

/** The names of a discovery string that stand before `=`, as far as they can be read; never throws. */
export function namesOf(text: string, form: Form): ReadonlySet<string> {
  const names = new Set<string>();
  if (text.length > MAX_LENGTH) return names;
  for (const raw of rawParts(text, form)) {
    const [, name = '', operator = ''] = form.operator.exec(raw) ?? [];
    if (operator === form.equals) names.add(name.toUpperCase());
  }
  return names;
}

/** Writes a discovery string. Throws bad-request where a tag holds what no text may. */
export function writeParts(parts: readonly Part[], form: Form): string {
  return form.prefix + parts.map((part) => writePart(part, form)).join(';');
}

/** Something that is wrong with a discovery string, as half a sentence. */
export function flaw(what: string, options?: ErrorOptions): HubError {
  return new HubError('bad-request', what, options);
}

/** A text cut for a message. */
export function shorten(text: string): string {
  return text.length > 24 ? `${text.slice(0, 24)}…` : text;
}

function writePart({ name, numeric, operator, value }: Part, form: Form): string {
  const sign = operator === '=' ? form.equals : operator;
  // Clients that know the successors' text by heart take the wildcard as it stands, before any escape.
  const plain = operator === '~' && /^[!-~]/.test(value) && !/^[;%\\]/.test(value);
  const text = plain ? `${value[0]}${form.escape(value.slice(1))}` : form.escape(value);
  return `${numeric ? '#' : ''}${form.escape(tagName(name, MAX_NAME))}${sign}${text}`;
}

function readPart(raw: string, form: Form): Part {
  if (raw === '') throw flaw('it has an empty part between two ";"');
  const [, before, sign, after] = form.operator.exec(raw) ?? [];
  if (before === undefined || sign === undefined || after === undefined)
    throw flaw(`"${shorten(raw)}" has no "${form.equals}" after the name of the tag`);
  const numeric = before.startsWith('#');
  return {
    name: tagName(form.unescape(before.slice(numeric ? 1 : 0)), MAX_NAME),
    numeric,
    operator: OPERATORS.find((operator) => operator === sign) ?? '=',
    value: form.unescape(after),
  };
}

const OPERATORS: readonly PartOperator[] = ['=', '<>', '<', '<=', '>', '>=', '~'];

/** Splits at each `;` that no backslash hides; the parts keep their escapes. */
function rawParts(text: string, form: Form): string[] {
  const parts: string[] = [];
  let start = form.prefix.length;
  for (let at = start; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === ';') {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

function dropBackslashes(text: string): string {
  if (/(^|[^\\])(\\\\)*\\$/.test(text)) throw flaw('it ends within an escape');
  return text.replaceAll(/\\(.)/gsu, '$1');
}

/** Percent-encodes what separates, and the signs that make a search of a code. */
function escapeUri(text: string): string {
  try {
    return encodeURIComponent(text).replaceAll('~', '%7E');
  } catch (cause) {
    throw flaw('a tag holds half a character', { cause });
  }
}

/** A backslash with the character behind it, or a stretch without backslashes that may hold %XX. */
function unescapeUriPart(part: string): string {
  if (part.startsWith('\\')) return dropBackslashes(part);
  try {
    return decodeURIComponent(part);
  } catch (cause) {
    throw flaw(`"${shorten(part)}" has a % that begins no escape`, { cause });
  }
}
