import type { RE2JS } from 're2js';
import { HubError } from '../../domain/errors.js';

/** Most instructions of a compiled expression; `a{120}` has about as many. */
const MAX_INSTRUCTIONS = 128;
/** Up to here an automaton's states are so few that each is made once, and a character costs one look into a table. */
const SMALL = 20;
/** Longest expression, in characters. */
const MAX_LENGTH = 256;

/** An expression that can be tried on values. */
export interface Expression {
  /** How many steps of a search's budget a character costs, in the worst case that was measured. */
  readonly stepsPerCharacter: number;
  /** Whether it fits the whole value; linear in its length. */
  fits(value: string): boolean;
}

/** Regular expressions in RE2's syntax. The library is loaded when the first one comes: most hubs never see one. */
export class Expressions {
  private re2: typeof RE2JS | undefined;

  /** Whether `compile` may be called. */
  get loaded(): boolean {
    return this.re2 !== undefined;
  }

  async load(): Promise<void> {
    this.re2 ??= (await import('re2js')).RE2JS;
  }

  /** Refuses with bad-request what is no expression of RE2, or too large. */
  compile(text: string): Expression {
    if (this.re2 === undefined) throw new Error('Regular expressions are not loaded.');
    if (text.length > MAX_LENGTH)
      throw new HubError('bad-request', `A regular expression is longer than ${MAX_LENGTH} characters.`);
    const compiled = compiledBy(this.re2, text);
    const instructions = compiled.programSize();
    if (instructions > MAX_INSTRUCTIONS)
      throw new HubError('bad-request', 'The regular expression is too large. Repeat less in it.');
    const stepsPerCharacter = instructions <= SMALL ? 3 : 4 * instructions;
    return { stepsPerCharacter, fits: (value) => compiled.matches(value) };
  }
}

function compiledBy(re2: typeof RE2JS, text: string): RE2JS {
  try {
    return re2.compile(text);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw new HubError('bad-request', `This regular expression is not understood: ${cause.message}`, {
      cause,
    });
  }
}
