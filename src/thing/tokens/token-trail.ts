import type { Clock } from '../../system/clock.js';

/** How long after a token was sent its receiver may challenge it, in milliseconds [0324 7.2]. */
const TRUSTED_FOR = 60_000;

/** Most sent tokens that are remembered; the oldest goes first. */
const MOST = 4096;

/** Where a token that was sent came from. */
export interface Sent {
  /** Full JID of the one who sent it here; `undefined` where it is our own. */
  readonly origin: string | undefined;
}

/**
 * Which tokens went to whom within the last minute, and where they came from: only their receivers may challenge them, and
 * a challenge goes back the way on which the token came [0324 3.1.3].
 */
export class TokenTrail {
  private readonly clock: Clock;
  /** In the order in which they were sent. */
  private readonly sent = new Map<string, Sent & { readonly at: number }>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** These tokens leave to a JID as it is addressed; those of others on behalf of `origin`. */
  mark(tokens: readonly string[], to: string, origin: string | undefined): void {
    for (const token of tokens) {
      const key = keyOf(token, to);
      this.sent.delete(key);
      this.sent.set(key, { origin, at: this.clock.monotonic() });
      const [oldest] = this.sent.keys();
      if (this.sent.size > MOST && oldest !== undefined) this.sent.delete(oldest);
    }
  }

  /** How the token came to this JID within the last minute; `undefined` if it was not sent there. */
  find(token: string, to: string): Sent | undefined {
    this.forgetOld();
    return this.sent.get(keyOf(token, to));
  }

  private forgetOld(): void {
    const oldest = this.clock.monotonic() - TRUSTED_FOR;
    for (const [key, { at }] of this.sent) {
      if (at > oldest) return;
      this.sent.delete(key);
    }
  }
}

function keyOf(token: string, to: string): string {
  return `${to}\u0000${token}`;
}
