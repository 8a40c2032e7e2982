import { createHash, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto';
import type { Account, ScramKeys } from '../domain/account.js';
import { saslprep } from './saslprep.js';

/** The hash functions that SCRAM is used with: RFC 5802 and RFC 7677. */
export type ScramHash = 'SHA-1' | 'SHA-256';

/** Bytes of a hash. */
export const hashLength: Readonly<Record<ScramHash, number>> = { 'SHA-1': 20, 'SHA-256': 32 };

/** Bytes of a salt. */
export const SALT_LENGTH = 16;

const digestName = { 'SHA-1': 'sha1', 'SHA-256': 'sha256' } as const;

/**
 * A SCRAM exchange that cannot go on. `malformed`: a message breaks the grammar; `refused`: the other side did not
 * prove what it must, or asks for what is not safe; `other-identity`: it wants to act as somebody else.
 */
export class ScramError extends Error {
  readonly kind: 'malformed' | 'refused' | 'other-identity';

  constructor(kind: ScramError['kind'], text: string) {
    super(text);
    this.name = 'ScramError';
    this.kind = kind;
  }
}

/** SaltedPassword := Hi(Normalize(password), salt, i) (RFC 5802 §3). Off the main thread. Rejects as `saslprep` does. */
export async function saltPassword(
  hash: ScramHash,
  password: string,
  salt: Uint8Array,
  iterations: number,
): Promise<Buffer> {
  const prepared = await saslprep(password);
  return new Promise((resolve, reject) => {
    pbkdf2(prepared, salt, iterations, hashLength[hash], digestName[hash], (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

/** HMAC with the mechanism's hash. */
export function hmac(hash: ScramHash, key: Uint8Array, text: string | Uint8Array): Buffer {
  return createHmac(digestName[hash], key).update(text).digest();
}

/** H() of RFC 5802 §2.2. */
export function digest(hash: ScramHash, data: Uint8Array): Buffer {
  return createHash(digestName[hash]).update(data).digest();
}

/** The two keys of a salted password that a server keeps (RFC 5802 §3), in base 64. */
export function serverKeys(hash: ScramHash, salted: Uint8Array): { storedKey: string; serverKey: string } {
  const storedKey = digest(hash, hmac(hash, salted, 'Client Key'));
  return {
    storedKey: storedKey.toString('base64'),
    serverKey: hmac(hash, salted, 'Server Key').toString('base64'),
  };
}

/** All that a server keeps of a password for one hash. Rejects as `saslprep` does. */
export async function scramKeys(
  hash: ScramHash,
  password: string,
  salt: Uint8Array,
  iterations: number,
): Promise<ScramKeys> {
  const salted = await saltPassword(hash, password, salt, iterations);
  return { salt: Buffer.from(salt).toString('base64'), iterations, ...serverKeys(hash, salted) };
}

/** The keys of a password for an account, each hash with a salt of its own. Rejects as `saslprep` does. */
export async function accountKeys(
  password: string,
  iterations: number,
  random: { bytes(count: number): Uint8Array },
): Promise<Account['scram']> {
  const make = (hash: ScramHash) => scramKeys(hash, password, random.bytes(SALT_LENGTH), iterations);
  const [sha1, sha256] = await Promise.all([make('SHA-1'), make('SHA-256')]);
  return { 'SHA-1': sha1, 'SHA-256': sha256 };
}

/** Whether the bytes are the same, found out in a time that depends on nothing but their length. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The exclusive or of two strings of bytes of one length. */
export function xor(a: Uint8Array, b: Uint8Array): Buffer {
  return Buffer.from(a.map((byte, at) => byte ^ (b[at] ?? 0)));
}
