import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../system/clock.js';
import type { Random } from '../../system/random.js';
import { base32 } from '../../system/random.js';

/** How long a code is good for, in milliseconds. */
const LIFETIME = 900_000;
/** Wrong tries before a code is void. */
const TRIES = 5;
/** Bytes of a code: with five tries, one guess in 2^48 / 5 hits. */
const BYTES = 6;

/** A code as its owner reads it, and until when it is good: milliseconds since 1970. */
export interface IssuedCode {
  readonly code: string;
  readonly expiresAt: number;
}

/**
 * The one-time code that makes somebody an owner of the hub: shown on the machine itself only, good for 15 minutes,
 * five tries and one use. Only its hash is kept, in memory. A new code makes the one before it void.
 */
export class SetupCode {
  private readonly clock: Clock;
  private readonly random: Random;
  private hash: Buffer | undefined;
  private expires = 0;
  private triesLeft = 0;

  constructor(clock: Clock, random: Random) {
    this.clock = clock;
    this.random = random;
  }

  /** Makes a fresh code, such as `k7mq2-xpda4`. */
  issue(): IssuedCode {
    const text = base32(this.random.bytes(BYTES));
    this.hash = hashOf(text);
    this.expires = this.clock.monotonic() + LIFETIME;
    this.triesLeft = TRIES;
    return { code: `${text.slice(0, 5)}-${text.slice(5)}`, expiresAt: this.clock.now() + LIFETIME };
  }

  /** Whether there is a code that somebody could use. */
  get active(): boolean {
    return this.hash !== undefined && this.triesLeft > 0 && this.clock.monotonic() < this.expires;
  }

  /** Whether this is the code, which stays good. Costs a try if it is not. */
  check(code: string): boolean {
    const right = this.active && timingSafeEqual(hashOf(readCode(code)), this.hash ?? Buffer.alloc(32));
    if (!right && this.triesLeft > 0) this.triesLeft -= 1;
    return right;
  }

  /**
   * Uses the code up. `undefined` if it is wrong; otherwise a function that makes it good again, for when what it was
   * used for could not be done.
   */
  take(code: string): (() => void) | undefined {
    if (!this.check(code)) return undefined;
    const used = this.hash;
    this.hash = undefined;
    return () => {
      this.hash ??= used;
    };
  }
}

/** The code as a person types it: case, spaces and hyphens do not count. */
function readCode(code: string): string {
  return code.slice(0, 64).toLowerCase().replaceAll(/[\s-]/g, '');
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
