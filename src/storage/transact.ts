import { setImmediate } from 'node:timers';
import { HubError } from '../domain/errors.js';
import type { Clock } from '../system/clock.js';
import type { Log } from '../system/log.js';
import type { Backend, Change } from './backend.js';
import { type BatchContent, type Chain, extendChain } from './chain.js';
import { Draft, type DraftContent } from './draft.js';
import { Gathering } from './gathering.js';
import type { ReaderParts } from './layered-reader.js';
import type { Transaction } from './store.js';
import type { Table } from './table.js';
import { Tallies } from './tally.js';

/** How much goes into one batch, and how much of the chain stays. */
export interface BatchLimits {
  /** Records written or deleted. One transaction is never split, whatever its size. */
  readonly maxOps: number;
  /** Characters of keys and records. */
  readonly maxSize: number;
  /** Links of the chain that stay, at least 1. */
  readonly keepLinks: number;
}

/** Counts since the store was made. */
export interface StoreMetrics {
  /** Batches written, each with one sync. */
  commits: number;
  /** Transactions that wrote something and are on the disk. */
  transactions: number;
}

/** What transactions stand on. */
export interface TransactorParts {
  readonly backend: Backend;
  readonly clock: Pick<Clock, 'monotonic' | 'after'>;
  readonly log: Log;
  readonly limits: BatchLimits;
  readonly chain: Chain;
  readonly metrics: StoreMetrics;
  /** Hears of a damaged record. */
  readonly damaged: (error: Error) => void;
  /** Whether memory knows of a record what the database says. */
  readonly agree: <K, V>(table: Table<K, V>, key: K, value: V | undefined) => boolean;
  /** Whether memory knows all records of the table, and none there. */
  readonly lacks: <K, V>(table: Table<K, V>, key: K) => boolean;
  /** Throws what every transaction is refused with, if nothing may be written now. */
  readonly guard: () => void;
  /**
   * Called while a batch is on its way to the disk; what it returns is called once the batch is there, before the
   * callers hear of it. Neither throws.
   */
  readonly follow: (batch: BatchContent) => (chain: Chain) => void;
}

interface Waiting extends DraftContent {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

const SLOW_COMMIT_MS = 250;
const SLOW_WARNING_EVERY_MS = 60_000;

/**
 * Runs transactions one after another and writes them in groups: what arrives while one batch is on its way to the
 * disk shares the next. One batch is on its way at most, so that reads keep their threads.
 */
export class Transactor {
  private readonly parts: TransactorParts;
  /** Written by finished transactions, not on the disk yet. */
  private readonly pending = new Map<string, Change>();
  private readonly queue: Waiting[] = [];
  private chain: Chain;
  private turn: Promise<void> = Promise.resolve();
  private busy = false;
  private readonly gathering: Gathering;
  private failure: HubError | undefined;
  private lastWarning = Number.NEGATIVE_INFINITY;

  constructor(parts: TransactorParts) {
    this.parts = parts;
    this.chain = parts.chain;
    // What the same turn of the event loop brings shares the batch: that costs no time and saves syncs.
    this.gathering = new Gathering(parts.clock, () => void setImmediate(() => void this.write()));
  }

  /** As `Store.transact`. */
  async transact<T>(fn: (transaction: Transaction) => Promise<T> | T): Promise<T> {
    const run = this.turn.then(() => this.run(fn));
    // The next one's turn comes whether this one throws or not: its own caller hears of that.
    this.turn = run.then(
      () => undefined,
      () => undefined,
    );
    const { result, written } = await run;
    await written;
    return result;
  }

  /** Resolves once everything that was begun is on the disk or has failed. */
  async idle(): Promise<void> {
    await this.turn;
    // Whoever waits for a failed batch has been told already.
    await this.enqueue({ changes: [], growth: new Tallies(), size: 0 }).catch(() => undefined);
  }

  private async run<T>(
    fn: (transaction: Transaction) => Promise<T> | T,
  ): Promise<{ readonly result: T; readonly written: Promise<void> }> {
    this.refuse();
    const { backend, damaged, agree, lacks } = this.parts;
    const reads: ReaderParts = { backend, damaged, agree, lacks, layers: [this.pending] };
    const draft = new Draft(reads);
    try {
      const result = await fn(draft);
      // What it read may have been taken back meanwhile.
      this.refuse();
      return { result, written: this.enqueue(draft.content()) };
    } finally {
      draft.end();
    }
  }

  private refuse(): void {
    if (this.failure !== undefined) throw this.failure;
    this.parts.guard();
  }

  private enqueue(content: DraftContent): Promise<void> {
    // One that only reads has seen writes that are not on the disk yet, so it waits with them.
    if (content.changes.length === 0 && this.queue.length === 0 && !this.busy) return Promise.resolve();
    for (const change of content.changes) this.pending.set(change.key, change);
    return new Promise((resolve, reject) => {
      this.queue.push({ ...content, resolve, reject });
      this.begin();
    });
  }

  private begin(): void {
    if (this.busy) {
      this.gathering.arrived(this.queue.length);
      return;
    }
    this.busy = true;
    this.gathering.begin(this.queue.length);
  }

  private async write(): Promise<void> {
    const group = this.take();
    const begun = this.parts.clock.monotonic();
    try {
      await this.commit(group);
    } catch (error) {
      this.fail(error, group);
    }
    this.gathering.committed(group.length, this.parts.clock.monotonic() - begun, this.queue.length);
    this.busy = false;
    if (this.queue.length > 0) this.begin();
  }

  private take(): Waiting[] {
    const { maxOps, maxSize } = this.parts.limits;
    let count = 0;
    let ops = 0;
    let size = 0;
    for (const waiting of this.queue) {
      ops += waiting.changes.length;
      size += waiting.size;
      if (count > 0 && (ops > maxOps || size > maxSize)) break;
      count += 1;
    }
    return this.queue.splice(0, count);
  }

  private async commit(group: readonly Waiting[]): Promise<void> {
    const batch = join(group);
    if (batch.changes.length > 0) {
      const { backend, limits, metrics } = this.parts;
      const extended = extendChain(this.chain, batch, limits.keepLinks, (key) => backend.get(key));
      const written = this.timed(() => backend.commit([...batch.changes, ...extended.changes]));
      // The disk takes its time: what can be done before it is ready costs the callers nothing.
      const committed = this.parts.follow(batch);
      await written;
      this.chain = extended.chain;
      metrics.commits += 1;
      metrics.transactions += group.filter(({ changes }) => changes.length > 0).length;
      for (const change of batch.changes) {
        if (this.pending.get(change.key) === change) this.pending.delete(change.key);
      }
      committed(this.chain);
    }
    for (const waiting of group) waiting.resolve();
  }

  private async timed(write: () => Promise<void>): Promise<void> {
    const { clock, log } = this.parts;
    const begun = clock.monotonic();
    await write();
    const now = clock.monotonic();
    if (now - begun < SLOW_COMMIT_MS || now - this.lastWarning < SLOW_WARNING_EVERY_MS) return;
    this.lastWarning = now;
    log.warn('The disk is slow: answers wait for it. A worn SD card does this; think of replacing it.', {
      milliseconds: Math.round(now - begun),
    });
  }

  // LevelDB refuses every write after a failed sync; and what waits may build on what was not written.
  private fail(error: unknown, group: readonly Waiting[]): void {
    const failure = new HubError('store-failed', undefined, { cause: error });
    this.failure = failure;
    this.pending.clear();
    this.parts.log.error(
      'A write to the data folder failed: from now on nothing is changed. Check the disk (full? read-only?), then restart the hub.',
      { error: error instanceof Error ? error.message : String(error) },
    );
    for (const waiting of [...group, ...this.queue.splice(0)]) waiting.reject(failure);
  }
}

function join(group: readonly Waiting[]): BatchContent {
  const changes = new Map<string, Change>();
  const growth = new Tallies();
  for (const waiting of group) {
    for (const change of waiting.changes) changes.set(change.key, change);
    growth.merge(waiting.growth);
  }
  return { changes: [...changes.values()], growth };
}
