import { describe, expect, it } from 'vitest';
import { HubError } from '../../src/domain/errors.js';
import { EngineStore, type Opened } from '../../src/storage/engine-store.js';
import { counters } from '../../src/storage/keys.js';
import type { BatchLimits } from '../../src/storage/transact.js';
import { CollectedLog } from '../world/collected-log.js';
import { ManualClock } from '../world/manual-clock.js';
import { FaultyBackend } from './faulty-backend.js';
import { KeptNotes } from './kept-notes.js';
import { notes } from './store-contract.js';
import { storeWorld } from './store-stage.js';

/** A store on a database that the test holds back or breaks. */
class StoreUnderTest extends EngineStore {
  protected readonly place = 'the test';
  readonly backend: FaultyBackend;
  readonly told: number[] = [];

  constructor(
    world: ConstructorParameters<typeof EngineStore>[0],
    limits: Partial<BatchLimits> = {},
    backend = new FaultyBackend(),
  ) {
    super(world, limits);
    this.backend = backend;
  }

  write(key: string, text = key): Promise<void> {
    return this.transact((transaction) => transaction.put(notes, [key, ''], { text }));
  }

  protected async open(): Promise<Opened> {
    return { backend: this.backend, witness: undefined };
  }

  protected async loaded(): Promise<void> {}

  protected committed(seq: number): void {
    this.told.push(seq);
  }

  protected async shut(): Promise<void> {}
}

/** A started store whose first commit, of the key `first`, is held back. */
async function heldStore(limits: Partial<BatchLimits> = {}) {
  const log = new CollectedLog();
  const clock = new ManualClock();
  const store = new StoreUnderTest({ ...storeWorld(log), clock }, limits);
  await store.start();
  store.backend.commits.length = 0;
  store.backend.hold();
  const first = store.write('first');
  await store.backend.waiting();
  return { store, log, clock, first };
}

describe('group commit', () => {
  it('writes what arrives during one commit with the next, one commit at a time', async () => {
    const { store, first } = await heldStore();
    const rest = Array.from({ length: 64 }, (_, i) => store.write(`${i}`));
    store.backend.release();
    await Promise.all([first, ...rest]);
    expect(store.metrics).toEqual({ commits: 2, transactions: 65 });
    // Each batch also brings its link and the new head.
    expect(store.backend.commits).toEqual([1 + 2, 64 + 2]);
    expect(store.backend.most).toBe(1);
    expect(store.told).toEqual([1, 2]);
    await store.stop();
  });

  it('answers nobody before the disk has it, readers of what waits neither', async () => {
    const { store, first } = await heldStore();
    const answered: string[] = [];
    const write = first.then(() => answered.push('writer'));
    const read = store
      .transact((transaction) => transaction.get(notes, ['first', '']))
      .then((note) => answered.push(`reader of ${note?.text}`));
    await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toEqual([]);
    expect(await store.get(notes, ['first', ''])).toBeUndefined();
    store.backend.release();
    await Promise.all([write, read]);
    expect(answered).toEqual(['writer', 'reader of first']);
    expect(store.metrics.commits).toBe(1);
    await store.stop();
  });

  it('tells views nothing that is not on the disk', async () => {
    const heard: string[] = [];
    const store = new StoreUnderTest(storeWorld(new CollectedLog()));
    store.follow({ table: notes, changed: ([key]) => void heard.push(key) });
    await store.start();
    store.backend.hold();
    const first = store.write('first');
    await store.backend.waiting();
    expect(heard).toEqual([]);
    store.backend.release();
    await first;
    expect(heard).toEqual(['first']);
    await store.stop();
  });

  it('keeps batches below the limits, and never splits a transaction', async () => {
    const { store, first } = await heldStore({ maxOps: 10 });
    const rest = Array.from({ length: 25 }, (_, i) => store.write(`${i}`));
    const large = store.transact((transaction) => {
      for (let i = 0; i < 15; i++) transaction.put(notes, ['large', `${i}`], { text: 'x' });
    });
    store.backend.release();
    await Promise.all([first, ...rest, large]);
    expect(store.backend.commits.map((count) => count - 2)).toEqual([1, 10, 10, 5, 15]);
    await store.stop();
  });

  it('keeps batches below a size', async () => {
    const { store, first } = await heldStore({ maxSize: 1000 });
    const rest = ['a', 'b', 'c', 'd'].map((key) => store.write(key, 'x'.repeat(400)));
    store.backend.release();
    await Promise.all([first, ...rest]);
    expect(store.backend.commits.map((count) => count - 2)).toEqual([1, 2, 2]);
    await store.stop();
  });

  it('writes nothing where nothing changes', async () => {
    const { store, first } = await heldStore();
    store.backend.release();
    await first;
    await store.write('first');
    await store.transact((transaction) => transaction.delete(counters, 'rule'));
    expect(store.metrics).toEqual({ commits: 1, transactions: 1 });
    await store.stop();
  });

  it('asks the disk only for what a view that knows all records of a table knows of', async () => {
    const store = new StoreUnderTest(storeWorld());
    const view = new KeptNotes();
    store.follow(view);
    await store.start();
    const { lookedUp } = store.backend;
    const readAndWrite = (key: string, text: string): Promise<string | undefined> =>
      store.transact(async (transaction) => {
        const before = await transaction.get(notes, [key, '']);
        transaction.put(notes, [key, ''], { text });
        return before?.text;
      });
    lookedUp.length = 0;
    expect(await readAndWrite('new', '1')).toBeUndefined();
    expect(lookedUp).toEqual([]);
    expect(await readAndWrite('new', '2')).toBe('1');
    expect(lookedUp).toEqual(['z!new\u0000']);
    await store.transact((transaction) => transaction.delete(notes, ['new', '']));
    lookedUp.length = 0;
    expect(await readAndWrite('new', '3')).toBeUndefined();
    expect(lookedUp).toEqual([]);
    // Two in one batch: the second sees what the first wrote, of which the view has not heard yet.
    const both = [readAndWrite('other', '1'), readAndWrite('other', '2')];
    expect(await Promise.all(both)).toEqual([undefined, '1']);
    expect(view.text('other')).toBe('2');
    await store.stop();
    const again = new StoreUnderTest(storeWorld(), {}, store.backend);
    await again.start();
    expect(again.damage).toBeUndefined();
    await again.stop();
  });

  it('warns of a slow disk, once a minute', async () => {
    const { store, log, clock, first } = await heldStore();
    clock.advance(400);
    store.backend.release();
    await first;
    store.backend.hold();
    const second = store.write('second');
    await store.backend.waiting();
    clock.advance(400);
    store.backend.release();
    await second;
    expect(log.lines.filter(({ level }) => level === 'warn')).toMatchObject([
      { fields: { milliseconds: 400 } },
    ]);
    await store.stop();
  });
});

describe('a failed write', () => {
  it('abuse 72: rejects all that wait, and all later ones; reads go on as before', async () => {
    const { store, log, first } = await heldStore();
    const refused = (attempt: Promise<unknown>) =>
      expect(attempt).rejects.toMatchObject({ name: 'HubError', code: 'store-failed' });
    const second = store.write('second');
    const all = [refused(first), refused(second)];
    store.backend.break();
    await Promise.all(all);
    await refused(store.write('third'));
    await refused(store.transact(() => 'only reads'));
    expect(await store.get(notes, ['first', ''])).toBeUndefined();
    expect(store.told).toEqual([]);
    expect(log.lines).toMatchObject([
      { level: 'error', fields: { error: expect.stringContaining('ENOSPC') } },
    ]);
    await store.stop();
  });

  it('rejects a transaction that runs meanwhile: it has read what was never written', async () => {
    const { store, first } = await heldStore();
    let go: (() => void) | undefined;
    const running = store.transact(async (transaction) => {
      const note = await transaction.get(notes, ['first', '']);
      await new Promise<void>((resolve) => (go = resolve));
      return note;
    });
    const outcomes = Promise.allSettled([first, running]);
    await new Promise((resolve) => setImmediate(resolve));
    store.backend.break();
    await expect(first).rejects.toBeInstanceOf(HubError);
    go?.();
    for (const outcome of await outcomes) expect(outcome).toMatchObject({ reason: { code: 'store-failed' } });
    await store.stop();
  });

  it('is over after a restart, which finds the data sound', async () => {
    const { store, first } = await heldStore();
    const failed = expect(first).rejects.toThrow();
    store.backend.break();
    await failed;
    await store.stop();
    const again = new StoreUnderTest(storeWorld(), {}, store.backend);
    await again.start();
    expect(again.damage).toBeUndefined();
    await again.write('first');
    expect(await again.get(notes, ['first', ''])).toEqual({ text: 'first' });
    await again.stop();
  });
});

describe('the chain of batches', () => {
  it('is trimmed to what is kept, and still checked', async () => {
    const backend = new FaultyBackend();
    const store = new StoreUnderTest(storeWorld(), { keepLinks: 10 }, backend);
    await store.start();
    for (let i = 0; i < 600; i++) await store.write('counter', `${i}`);
    await store.stop();
    let links = 0;
    for await (const slice of backend.scan({ from: 's!', to: 's"' })) links += slice.length;
    expect(links).toBeGreaterThanOrEqual(10);
    expect(links).toBeLessThan(10 + 256);

    const again = new StoreUnderTest(storeWorld(), { keepLinks: 10 }, backend);
    await again.start();
    expect(again.damage).toBeUndefined();
    await again.write('one more');
    await again.stop();
  });

  it('shows a record that fell back to what it was, with its own checksum right', async () => {
    const { store, first } = await heldStore();
    store.backend.release();
    await first;
    const old = store.backend.get('z!first\u0000');
    await store.write('first', 'newer');
    await store.stop();
    await store.backend.commit([{ key: 'z!first\u0000', raw: old }]);
    const again = new StoreUnderTest(storeWorld(), {}, store.backend);
    await again.start();
    expect(again.damage?.text).toContain('not those that were written last');
    await again.stop();
  });
});
