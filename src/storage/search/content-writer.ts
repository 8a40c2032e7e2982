import type { PackedTexts } from './packed-texts.js';

const PIECE = 65_536;

/** Writes numbers, arrays and texts one after the other, as they lie in this machine's memory. */
export class ContentWriter {
  private readonly done: Uint8Array[] = [];
  private piece = new Uint8Array(PIECE);
  private end = 0;
  private readonly one = new Uint32Array(1);

  word(value: number): void {
    this.one[0] = value;
    this.array(this.one);
  }

  /** An array of numbers or bytes, without its length. */
  array(values: Uint32Array | Float64Array | Uint8Array): void {
    this.bytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }

  /** How many, then their sizes and bytes. */
  texts({ sizes, bytes }: PackedTexts): void {
    this.word(sizes.length);
    this.array(sizes);
    this.array(bytes);
  }

  /** All that was written. */
  finish(): readonly Uint8Array[] {
    this.flush();
    return this.done;
  }

  private bytes(bytes: Uint8Array): void {
    if (bytes.length > PIECE / 4) {
      this.flush();
      this.done.push(bytes.slice());
      return;
    }
    if (this.end + bytes.length > PIECE) this.flush();
    this.piece.set(bytes, this.end);
    this.end += bytes.length;
  }

  private flush(): void {
    if (this.end === 0) return;
    this.done.push(this.piece.subarray(0, this.end));
    this.piece = new Uint8Array(PIECE);
    this.end = 0;
  }
}
