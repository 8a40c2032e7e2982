import type { Words } from './growing.js';

/** Bytes of text. */
export type Bytes = Uint8Array<ArrayBuffer>;

/**
 * Texts one after the other: of each its size, then the units of all. A unit takes one byte, or two (the low one first)
 * in a text that has one beyond U+00FF.
 */
export interface PackedTexts {
  /** UTF-16 units times two, and one more where each takes two bytes. */
  readonly sizes: Words;
  readonly bytes: Bytes;
}

/** How many bytes a text of this size takes. */
export function bytesOf(size: number): number {
  return (size & 1) === 0 ? size >>> 1 : size - 1;
}

/** The size of a text. */
export function sizeOf(text: string): number {
  let units = 0;
  for (let i = 0; i < text.length; i++) units |= text.charCodeAt(i);
  return text.length * 2 + (units > 0xff ? 1 : 0);
}

/** Writes a text of this size at a place where it fits. */
export function writeText(bytes: Bytes, at: number, text: string, size: number): void {
  if ((size & 1) === 0) {
    for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i);
    return;
  }
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    bytes[at + 2 * i] = unit & 0xff;
    bytes[at + 2 * i + 1] = unit >>> 8;
  }
}

/** The same bytes, to be read with `readText`. */
export function readable(bytes: Bytes): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** The text of this size at a place. */
export function readText(bytes: Buffer, at: number, size: number): string {
  return bytes.toString((size & 1) === 0 ? 'latin1' : 'utf16le', at, at + bytesOf(size));
}

/** Packs a few texts. */
export function packTexts(texts: readonly string[]): PackedTexts {
  const sizes = Uint32Array.from(texts, sizeOf);
  const bytes = new Uint8Array(sizes.reduce((sum, size) => sum + bytesOf(size), 0));
  let at = 0;
  texts.forEach((text, i) => {
    const size = sizes[i] ?? 0;
    writeText(bytes, at, text, size);
    at += bytesOf(size);
  });
  return { sizes, bytes };
}

/** The texts that `packTexts` packed. */
export function unpackTexts({ sizes, bytes }: PackedTexts): string[] {
  const buffer = readable(bytes);
  let at = 0;
  return Array.from(sizes, (size) => {
    const text = readText(buffer, at, size);
    at += bytesOf(size);
    return text;
  });
}
