import { constants, type KeyObject, privateDecrypt } from 'node:crypto';
import { HubError } from '../../domain/errors.js';

/** PKCS#1 v1.5 (RFC 8017 §7.2.2): 00 02, at least eight bytes that are not zero, a zero, the message. */
const LEAST_PADDING = 8;

/**
 * Decrypts a challenge, in base64 text; returns base64 text [0324 3.1.3]. The XEP names no padding: servers of its own
 * namespace use PKCS#1 v1.5, others OAEP with SHA-1. OAEP shows reliably whether it is there, so it is tried first. Throws
 * bad-request for what is encrypted with another key, or in no such way.
 */
export function decryptChallenge(key: KeyObject, challenge: string): string {
  const encrypted = Buffer.from(challenge, 'base64');
  const message = withOaep(key, encrypted) ?? withPkcs1(key, encrypted);
  if (message === undefined || message.length === 0)
    throw new HubError('bad-request', 'The challenge is not encrypted with the certificate of the token.');
  return message.toString('base64');
}

function withOaep(key: KeyObject, encrypted: Buffer): Buffer | undefined {
  try {
    return privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, encrypted);
  } catch {
    return undefined;
  }
}

/**
 * Node refuses PKCS#1 v1.5 where the time that decryption takes could tell a secret. Here the message goes back to whoever
 * encrypted it, so the padding is taken off by hand.
 */
function withPkcs1(key: KeyObject, encrypted: Buffer): Buffer | undefined {
  let block: Buffer;
  try {
    block = privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, encrypted);
  } catch {
    return undefined;
  }
  const end = block.indexOf(0, 2);
  const isPadded = block[0] === 0 && block[1] === 2 && end >= 2 + LEAST_PADDING;
  return isPadded ? block.subarray(end + 1) : undefined;
}
