import type { Numbers, Words } from './growing.js';
import { bytesOf, type PackedTexts } from './packed-texts.js';

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

  texts(): PackedTexts {
    const sizes = this.words(this.word());
    let length = 0;
    for (const size of sizes) length += bytesOf(size);
    return { sizes, bytes: this.bytes(length) };
  }

  /** Throws if anything is left. */
  finish(): void {
    if (this.at !== this.content.length) throw new Error('there is more than there should be');
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
