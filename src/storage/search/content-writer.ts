/** How many texts are joined at a time. */
export const TEXTS_AT_ONCE = 8192;

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

  /** How many, their lengths in UTF-16 units, then the texts: one byte per unit where that does, else two. */
  texts(texts: readonly string[]): void {
    this.word(texts.length);
    this.array(Uint32Array.from(texts, (text) => text.length));
    for (let at = 0; at < texts.length; at += TEXTS_AT_ONCE) {
      const joined = texts.slice(at, at + TEXTS_AT_ONCE).join('');
      const wide = /[^\u0000-\u00ff]/.test(joined);
      this.word(wide ? 1 : 0);
      this.bytes(Buffer.from(joined, wide ? 'utf16le' : 'latin1'));
    }
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
