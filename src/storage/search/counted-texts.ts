import { Dictionary } from './dictionary.js';
import { grownWords, type Words } from './growing.js';

/** Texts that many rows share, each kept as long as a row uses it. */
export class CountedTexts {
  private readonly dictionary = new Dictionary<string>();
  private uses: Words = new Uint32Array(16);

  /** The number of the text, used once more. */
  take(text: string): number {
    const id = this.dictionary.intern(text);
    this.uses = grownWords(this.uses, id + 1);
    this.uses[id] = (this.uses[id] ?? 0) + 1;
    return id;
  }

  /** One use less; 0 is nobody's. */
  release(id: number): void {
    if (id === 0) return;
    const left = (this.uses[id] ?? 0) - 1;
    this.uses[id] = left;
    if (left === 0) this.dictionary.drop(id);
  }

  /** Whether anybody uses this text. */
  has(text: string): boolean {
    return this.dictionary.find(text) !== 0;
  }

  /** The number of a text that is in use, or 0. */
  find(text: string): number {
    return this.dictionary.find(text);
  }

  /** The text with this number; `undefined` for 0. */
  text(id: number): string | undefined {
    return this.dictionary.value(id);
  }

  /** All texts by their numbers, empty where a number is free. */
  list(): string[] {
    return this.dictionary.list().map((text) => text ?? '');
  }

  /** Takes over what `list` gave; `ids` holds one number per row. Throws where a number has no text. */
  adopt(texts: readonly string[], ids: Words): void {
    const uses = new Uint32Array(Math.max(texts.length, 16));
    for (const id of ids) {
      if (id >= texts.length && id !== 0) throw new Error('a text is missing');
      uses[id] = (uses[id] ?? 0) + 1;
    }
    uses[0] = 0;
    this.uses = uses;
    this.dictionary.adopt(texts, (id) => (uses[id] ?? 0) > 0);
  }
}
