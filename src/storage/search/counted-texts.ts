import { grownWords, type Words } from './growing.js';
import type { PackedTexts } from './packed-texts.js';
import { TextTable } from './text-table.js';

const NOBODY = { text: undefined, id: 0 };

/** Texts that many rows share, each kept as long as a row uses it. */
export class CountedTexts {
  private readonly texts = new TextTable();
  private last: { readonly text: string | undefined; readonly id: number } = NOBODY;
  private uses: Words = new Uint32Array(16);

  /** The number of the text, used once more. */
  take(text: string): number {
    // Rows that come one after the other often share a text.
    const id = text === this.last.text ? this.last.id : this.texts.intern(text);
    if (id !== this.last.id) this.last = { text, id };
    this.uses = grownWords(this.uses, id + 1);
    this.uses[id] = (this.uses[id] ?? 0) + 1;
    return id;
  }

  /** One use less; 0 is nobody's. */
  release(id: number): void {
    if (id === 0) return;
    const left = (this.uses[id] ?? 0) - 1;
    this.uses[id] = left;
    if (left > 0) return;
    this.texts.drop(id);
    if (id === this.last.id) this.last = NOBODY;
  }

  /** One more than the greatest number ever given. */
  get end(): number {
    return this.texts.end;
  }

  /** Whether anybody uses this text. */
  has(text: string): boolean {
    return this.texts.find(text) !== 0;
  }

  /** The number of a text that is in use, or 0. */
  find(text: string): number {
    return this.texts.find(text);
  }

  /** The text with this number; `undefined` for 0. */
  text(id: number): string | undefined {
    return this.texts.text(id);
  }

  /** All texts by their numbers. */
  save(): PackedTexts {
    return this.texts.save();
  }

  /** Takes over what `save` gave; `ids` holds one number per row. Throws where a number has no text. */
  adopt(texts: PackedTexts, ids: Words): void {
    const uses = new Uint32Array(Math.max(texts.sizes.length, 16));
    for (const id of ids) {
      if (id >= texts.sizes.length && id !== 0) throw new Error('a text is missing');
      uses[id] = (uses[id] ?? 0) + 1;
    }
    uses[0] = 0;
    this.uses = uses;
    this.texts.adopt(texts, (id) => (uses[id] ?? 0) > 0);
  }
}
