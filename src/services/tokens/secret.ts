import { constants, createHash, type KeyObject, publicEncrypt, timingSafeEqual } from 'node:crypto';
import type { Dialect } from '../../domain/generation.js';
import type { Random } from '../../system/random.js';

/** How challenges are padded, as configured: by what the dialect's clients understand, or one for all. */
export type TokenPadding = 'auto' | 'oaep' | 'pkcs1';

/** Random bytes of a challenge. */
const BYTES = 32;

/** A secret that only the holder of a key can read, and its encrypted form as base64 text. */
export interface Secret {
  readonly bytes: Buffer;
  readonly challenge: string;
}

/**
 * Makes a challenge for a holder who speaks this dialect [0324 3.1.3]. Clients of the XEP's own namespace decrypt
 * PKCS#1 v1.5, those of the others OAEP with SHA-1, which is what node:crypto means by OAEP where nothing is said. The old padding is no danger here: the hub only encrypts. Throws
 * what OpenSSL throws for a key that it cannot use.
 */
export function makeSecret(
  key: KeyObject,
  generation: Dialect,
  configured: TokenPadding,
  random: Random,
): Secret {
  const bytes = random.bytes(BYTES);
  const legacy = generation === 'xmpp' || generation === 'siot';
  const old = configured === 'pkcs1' || (configured === 'auto' && legacy);
  const encrypted = old
    ? publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, bytes)
    : publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING }, bytes);
  return { bytes, challenge: encrypted.toString('base64') };
}

/** Whether a response, as base64 text, is the secret; takes the same time whatever is wrong with it. */
export function isSecret(secret: Secret, response: string): boolean {
  return timingSafeEqual(digest(Buffer.from(response, 'base64')), digest(secret.bytes));
}

function digest(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
