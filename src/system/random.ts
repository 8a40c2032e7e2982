import { randomBytes } from 'node:crypto';

/** Randomness of the world: cryptographically strong in the daemon, repeatable in tests. */
export interface Random {
  /** `count` random bytes. */
  bytes(count: number): Buffer;
  /**
   * A fresh identifier of 96 random bits in lower-case letters and digits that begins with a letter:
   * clients confuse numeric stanza ids with their own.
   */
  id(): string;
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** Encodes bytes as lower-case base 32 without padding. */
export function base32(bytes: Uint8Array): string {
  let text = '';
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(buffer >>> bits) & 31];
    }
    buffer &= (1 << bits) - 1;
  }
  return bits > 0 ? text + ALPHABET[(buffer << (5 - bits)) & 31] : text;
}

/** The machine's randomness. */
export class SystemRandom implements Random {
  bytes(count: number): Buffer {
    return randomBytes(count);
  }

  id(): string {
    return `h${base32(randomBytes(12))}`;
  }
}
