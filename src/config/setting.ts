import { Jid } from '../domain/jid.js';

/** A value as YAML, the environment or `--set` can give it. */
export type Raw = string | number | boolean | null | readonly Raw[];

/** A value that the setting takes, or what it expects instead. */
export type Checked<T> = { readonly value: T } | { readonly expected: string };

/** One key of the configuration: what it takes, what it is if nobody says, and what it means. */
export interface Setting<T> {
  readonly kind: 'setting';
  /** The value without any configuration. */
  readonly fallback: T;
  /** The default in words, where it depends on the machine. */
  readonly fallbackText?: string;
  /** One or two sentences for the owner of a home. */
  readonly meaning: string;
  /** What it takes, as the documentation and messages say it: `true or false`. */
  readonly expects: string;
  /** Never shown; may be given by the name of a file that holds it, with the key `…File`. */
  readonly secret?: true;
  /** Checks a value of the configuration file. */
  check(raw: Raw): Checked<T>;
  /** Checks a text of the environment or of `--set`. */
  checkText(text: string): Checked<T>;
}

interface Common {
  readonly meaning: string;
  readonly fallbackText?: string;
}

/** True or false. */
export function flag(fallback: boolean, meaning: string): Setting<boolean> {
  const expects = 'true or false';
  const check = (raw: Raw): Checked<boolean> =>
    typeof raw === 'boolean' ? { value: raw } : { expected: expects };
  return {
    kind: 'setting',
    fallback,
    meaning,
    expects,
    check,
    checkText: (text) => check(text === 'true' ? true : text === 'false' ? false : text),
  };
}

/** A whole number within bounds; both bounds belong to it. */
export function whole(
  fallback: number,
  bounds: { readonly minimum: number; readonly maximum: number },
  meaning: string,
): Setting<number> {
  const { minimum, maximum } = bounds;
  const expects = `a whole number from ${minimum} to ${maximum}`;
  const check = (raw: Raw): Checked<number> =>
    typeof raw === 'number' && Number.isSafeInteger(raw) && raw >= minimum && raw <= maximum
      ? { value: raw }
      : { expected: expects };
  return {
    kind: 'setting',
    fallback,
    meaning,
    expects,
    check,
    checkText: (text) => check(/^-?\d{1,15}$/.test(text) ? Number(text) : text),
  };
}

/** A TCP port; 0 picks a free one. */
export function port(fallback: number, meaning: string): Setting<number> {
  return whole(fallback, { minimum: 0, maximum: 65_535 }, `${meaning} 0 picks a free one.`);
}

/** One of a few words. */
export function choice<const Word extends string>(
  fallback: NoInfer<Word>,
  words: readonly Word[],
  meaning: string,
): Setting<Word> {
  const expects =
    words.length === 1 ? `\`${words[0]}\`` : `one of ${words.map((word) => `\`${word}\``).join(', ')}`;
  const check = (raw: Raw): Checked<Word> => {
    const word = words.find((candidate) => candidate === raw);
    return word === undefined ? { expected: expects } : { value: word };
  };
  return { kind: 'setting', fallback, meaning, expects, check, checkText: check };
}

/** A text that fits a pattern; absent is `undefined`. */
export function text(
  pattern: RegExp,
  expects: string,
  { meaning, fallbackText }: Common,
): Setting<string | undefined> {
  const check = (raw: Raw): Checked<string> =>
    typeof raw === 'string' && pattern.test(raw) ? { value: raw } : { expected: expects };
  return {
    kind: 'setting',
    fallback: undefined,
    ...(fallbackText === undefined ? {} : { fallbackText }),
    meaning,
    expects,
    check,
    checkText: check,
  };
}

/** A text that nobody may see: a password, a shared secret. Also given by the name of a file, with `…File`. */
export function secret(meaning: string): Setting<string | undefined> {
  return { ...text(/^[^\0\r\n]{1,1024}$/, 'a text of one line', { meaning }), secret: true };
}

/** Texts that each fit a pattern; `--set` and the environment separate them by commas. */
export function list(
  fallback: readonly string[],
  pattern: RegExp,
  expects: string,
  { meaning, fallbackText }: Common,
): Setting<readonly string[]> {
  const check = (raw: Raw): Checked<readonly string[]> => {
    if (!Array.isArray(raw)) return { expected: expects };
    const texts = raw.filter((item): item is string => typeof item === 'string' && pattern.test(item));
    return texts.length === raw.length ? { value: texts } : { expected: expects };
  };
  return {
    kind: 'setting',
    fallback,
    ...(fallbackText === undefined ? {} : { fallbackText }),
    meaning,
    expects,
    check,
    checkText: (line) => check(itemsOf(line)),
  };
}

/** A list of bare JIDs, given as text, normalised. */
export function jids(common: Common): Setting<readonly string[]> {
  const plain = list([], /^[^\s@/]+@[^\s@/]+$/, 'a list of JIDs', common);
  const normalised = (checked: Checked<readonly string[]>): Checked<readonly string[]> => {
    if ('expected' in checked) return checked;
    const value = checked.value.flatMap((text) => Jid.tryParse(text)?.bare ?? []);
    return value.length === checked.value.length ? { value } : { expected: plain.expects };
  };
  const check = (raw: Raw) => normalised(plain.check(raw));
  return { ...plain, check, checkText: (line) => normalised(plain.checkText(line)) };
}

/** `a, b`, or as YAML and JSON write it: `["a", "b"]`. */
function itemsOf(line: string): Raw {
  if (line === '') return [];
  if (!line.startsWith('[')) return line.split(',').map((item) => item.trim());
  try {
    return JSON.parse(line);
  } catch {
    // No list: the check says what was expected.
    return line;
  }
}
