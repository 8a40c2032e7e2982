import type { Random } from '../../system/random.js';

/** A whole number of milliseconds in [low, high], all as likely as makes no difference here. */
export function pick(random: Random, low: number, high: number): number {
  return low + (random.bytes(4).readUInt32BE(0) % (high - low + 1));
}
