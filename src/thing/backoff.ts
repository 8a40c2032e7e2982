import type { Random } from '../system/random.js';

const FIRST = 2_000;
const LONGEST = 300_000;

/**
 * How long to wait between tries (RFC 6120 §3.3): twice as long at most after each failure, and a random part of it,
 * so that the things of a home do not all come back in the same second.
 */
export class Backoff {
  private readonly random: Random;
  private failures = 0;

  constructor(random: Random) {
    this.random = random;
  }

  /** Milliseconds to wait after one more failure: between a quarter and the whole of 2 s, 4 s, … 5 min. */
  next(): number {
    const ceiling = Math.min(LONGEST, FIRST * 2 ** Math.min(this.failures, 20));
    this.failures++;
    const share = this.random.bytes(2).readUInt16BE() / 0xffff;
    return Math.round(ceiling * (0.25 + 0.75 * share));
  }

  /** Something worked: begin anew. */
  reset(): void {
    this.failures = 0;
  }
}
