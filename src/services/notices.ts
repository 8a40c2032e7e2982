import { sameAddress } from '../domain/node-address.js';
import type { Notice, NoticeBody } from '../domain/notice.js';
import { counters, notices, things } from '../storage/keys.js';
import type { Store, Transaction, View } from '../storage/store.js';
import type { Clock, Timer } from '../system/clock.js';
import type { Log } from '../system/log.js';

/** What became of a notice that was sent: answered (or handed over, for messages), nobody there, or no answer. */
export type Delivery = Answer | 'unreachable' | 'unanswered';

/** How a receiver answers: it has heard, or it has heard and refuses. */
export type Answer = 'acknowledged' | 'refused';

/** Brings a notice to its receiver by the edge that reaches it now, in the dialect it uses. */
export interface Courier {
  deliver(notice: Notice): Promise<Delivery>;
  /** Whether a thing (bare JID) could be told something now. */
  reaches(thing: string): boolean;
}

/** What notices mean to the records. */
export interface Meaning {
  /** Whether a notice is still true; one that is not leaves unsaid. */
  holds(body: NoticeBody): boolean;
  /** Does what follows from the answer, in the transaction that takes the notice out. */
  answered(transaction: Transaction, notice: Notice, answer: Answer): Promise<void>;
}

/** What tells a thing where it stands in the registry: said in its order. */
const STANDING: ReadonlySet<NoticeBody['operation']> = new Set(['claimed', 'removed', 'disowned']);

/** What says all that an earlier one about the same thing said. */
const REPEATABLE: ReadonlySet<NoticeBody['operation']> = new Set(['claimed', 'removed', 'clear-cache']);

/** Waits between tries of a notice that was not answered, in milliseconds: doubled each time up to the second. */
const FIRST_RETRY = 60_000;
const LAST_RETRY = 3_600_000;

/** How long a receiver has rest after a notice of this kind, in milliseconds; what comes meanwhile joins the next. */
const REST: { readonly [Operation in NoticeBody['operation']]?: number } = {
  'clear-cache': 1000,
  ask: 10_000,
};

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
  transaction.add(notices, seq, { seq, ...notice });
  return seq;
}

/**
 * The outbox: what things and owners must be told, at least once, until they acknowledge it, also across restarts.
 * Notices to one receiver leave in their order; one that gets no answer holds up only those that wait for it. Of several
 * that say the same of a thing only the last one is kept, so that a thing that never answers piles up nothing. In safe
 * mode nothing leaves: it could grant something.
 */
export class Outbox implements View<number, Notice> {
  readonly table = notices;
  private readonly waiting = new Map<number, Notice>();
  private readonly byReceiver = new Map<string, Set<number>>();
  /** Those of one receiver about one thing: only they wait for each other. */
  private readonly byMatter = new Map<string, Set<number>>();
  private readonly inFlight = new Set<number>();
  /** Those in flight whose receiver has come to be reached anew. */
  private readonly again = new Set<number>();
  private readonly retries = new Map<number, { wait: number; timer: Timer }>();
  private readonly resting = new Map<string, Timer>();
  private readonly store: Store;
  private readonly courier: Courier;
  private readonly meaning: Meaning;
  private readonly clock: Clock;
  private readonly log: Log;
  private readonly watchers = new Map<number, (() => void)[]>();
  private running = false;

  constructor(store: Store, courier: Courier, meaning: Meaning, clock: Clock, log: Log) {
    this.store = store;
    this.courier = courier;
    this.meaning = meaning;
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
    for (const timer of this.resting.values()) timer.cancel();
    this.retries.clear();
    this.resting.clear();
  }

  changed(seq: number, notice: Notice | undefined): void {
    const known = this.waiting.get(seq);
    if (notice !== undefined) this.add(notice);
    else if (known !== undefined) this.drop(known);
  }

  /** Whether the notice with this number waits. */
  has(seq: number): boolean {
    return this.waiting.has(seq);
  }

  /** How many notices wait. */
  get count(): number {
    return this.waiting.size;
  }

  /** Resolves once the notice is out of the outbox, whatever the answer was. */
  settled(seq: number): Promise<void> {
    if (!this.waiting.has(seq)) return Promise.resolve();
    return new Promise((resolve) => {
      this.watchers.set(seq, [...(this.watchers.get(seq) ?? []), resolve]);
    });
  }

  /** The receiver (bare JID) has come, or a new session of it: sends what waits for it at once. */
  reachable(receiver: string): void {
    const numbers = this.byReceiver.get(receiver);
    if (numbers === undefined || !this.running) return;
    for (const seq of numbers) {
      this.forgetRetry(seq);
      if (this.inFlight.has(seq)) this.again.add(seq);
    }
    this.flush(receiver);
  }

  private add(notice: Notice): void {
    this.waiting.set(notice.seq, notice);
    for (const [index, key] of this.placesOf(notice)) {
      const numbers = index.get(key) ?? new Set();
      index.set(key, numbers.add(notice.seq));
    }
    if (!this.running) return;
    this.replaceEarlier(notice);
    this.sendDue([notice.seq]);
  }

  private drop(notice: Notice): void {
    const { seq } = notice;
    this.waiting.delete(seq);
    this.forgetRetry(seq);
    for (const [index, key] of this.placesOf(notice)) {
      const numbers = index.get(key);
      numbers?.delete(seq);
      if (numbers?.size === 0) index.delete(key);
    }
    for (const tell of this.watchers.get(seq) ?? []) tell();
    this.watchers.delete(seq);
    this.sendDue(this.sameMatter(notice));
  }

  private placesOf(notice: Notice): (readonly [Map<string, Set<number>>, string])[] {
    return [
      [this.byReceiver, notice.to],
      [this.byMatter, matterKey(notice)],
    ];
  }

  private sameMatter(notice: Notice): ReadonlySet<number> {
    return this.byMatter.get(matterKey(notice)) ?? new Set();
  }

  private flush(receiver: string): void {
    this.sendDue(this.byReceiver.get(receiver) ?? []);
  }

  private sendDue(numbers: Iterable<number>): void {
    if (!this.running || this.store.damage !== undefined) return;
    for (const seq of [...numbers].sort((a, b) => a - b)) {
      const notice = this.waiting.get(seq);
      if (notice !== undefined && !this.retries.has(seq) && this.isDue(notice)) this.send(notice);
    }
  }

  private isDue(notice: Notice): boolean {
    if (this.inFlight.has(notice.seq) || this.resting.has(restKey(notice))) return false;
    for (const seq of this.sameMatter(notice)) {
      const other = this.waiting.get(seq);
      if (other === undefined) continue;
      if (speaksFor(other, notice) || awaits(notice, other) || this.comesFirst(other, notice)) return false;
    }
    return true;
  }

  /** One that came to its end unheard, while what says it again came up. */
  private replaceBy(earlier: Notice): void {
    if (!this.waiting.has(earlier.seq)) return;
    for (const seq of this.sameMatter(earlier)) {
      const later = this.waiting.get(seq);
      if (later === undefined || !speaksFor(later, earlier)) continue;
      this.replaceEarlier(later);
      return;
    }
  }

  /** Takes out what a later notice says again; what is on its way comes to its end. */
  private replaceEarlier(later: Notice): void {
    const earlier = [...this.sameMatter(later)].filter((seq) => {
      const other = this.waiting.get(seq);
      return other !== undefined && !this.inFlight.has(seq) && speaksFor(later, other);
    });
    if (earlier.length === 0) return;
    const replaced = this.store.transact(async (transaction) => {
      if ((await transaction.get(notices, later.seq)) === undefined) return;
      for (const seq of earlier) transaction.delete(notices, seq);
    });
    replaced.catch((error: unknown) =>
      this.log.error('Notices that are said again stay in the outbox.', {
        to: later.to,
        error: String(error),
      }),
    );
  }

  /**
   * One that was said and not answered holds up no `disowned`: that makes it untrue. While one is on its way, what says
   * the same again waits.
   */
  private comesFirst(earlier: Notice, later: Notice): boolean {
    if (later.body.operation === 'disowned' && this.retries.has(earlier.seq)) return false;
    if (comesBefore(earlier, later)) return true;
    return STANDING.has(later.body.operation) && this.inFlight.has(earlier.seq) && speaksFor(later, earlier);
  }

  private send(notice: Notice): void {
    this.inFlight.add(notice.seq);
    this.beginRest(notice);
    void this.deliver(notice);
  }

  /** From the sending on, not from the answer: what is due in the same breath has to wait for it. */
  private beginRest(notice: Notice): void {
    const rest = REST[notice.body.operation];
    if (rest === undefined) return;
    const key = restKey(notice);
    const wake = () => {
      this.resting.delete(key);
      this.flush(notice.to);
    };
    this.resting.set(key, this.clock.after(rest, wake, 'rest between notices'));
  }

  /** Nothing was said. */
  private endRest(notice: Notice): void {
    const key = restKey(notice);
    this.resting.get(key)?.cancel();
    this.resting.delete(key);
  }

  private async deliver(notice: Notice): Promise<void> {
    let more = false;
    // Views hear of a batch one after the other: what is said must know all of it.
    await Promise.resolve();
    try {
      const delivery = this.meaning.holds(notice.body) ? await this.courier.deliver(notice) : undefined;
      if (delivery === undefined || delivery === 'unreachable') this.endRest(notice);
      // What waited for its rest is next.
      if (delivery === undefined) this.flush(notice.to);
      if (delivery === 'unanswered') {
        this.retryLater(notice);
        more = true;
      } else if (delivery !== 'unreachable') {
        await this.takeOut(notice, delivery);
        more = this.waiting.has(notice.seq);
      }
    } catch (error) {
      this.log.error('A notice could not be delivered; it is tried again.', {
        to: notice.to,
        error: String(error),
      });
      this.retryLater(notice);
    }
    this.inFlight.delete(notice.seq);
    this.replaceBy(notice);
    const again = this.again.delete(notice.seq);
    if (again) this.forgetRetry(notice.seq);
    if (again || more) this.sendDue(this.sameMatter(notice));
  }

  /** Takes out what was said, or is not true any more. What changed on its way is to be said once more. */
  private async takeOut(notice: Notice, answer: Answer | undefined): Promise<void> {
    const said = [...this.sameMatter(notice)].filter((seq) => {
      const other = this.waiting.get(seq);
      return other !== undefined && speaksFor(notice, other);
    });
    await this.store.transact(async (transaction) => {
      for (const seq of said) transaction.delete(notices, seq);
      const now = await transaction.get(notices, notice.seq);
      if (now === undefined || JSON.stringify(now.body) !== JSON.stringify(notice.body)) return;
      transaction.delete(notices, notice.seq);
      if (answer !== undefined) await this.meaning.answered(transaction, notice, answer);
    });
  }

  private retryLater(notice: Notice): void {
    if (!this.running || !this.waiting.has(notice.seq)) return;
    const wait = Math.min((this.retries.get(notice.seq)?.wait ?? FIRST_RETRY / 2) * 2, LAST_RETRY);
    const timer = this.clock.after(wait, () => this.retry(notice.seq), 'notice retry');
    this.retries.set(notice.seq, { wait, timer });
  }

  private retry(seq: number): void {
    const notice = this.waiting.get(seq);
    if (notice === undefined || this.store.damage !== undefined) return;
    if (this.isDue(notice)) this.send(notice);
    else this.forgetRetry(seq);
  }

  private forgetRetry(seq: number): void {
    this.retries.get(seq)?.timer.cancel();
    this.retries.delete(seq);
  }
}

/** Whether one notice says what an earlier one said, or what is true instead: then the earlier one need not be said. */
function speaksFor(later: Notice, earlier: Notice): boolean {
  return (
    later.seq > earlier.seq &&
    later.body.operation === earlier.body.operation &&
    REPEATABLE.has(later.body.operation) &&
    matterKey(later) === matterKey(earlier)
  );
}

/** Whether one waits until the other is acknowledged; a later one of its kind may have taken the place of that. */
function awaits({ after, ...notice }: Notice, other: Notice): boolean {
  if (after === undefined || other.seq === notice.seq) return false;
  return other.seq === after || (other.seq > after && other.body.operation === 'clear-cache');
}

/**
 * Whether a thing must have acknowledged the one before it hears the other: where it stands in the registry it learns in
 * order. Some never answer `removed`, which holds up nothing.
 */
function comesBefore(earlier: Notice, later: Notice): boolean {
  return (
    earlier.seq < later.seq &&
    STANDING.has(earlier.body.operation) &&
    STANDING.has(later.body.operation) &&
    earlier.body.operation !== 'removed' &&
    'thing' in earlier.body &&
    'thing' in later.body &&
    sameAddress(earlier.body.thing, later.body.thing)
  );
}

/** What a notice is about: the receiver, and the thing where there is one. */
function matterKey({ to, body }: Notice): string {
  return 'thing' in body ? `${to}\u0000${things.encode(body.thing)}` : to;
}

function restKey(notice: Notice): string {
  return `${notice.body.operation} ${notice.to}`;
}
