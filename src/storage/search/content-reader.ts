import { TEXTS_AT_ONCE } from './content-writer.js';
import type { Numbers, Words } from './growing.js';

/** Reads what `ContentWriter` wrote. Throws where the bytes end too early. */
export class ContentReader {
  private readonly content: Buffer;
  private at = 0;

  constructor(content: Uint8Array) {
    this.content = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  }

  word(): number {
    return this.words(1)[0] ?? 0;
  }

  words(length: number): Words {
    return new Uint32Array(this.copy(length * 4));
  }

  numbers(length: number): Numbers {
    return new Float64Array(this.copy(length * 8));
  }

  bytes(length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.copy(length));
  }

  texts(): string[] {
    const count = this.word();
    const lengths = this.words(count);
    const texts: string[] = [];
    for (let at = 0; at < count; at += TEXTS_AT_ONCE) {
      const wide = this.word();
      if (wide > 1) throw new Error('texts are neither narrow nor wide');
      this.textsOf(lengths.subarray(at, at + TEXTS_AT_ONCE), wide === 1, texts);
    }
    return texts;
  }

  /** Throws if anything is left. */
  finish(): void {
    if (this.at !== this.content.length) throw new Error('there is more than there should be');
  }

  private textsOf(lengths: Words, wide: boolean, texts: string[]): void {
    for (const length of lengths) {
      const from = this.at;
      this.advance(wide ? length * 2 : length);
      texts.push(this.content.toString(wide ? 'utf16le' : 'latin1', from, this.at));
    }
  }

  private copy(length: number): ArrayBuffer {
    const from = this.at;
    this.advance(length);
    const copy = new ArrayBuffer(length);
    new Uint8Array(copy).set(this.content.subarray(from, this.at));
    return copy;
  }

  private advance(length: number): void {
    if (length > this.content.length - this.at) throw new Error('the content ends too early');
    this.at += length;
  }
}
