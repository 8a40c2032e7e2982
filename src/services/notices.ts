import type { Notice, NoticeBody } from '../domain/notice.js';
import { counters, notices } from '../storage/keys.js';
import type { Store, Transaction, View } from '../storage/store.js';
import type { Clock, Timer } from '../system/clock.js';
import type { Log } from '../system/log.js';

/** What became of a notice that was sent: answered (or handed over, for messages), nobody there, or no answer. */
export type Delivery = 'acknowledged' | 'unreachable' | 'unanswered';

/** Brings a notice to its receiver by the edge that reaches it now, in the dialect it uses. */
export interface Courier {
  deliver(notice: Notice): Promise<Delivery>;
}

/** Waits between tries of a notice that was not answered, in milliseconds: doubled each time up to the second. */
const FIRST_RETRY = 60_000;
const LAST_RETRY = 3_600_000;

/** Puts a notice into the outbox in the same transaction as what it tells of; returns its number. */
export async function notify(
  transaction: Transaction,
  notice: {
    readonly to: string;
    readonly body: NoticeBody;
    readonly createdAt: number;
    readonly after?: number;
  },
): Promise<number> {
  const seq = ((await transaction.get(counters, 'notice')) ?? 0) + 1;
  transaction.put(counters, 'notice', seq);
  transaction.put(notices, seq, { seq, ...notice });
  return seq;
}

/**
 * The outbox: what things and owners must be told, at least once, until they acknowledge it, also across restarts.
 * Notices to one receiver leave in their order; one that gets no answer holds up only those that wait for it.
 */
export class Outbox implements View<number, Notice> {
  readonly table = notices;
  private readonly waiting = new Map<number, Notice>();
  private readonly byReceiver = new Map<string, Set<number>>();
  private readonly inFlight = new Set<number>();
  private readonly retries = new Map<number, { wait: number; timer: Timer }>();
  private readonly store: Store;
  private readonly courier: Courier;
  private readonly clock: Clock;
  private readonly log: Log;
  private running = false;

  constructor(store: Store, courier: Courier, clock: Clock, log: Log) {
    this.store = store;
    this.courier = courier;
    this.clock = clock;
    this.log = log;
  }

  /** Begins to deliver. What is in the store leaves as its receivers appear. */
  start(): void {
    this.running = true;
    for (const receiver of this.byReceiver.keys()) this.flush(receiver);
  }

  /** Ends all deliveries; what is not acknowledged stays in the store. */
  stop(): void {
    this.running = false;
    for (const { timer } of this.retries.values()) timer.cancel();
    this.retries.clear();
  }

  changed(seq: number, notice: Notice | undefined): void {
    const known = this.waiting.get(seq);
    if (notice !== undefined) {
      this.waiting.set(seq, notice);
      const numbers = this.byReceiver.get(notice.to) ?? new Set();
      this.byReceiver.set(notice.to, numbers.add(seq));
      if (this.running) this.flush(notice.to);
    } else if (known !== undefined) {
      this.waiting.delete(seq);
      this.forgetRetry(seq);
      const numbers = this.byReceiver.get(known.to);
      numbers?.delete(seq);
      if (numbers?.size === 0) this.byReceiver.delete(known.to);
      if (this.running) this.flush(known.to);
    }
  }

  /** How many notices wait. */
  get count(): number {
    return this.waiting.size;
  }

  /** The receiver (bare JID) is there now: sends what waits for it at once. */
  reachable(receiver: string): void {
    const numbers = this.byReceiver.get(receiver);
    if (numbers === undefined || !this.running) return;
    for (const seq of numbers) this.forgetRetry(seq);
    this.flush(receiver);
  }

  private flush(receiver: string): void {
    const due = [...(this.byReceiver.get(receiver) ?? [])].sort((a, b) => a - b);
    for (const seq of due) {
      const notice = this.waiting.get(seq);
      if (notice === undefined || this.inFlight.has(seq) || this.retries.has(seq)) continue;
      if (notice.after !== undefined && this.waiting.has(notice.after)) continue;
      this.inFlight.add(seq);
      void this.deliver(notice);
    }
  }

  private async deliver(notice: Notice): Promise<void> {
    try {
      const delivery = await this.courier.deliver(notice);
      if (delivery === 'acknowledged') {
        await this.store.transact((transaction) => transaction.delete(notices, notice.seq));
      } else if (delivery === 'unanswered') this.retryLater(notice);
    } catch (error) {
      this.log.error('A notice could not be delivered; it is tried again.', {
        to: notice.to,
        error: String(error),
      });
      this.retryLater(notice);
    } finally {
      this.inFlight.delete(notice.seq);
    }
  }

  private retryLater(notice: Notice): void {
    if (!this.running) return;
    const wait = Math.min((this.retries.get(notice.seq)?.wait ?? FIRST_RETRY / 2) * 2, LAST_RETRY);
    const timer = this.clock.after(wait, () => this.retry(notice), 'notice retry');
    this.retries.set(notice.seq, { wait, timer });
  }

  private retry(notice: Notice): void {
    this.inFlight.add(notice.seq);
    void this.deliver(notice);
  }

  private forgetRetry(seq: number): void {
    this.retries.get(seq)?.timer.cancel();
    this.retries.delete(seq);
  }
}
