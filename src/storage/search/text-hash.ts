import { hashSecret } from '../../system/hash-secret.js';
import type { Bytes } from './packed-texts.js';

// Strangers choose the texts: without a secret they could choose such that all have one hash.
const [START, factor] = hashSecret;
const FACTOR = factor | 1;

/** A hash of 32 bits, another one in every process. */
export function hashText(text: string): number {
  let hash = START;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), FACTOR);
    hash ^= hash >>> 15;
  }
  return finish(hash);
}

/** The same of a text that lies in bytes, one for each unit. */
export function hashBytes(bytes: Bytes, from: number, to: number): number {
  let hash = START;
  for (let at = from; at < to; at++) {
    hash = Math.imul(hash ^ (bytes[at] ?? 0), FACTOR);
    hash ^= hash >>> 15;
  }
  return finish(hash);
}

/** The same of a text that lies in bytes, two for each unit. */
export function hashPairs(bytes: Bytes, from: number, to: number): number {
  let hash = START;
  for (let at = from; at < to; at += 2) {
    hash = Math.imul(hash ^ ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)), FACTOR);
    hash ^= hash >>> 15;
  }
  return finish(hash);
}

function finish(hash: number): number {
  const mixed = Math.imul(hash, 0x85ebca6b);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}
