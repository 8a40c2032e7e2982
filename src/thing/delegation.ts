import type { Clock } from '../system/clock.js';
import type { Log } from '../system/log.js';

/** Somebody unknown wants to be a friend of the thing: a person at the thing is asked. */
export interface DelegationRequest {
  /** Bare JID. */
  readonly jid: string;
  /** Aborted when the time is over, or the thing leaves: the LED goes out. */
  readonly signal: AbortSignal;
}

/** How a person at the thing is asked. */
export interface DelegationOptions {
  readonly onDelegation?: (request: DelegationRequest) => Promise<boolean>;
  /** In milliseconds. */
  readonly delegationTime?: number;
}

/** How long a LED is lit where nothing else is said, in milliseconds [0324 3.1.1]. */
const TIME = 30_000;

/** How many requests in how many milliseconds nobody need press for: no stranger keeps the LED lit for long [0324 7.1]. */
const MOST_UNHEARD = 5;
const WITHIN = 600_000;

/** Asks the person at the thing, one request after the other, whether somebody may be a friend [0324 3.1.1]. */
export class Delegation {
  private readonly options: DelegationOptions;
  private readonly clock: Clock;
  private readonly log: Log;
  private unheard: readonly number[] = [];
  private running: AbortController | undefined;

  constructor(options: DelegationOptions, clock: Clock, log: Log) {
    this.options = options;
    this.clock = clock;
    this.log = log;
  }

  /**
   * Whether a person accepts this bare JID in time. False at once where there is no button, where another request is
   * shown, or where too many were for nothing lately.
   */
  async accepts(jid: string): Promise<boolean> {
    const { onDelegation } = this.options;
    if (onDelegation === undefined || this.running !== undefined || !this.mayShow()) return false;
    const attempt = new AbortController();
    this.running = attempt;
    const accepted = await this.inTime(attempt, () => onDelegation({ jid, signal: attempt.signal }));
    this.running = undefined;
    if (!accepted) this.unheard = [...this.unheard, this.clock.monotonic()];
    return accepted;
  }

  /** The LED goes out. */
  stop(): void {
    this.running?.abort();
  }

  private inTime(attempt: AbortController, ask: () => Promise<boolean>): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (accepted: boolean) => {
        timer.cancel();
        resolve(accepted && !attempt.signal.aborted);
        attempt.abort();
      };
      const time = this.options.delegationTime ?? TIME;
      const timer = this.clock.after(time, () => attempt.abort(), 'delegation');
      attempt.signal.addEventListener('abort', () => end(false), { once: true });
      Promise.resolve()
        .then(ask)
        .then(end, (error: unknown) => {
          this.log.error('The person at the thing could not be asked.', { error: String(error) });
          end(false);
        });
    });
  }

  private mayShow(): boolean {
    const since = this.clock.monotonic() - WITHIN;
    this.unheard = this.unheard.filter((at) => at > since);
    return this.unheard.length < MOST_UNHEARD;
  }
}
