import { HubError } from '../domain/errors.js';
import type { World } from '../system/world.js';
import type { Backend, Change } from './backend.js';
import { BackgroundCheck } from './background-check.js';
import { LayeredReader } from './layered-reader.js';
import { type Loaded, load, type Witness } from './load.js';
import type { Meta } from './meta.js';
import type { Snapshots } from './snapshots.js';
import { StartProgress } from './start-progress.js';
import type { Damage, Reader, ScanOptions, Store, Transaction, View } from './store.js';
import type { Table } from './table.js';
import type { Tallies } from './tally.js';
import { type BatchLimits, type StoreMetrics, Transactor } from './transact.js';
import { type News, tell, Views } from './views.js';

/** The parts of the world that every store needs. */
export type StoreWorld = Pick<World, 'clock' | 'random' | 'log'>;

/** What a store stands on once it is open. */
export interface Opened {
  readonly backend: Backend;
  /** What is known of the data from outside the database. */
  readonly witness: Witness | undefined;
  /** Where views are kept in files from one start to the next, if anywhere. */
  readonly snapshots?: Snapshots | undefined;
}

/** What a store does at most at once, and how it starts. */
export interface EngineLimits extends BatchLimits {
  /** Up to so many records every key is looked up before the start is through; above, in the background. */
  readonly lookUpTo: number;
  /** Called now and then during a start that takes long, with the part of the records read, in percent. */
  readonly onProgress: (percent: number) => void;
}

const DEFAULT_LIMITS: EngineLimits = {
  maxOps: 512,
  maxSize: 1024 * 1024,
  keepLinks: 4096,
  lookUpTo: 50_000,
  onProgress: () => undefined,
};
/** A damage text names so many problems and counts the rest. */
const NAMED_PROBLEMS = 4;

/** How the records are as the last batch left them. */
interface State {
  meta: Meta;
  readonly tallies: Tallies;
}

interface Running {
  readonly reader: Reader;
  readonly transactor: Transactor;
  readonly snapshots: Snapshots | undefined;
  readonly check: BackgroundCheck | undefined;
  readonly state: State;
}

/** The store without its database: checks at start, views, transactions and safe mode are the same for all. */
export abstract class EngineStore implements Store {
  /** Counts since the store was made. */
  readonly metrics: Readonly<StoreMetrics>;
  private readonly counts: StoreMetrics = { commits: 0, transactions: 0 };
  private readonly world: StoreWorld;
  private readonly limits: EngineLimits;
  private readonly views = new Views();
  private running: Running | undefined;
  private readonly watchers: (() => void)[] = [];
  private found: Damage | undefined;

  constructor(world: StoreWorld, limits: Partial<EngineLimits> = {}) {
    this.world = world;
    this.limits = { ...DEFAULT_LIMITS, ...limits };
    this.metrics = this.counts;
  }

  get damage(): Damage | undefined {
    return this.found;
  }

  onDamage(listener: () => void): void {
    this.watchers.push(listener);
  }

  async start(): Promise<void> {
    if (this.running !== undefined) throw new Error('The store has been started already.');
    this.found = undefined;
    const opened = await this.open();
    try {
      const loaded = await this.load(opened);
      if (loaded.problems.length > 0) this.enterSafeMode(loaded.problems);
      else await this.loaded(loaded.meta);
      this.running = this.run(opened, loaded);
      if (this.found === undefined) await opened.snapshots?.tidy();
      else await opened.snapshots?.discard();
    } catch (error) {
      this.running = undefined;
      await this.close();
      throw error;
    }
  }

  async stop(): Promise<void> {
    const { running } = this;
    if (running === undefined) return;
    this.running = undefined;
    await running.check?.stop();
    await running.transactor.idle();
    const { snapshots, state } = running;
    if (this.found === undefined) await snapshots?.save(this.views.kept(), state.meta, state.tallies);
    else await snapshots?.discard();
    await this.close();
  }

  /** Resolves once all records are checked: those that the start left to the background too. */
  get checked(): Promise<void> {
    return this.running?.check?.done ?? Promise.resolve();
  }

  report(problem: string): void {
    this.enterSafeMode([problem]);
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

  private async load(opened: Opened): Promise<Loaded> {
    const { clock, random, log } = this.world;
    const { lookUpTo, onProgress } = this.limits;
    const progress = new StartProgress(clock, log, onProgress);
    try {
      const { backend, witness, snapshots } = opened;
      const newInstance = random.id();
      return await load({ backend, views: this.views, witness, snapshots, newInstance, lookUpTo, progress });
    } finally {
      progress.end();
    }
  }

  private run({ backend, snapshots }: Opened, { meta, tallies, complete }: Loaded): Running {
    const damaged = (error: Error): void => this.enterSafeMode([error.message]);
    const reader = new LayeredReader({ backend, layers: [], damaged });
    const state = { meta, tallies };
    const transactor = this.transactor(backend, state, damaged);
    const checked = complete || this.found !== undefined;
    const check = checked ? undefined : this.checkRest(backend, meta);
    return { reader, transactor, snapshots, check, state };
  }

  private transactor(backend: Backend, state: State, damaged: (error: Error) => void): Transactor {
    const { clock, log } = this.world;
    return new Transactor({
      backend,
      clock,
      log,
      chain: state.meta.chain,
      damaged,
      agree: (table, key, value) => this.views.agree(table, key, value),
      lacks: (table, key) => this.views.lacks(table, key),
      limits: this.limits,
      metrics: this.counts,
      guard: () => {
        if (this.found !== undefined) throw new HubError('safe-mode');
      },
      follow: ({ changes, growth }) => {
        const news = changes.map((change) => this.newsOf(change));
        return (chain) => {
          state.meta = { ...state.meta, chain };
          state.tallies.merge(growth);
          for (const each of news) this.tell(each);
          this.committed(chain.head.seq);
        };
      },
    });
  }

  // Nothing was written since the records were loaded, so that they are as the chain says.
  private checkRest(backend: Backend, { chain }: Meta): BackgroundCheck {
    const { clock, log } = this.world;
    const found = (problems: readonly string[]): void => this.enterSafeMode(problems);
    const check = new BackgroundCheck(backend.freeze(), chain, clock, found);
    check.run().catch((error: unknown) => {
      log.error('The check of the records did not end as it should.', { error: String(error) });
    });
    return check;
  }

  private newsOf({ key, raw }: Change): News | undefined {
    try {
      return this.views.news(key, raw);
    } catch (error) {
      this.cannotFollow(key, error);
      return undefined;
    }
  }

  private tell(news: News | undefined): void {
    try {
      tell(news);
    } catch (error) {
      this.cannotFollow(news?.text ?? '', error);
    }
  }

  // The callers are answered all the same, for their records are sound; but what the views say cannot be trusted any more.
  private cannotFollow(key: string, error: unknown): void {
    this.enterSafeMode([`the record ${JSON.stringify(key)} could not be followed: ${String(error)}`]);
  }

  private enterSafeMode(problems: readonly string[]): void {
    if (this.found !== undefined) return;
    const named = problems.slice(0, NAMED_PROBLEMS);
    const more = problems.length - named.length;
    if (more > 0) named.push(`${more} more problems`);
    const text = `The data in ${this.place} is damaged: ${named.join('; ')}. The hub runs in safe mode: nothing is changed and nothing is allowed. Stop it, move the data folder away but keep it, and put a copy from before in its place.`;
    this.found = { text };
    this.world.log.error(text);
    for (const watcher of this.watchers) watcher();
    // The next start is to look at everything.
    void this.running?.snapshots?.discard();
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
