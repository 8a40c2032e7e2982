import { UsageError } from '../usage-error.js';

/** Quotes by which a word begins, as keyboards and telephones write them, and how each ends. */
const QUOTES: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '“': '”',
  '„': '“',
  '‘': '’',
  '«': '»',
};

/** Quotes that hold the spaces of a value behind its `=`, and stay: `NAME="living room"` is a text. */
const OF_VALUES: Readonly<Record<string, string>> = { '"': '"', '“': '”', '„': '“' };

/** Two hyphens, or the dash that a telephone makes of them, before the name of an option. */
const OPTION = /^(?:--|—|–)(?=\p{L})/u;

/** A discovery string, at the beginning of a word. */
const CODE = /(?<=^|[\s"'“„‘«])iotdisco[:;]/i;

/**
 * The words of a message, as a command line has them: quotes keep spaces in a word, and a discovery string is one word
 * however it was pasted. Throws UsageError for a quote without end.
 */
export function wordsOf(text: string): string[] {
  const at = CODE.exec(text)?.index;
  if (at === undefined) return split(text);
  const close = QUOTES[text[at - 1] ?? ''];
  const [code, rest] = codeOf(text.slice(at), close);
  return [...split(text.slice(0, close === undefined ? at : at - 1)), code, ...split(rest)];
}

/** A pasted code may be broken into lines, and its values have spaces: it ends with its quote or before an option. */
function codeOf(text: string, close: string | undefined): readonly [code: string, rest: string] {
  const quoted = close === undefined ? -1 : text.lastIndexOf(close);
  const option = text.search(/\s(?:--|—|–)\p{L}/u);
  const before = option < 0 ? text.length : option;
  const end = quoted < 0 ? before : quoted;
  const code = text.slice(0, end).replaceAll(/\s*[\r\n]+\s*/g, '');
  return [code.trim(), text.slice(quoted < 0 ? end : end + 1)];
}

function split(text: string): string[] {
  const words: string[] = [];
  let rest = text.trimStart();
  while (rest !== '') {
    const [word, length] = QUOTES[rest[0] ?? ''] === undefined ? plainWord(rest) : quotedWord(rest);
    words.push(word);
    rest = rest.slice(length).trimStart();
  }
  return words;
}

/** What is between the quotes, and how many characters that takes with them. */
function quotedWord(text: string): readonly [word: string, length: number] {
  const [open = ''] = text;
  const end = closing(text, QUOTES[open] ?? open);
  if (end < 0) throw new UsageError(`a quote begins (${open}) and does not end.`);
  return [text.slice(1, end), end + 1];
}

/** Where a quote ends: with a word. An apostrophe in the middle of one is no end. */
function closing(text: string, close: string): number {
  for (let at = text.indexOf(close, 1); at >= 0; at = text.indexOf(close, at + 1))
    if (/^\s?$/.test(text.charAt(at + 1))) return at;
  return -1;
}

/** A word that begins without a quote, and how many characters it takes. */
function plainWord(text: string): readonly [word: string, length: number] {
  let end = 0;
  while (end < text.length && !/\s/.test(text.charAt(end))) {
    const close = text.charAt(end - 1) === '=' ? OF_VALUES[text.charAt(end)] : undefined;
    end = Math.max(end, close === undefined ? -1 : text.indexOf(close, end + 1)) + 1;
  }
  const word = text.slice(0, end).replaceAll(/[“”„]/g, '"').replace(OPTION, '--');
  return [word.startsWith('--') ? option(word) : word, end];
}

/** The name of an option in small letters; the quotes around its value are none of it. */
function option(word: string): string {
  const [name = ''] = word.split('=', 1);
  return name.toLowerCase() + word.slice(name.length).replace(/^="(.*)"$/s, '=$1');
}
