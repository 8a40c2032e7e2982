/**
 * The beginning of a text as a number: the low bytes of its first four UTF-16 units. Texts that begin alike have heads
 * that begin alike, so that most texts that do not are known without looking at them.
 */
export function headOf(text: string): number {
  let head = 0;
  for (let i = 0; i < 4; i++) head = (head << 8) | (i < text.length ? text.charCodeAt(i) & 0xff : 0);
  return head >>> 0;
}

/** The bits of a head that a beginning of so many units decides. */
export function headMask(length: number): number {
  return length >= 4 ? 0xffffffff : (0xffffffff << (32 - 8 * length)) >>> 0;
}
