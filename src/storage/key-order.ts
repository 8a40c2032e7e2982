/**
 * Compares two keys by the bytes of their UTF-8 form, which is the order of every table: negative, zero or positive.
 * JavaScript's own order differs where a key holds characters beyond U+FFFF.
 */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** The first key after all keys that begin with `prefix`; `undefined` where no key comes after them. */
export function afterPrefix(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    if (last === 0x10ffff) continue;
    // U+D800 to U+DFFF are no characters: UTF-8 has no bytes for them.
    return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1);
  }
  return undefined;
}

/** Whether the text has a UTF-8 form. Half a surrogate pair has none: two such keys would become one. */
export function isWellFormed(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    // Most keys hold none; the expression takes longer than all the rest of making a key.
    if ((text.charCodeAt(i) & 0xf800) === 0xd800) return !/\p{Surrogate}/u.test(text);
  }
  return true;
}

// In UTF-8 the characters beyond U+FFFF, surrogate pairs in a string, come after U+FFFF.
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
