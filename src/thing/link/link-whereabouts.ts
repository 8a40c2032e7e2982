import type { Clock } from '../../system/clock.js';
import type { Whereabouts } from '../whereabouts.js';

/** Where others are on the link: there, if they are announced. */
export class LinkWhereabouts implements Whereabouts {
  private readonly isHere: (bare: string) => boolean;
  private readonly clock: Clock;
  private readonly waiting = new Set<(bare: string | undefined) => void>();

  /** `isHere` says whether a bare JID is announced now. */
  constructor(isHere: (bare: string) => boolean, clock: Clock) {
    this.isHere = isHere;
    this.clock = clock;
  }

  of(bare: string): string | undefined {
    return this.isHere(bare) ? bare : undefined;
  }

  appearance(bare: string, ms: number): Promise<string | undefined> {
    if (this.isHere(bare)) return Promise.resolve(bare);
    return new Promise((resolve) => {
      const end = (came: string | undefined) => {
        if (came !== undefined && came !== bare) return;
        this.waiting.delete(end);
        timer.cancel();
        resolve(came);
      };
      const timer = this.clock.after(ms, () => end(undefined), 'presence on the link');
      this.waiting.add(end);
    });
  }

  /** Somebody is announced. */
  came(bare: string): void {
    for (const end of [...this.waiting]) end(bare);
  }

  /** Nobody is waited for any more. */
  stop(): void {
    for (const end of [...this.waiting]) end(undefined);
  }
}
