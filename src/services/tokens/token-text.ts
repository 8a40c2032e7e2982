import { createHash } from 'node:crypto';
import { base32, type Random } from '../../system/random.js';

/** Random bytes of a token: 160 bits. */
const BYTES = 20;

/** A new token of the hub at this address: `ADDRESS:RANDOM`, without white space [0324 3.1.3]. */
export function newToken(hub: string, random: Random): string {
  return `${hub}:${base32(random.bytes(BYTES))}`;
}

/** What a token is kept under: hex SHA-256. Nobody who reads the hub's disk can use it. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Whether a token was given out by the hub at this address; others come from other provisioning servers. */
export function isTokenOf(hub: string, token: string): boolean {
  return token.startsWith(`${hub}:`);
}
