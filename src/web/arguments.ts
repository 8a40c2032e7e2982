import { HubError } from '../domain/errors.js';

/** The arguments of a command, read one by one: each is what it must be or is refused with bad-request. */
export class Arguments {
  private readonly body: Readonly<Record<string, unknown>>;
  private readonly read = new Set<string>();

  /** `body` is the parsed JSON of the request. Throws bad-request where it is no object. */
  constructor(body: unknown) {
    if (typeof body !== 'object' || body === null || Array.isArray(body))
      throw refusal('The body', 'a JSON object');
    this.body = body as Record<string, unknown>;
  }

  private value(name: string): unknown {
    this.read.add(name);
    return Object.hasOwn(this.body, name) ? this.body[name] : undefined;
  }

  /** A text that must be there and not be empty. */
  text(name: string): string {
    const value = this.optionalText(name);
    if (value === undefined || value === '') throw refusal(`"${name}"`, 'a text');
    return value;
  }

  /** A text, or `undefined`. */
  optionalText(name: string): string | undefined {
    const value = this.value(name);
    if (value === undefined || typeof value === 'string') return value;
    throw refusal(`"${name}"`, 'a text');
  }

  /** A flag; false where it is absent. */
  flag(name: string): boolean {
    const value = this.value(name);
    if (value === undefined || typeof value === 'boolean') return value ?? false;
    throw refusal(`"${name}"`, 'true or false');
  }

  /** A list of texts, of at most `maximum`. */
  texts(name: string, maximum: number): readonly string[] {
    const value = this.value(name);
    if (Array.isArray(value) && value.length <= maximum && value.every((item) => typeof item === 'string'))
      return value;
    throw refusal(`"${name}"`, `a list of texts, at most ${maximum}`);
  }

  /** The same, or `undefined`. */
  optionalTexts(name: string, maximum: number): readonly string[] | undefined {
    return this.value(name) === undefined ? undefined : this.texts(name, maximum);
  }

  /** A whole number from `minimum` to `maximum`; `absent` where it is absent, required without. */
  whole(name: string, minimum: number, absent?: number, maximum = Number.MAX_SAFE_INTEGER): number {
    const value = this.value(name) ?? absent;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= minimum && value <= maximum)
      return value;
    const end = maximum === Number.MAX_SAFE_INTEGER ? 'on' : `to ${maximum}`;
    throw refusal(`"${name}"`, `a whole number from ${minimum} ${end}`);
  }

  /** The same as `whole`, or `undefined`. */
  optionalWhole(name: string, minimum: number, maximum?: number): number | undefined {
    return this.value(name) === undefined ? undefined : this.whole(name, minimum, undefined, maximum);
  }

  /** One of these words, or `undefined`. */
  optionalWord<Word extends string>(name: string, words: readonly Word[]): Word | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const known = words.find((word) => word === value);
    if (known === undefined) throw refusal(`"${name}"`, `one of ${words.join(', ')}`);
    return known;
  }

  /** One of these words; the first where it is absent. */
  word<Word extends string>(name: string, words: readonly [Word, ...Word[]]): Word {
    return this.optionalWord(name, words) ?? words[0];
  }

  /** Refuses what nobody has read: a misspelt argument must not be taken for an absent one. */
  end(): void {
    const extra = Object.keys(this.body).find((name) => !this.read.has(name));
    if (extra !== undefined) throw new HubError('bad-request', `There is no argument "${extra}" here.`);
  }
}

function refusal(what: string, expected: string): HubError {
  return new HubError('bad-request', `${what} must be ${expected}.`);
}
