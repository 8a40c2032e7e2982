import { HubError } from '../domain/errors.js';
import type { World } from '../system/world.js';
import type { Backend, Change } from './backend.js';
import type { Chain } from './chain.js';
import { LayeredReader } from './layered-reader.js';
import { load, type Witness } from './load.js';
import type { Meta } from './meta.js';
import type { Damage, Reader, ScanOptions, Store, Transaction, View } from './store.js';
import type { Table } from './table.js';
import { type BatchLimits, type StoreMetrics, Transactor } from './transact.js';
import { Views } from './views.js';

/** The parts of the world that every store needs. */
export type StoreWorld = Pick<World, 'clock' | 'random' | 'log'>;

/** What a store stands on once it is open. */
export interface Opened {
  readonly backend: Backend;
  /** What is known of the data from outside the database. */
  readonly witness: Witness | undefined;
}

const DEFAULT_LIMITS: BatchLimits = { maxOps: 512, maxSize: 1024 * 1024, keepLinks: 4096 };
/** A damage text names so many problems and counts the rest. */
const NAMED_PROBLEMS = 4;

interface Running {
  readonly reader: Reader;
  readonly transactor: Transactor;
}

/** The store without its database: checks at start, views, transactions and safe mode are the same for all. */
export abstract class EngineStore implements Store {
  /** Counts since the store was made. */
  readonly metrics: Readonly<StoreMetrics>;
  private readonly counts: StoreMetrics = { commits: 0, transactions: 0 };
  private readonly world: StoreWorld;
  private readonly limits: BatchLimits;
  private readonly views = new Views();
  private running: Running | undefined;
  private found: Damage | undefined;

  constructor(world: StoreWorld, limits: Partial<BatchLimits> = {}) {
    this.world = world;
    this.limits = { ...DEFAULT_LIMITS, ...limits };
    this.metrics = this.counts;
  }

  get damage(): Damage | undefined {
    return this.found;
  }

  async start(): Promise<void> {
    if (this.running !== undefined) throw new Error('The store has been started already.');
    this.found = undefined;
    const { backend, witness } = await this.open();
    try {
      const { meta, problems } = await load(backend, this.views, witness, this.world.random.id());
      if (problems.length > 0) this.enterSafeMode(problems);
      else await this.loaded(meta);
      this.running = this.run(backend, meta.chain);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async stop(): Promise<void> {
    const running = this.running;
    if (running === undefined) return;
    this.running = undefined;
    await running.transactor.idle();
    await this.close();
  }

  follow<K, V>(view: View<K, V>): void {
    if (this.running !== undefined) throw new Error('A view joins before the store starts.');
    this.views.add(view);
  }

  async get<K, V>(table: Table<K, V>, key: K): Promise<V | undefined> {
    return this.parts().reader.get(table, key);
  }

  async *scan<K, V>(table: Table<K, V>, options?: ScanOptions): AsyncGenerator<readonly [K, V]> {
    yield* this.parts().reader.scan(table, options);
  }

  async transact<T>(fn: (transaction: Transaction) => Promise<T> | T): Promise<T> {
    return this.parts().transactor.transact(fn);
  }

  /** Opens the database. Rejects with a StartFailure where not even reading is possible. */
  protected abstract open(): Promise<Opened>;

  /** The data was found sound. */
  protected abstract loaded(meta: Meta): Promise<void>;

  /** A batch is on the disk. Does not throw. */
  protected abstract committed(seq: number): void;

  /** Closes what `open` opened. */
  protected abstract shut(): Promise<void>;

  /** Where the data lies, for people. */
  protected abstract get place(): string;

  private run(backend: Backend, chain: Chain): Running {
    const { clock, log } = this.world;
    const damaged = (error: Error): void => this.enterSafeMode([error.message]);
    const reader = new LayeredReader({ backend, layers: [], damaged });
    const transactor = new Transactor({
      backend,
      clock,
      log,
      chain,
      damaged,
      limits: this.limits,
      metrics: this.counts,
      guard: () => {
        if (this.found !== undefined) throw new HubError('safe-mode');
      },
      committed: (changes, { head }) => {
        this.tellViews(changes);
        this.committed(head.seq);
      },
    });
    return { reader, transactor };
  }

  // The records are on the disk, so the callers are answered; but what the views say cannot be trusted any more.
  private tellViews(changes: readonly Change[]): void {
    for (const { key, raw } of changes) {
      try {
        this.views.tell(key, raw);
      } catch (error) {
        this.enterSafeMode([`the record ${JSON.stringify(key)} could not be followed: ${String(error)}`]);
      }
    }
  }

  private enterSafeMode(problems: readonly string[]): void {
    if (this.found !== undefined) return;
    const named = problems.slice(0, NAMED_PROBLEMS);
    const more = problems.length - named.length;
    if (more > 0) named.push(`${more} more problems`);
    const text = `The data in ${this.place} is damaged: ${named.join('; ')}. The hub runs in safe mode: nothing is changed and nothing is allowed. Stop it, move the data folder away but keep it, and put a copy from before in its place.`;
    this.found = { text };
    this.world.log.error(text);
  }

  private async close(): Promise<void> {
    try {
      await this.shut();
    } catch (error) {
      this.world.log.error('The store did not close as it should.', { error: String(error) });
    }
  }

  private parts(): Running {
    if (this.running === undefined) throw new Error('The store is not open.');
    return this.running;
  }
}
