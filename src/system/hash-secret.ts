import { randomBytes } from 'node:crypto';

const bytes = randomBytes(8);

/**
 * Two numbers of 32 bits for hash tables, others in every process: strangers choose much of what is looked up, and who
 * knew the hash could choose such that all of it lies in one place. It stands beside `Random` as the engine's own secret
 * for its maps does: nothing that can be seen depends on it.
 */
export const hashSecret: readonly [number, number] = [bytes.readUInt32LE(0), bytes.readUInt32LE(4)];
