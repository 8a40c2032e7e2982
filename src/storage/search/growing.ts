/** The arrays that columns and lists are made of. */
export type Words = Uint32Array<ArrayBuffer>;
/** One number per row. */
export type Numbers = Float64Array<ArrayBuffer>;

/** Arrays beyond this length grow in smaller steps: there, room costs more than copying. */
const LARGE = 8192;

/** The length to grow to, so that `needed` elements fit. */
export function grownLength(length: number, needed: number): number {
  return needed <= length ? length : Math.max(needed, 16, Math.ceil(length * (length > LARGE ? 1.25 : 1.5)));
}

/** The array, or a longer copy in which `needed` words fit; new ones are 0. */
export function grownWords(words: Words, needed: number): Words {
  if (needed <= words.length) return words;
  const grown = new Uint32Array(grownLength(words.length, needed));
  grown.set(words);
  return grown;
}

/** The same of bytes. */
export function grownBytes(bytes: Uint8Array<ArrayBuffer>, needed: number): Uint8Array<ArrayBuffer> {
  if (needed <= bytes.length) return bytes;
  const grown = new Uint8Array(grownLength(bytes.length, needed));
  grown.set(bytes);
  return grown;
}

/** Where `value` stands, or would stand, among the ascending words from `start` to before `end`. */
export function placeOf(words: Words, start: number, end: number, value: number): number {
  // Most rows come in order.
  if (end === start || (words[end - 1] ?? 0) < value) return end;
  let low = start;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((words[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
