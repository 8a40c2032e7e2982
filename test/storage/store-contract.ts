import { describe, expect, it } from 'vitest';
import type { RosterItem } from '../../src/domain/roster-item.js';
import { counters, questions, rosters } from '../../src/storage/keys.js';
import type { Store, View } from '../../src/storage/store.js';
import { joinKey, splitKey, type Table } from '../../src/storage/table.js';

/** A kind of record for tests: a text under two parts. */
export const notes: Table<readonly [string, string], { readonly text: string }> = {
  name: 'notes',
  prefix: 'z!',
  encode: (key) => joinKey(key),
  decode: (text) => {
    const [one = '', two = ''] = splitKey(text);
    return [one, two];
  },
};

/** What stores are made from. */
export interface StoreMaker {
  readonly name: string;
  /** Runs `use` with a function that makes stores, all on the same data, none of them started. */
  with(use: (make: () => Store) => Promise<void>): Promise<void>;
}

const roster: RosterItem = { account: 'rule', jid: '', groups: [], subscription: 'none', listed: true };

/** A view that keeps what it hears. */
class Heard implements View<readonly [string, string], { readonly text: string }> {
  readonly table = notes;
  readonly heard: string[] = [];

  changed(key: readonly [string, string], value: { readonly text: string } | undefined): void {
    this.heard.push(`${key.join('/')}=${value?.text ?? 'gone'}`);
  }
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

const put = (store: Store, one: string, two: string, text: string): Promise<void> =>
  store.transact((transaction) => transaction.put(notes, [one, two], { text }));

/** The texts under all notes, in the order of a scan. */
const texts = async (store: Pick<Store, 'scan'>, options = {}): Promise<string[]> =>
  (await all(store.scan(notes, options))).map(([, { text }]) => text);

type Started = (use: (store: Store) => Promise<void>) => () => Promise<void>;

/** What holds for every store. */
export function storeContract(maker: StoreMaker): void {
  const started: Started = (use) => () =>
    maker.with(async (make) => {
      const store = make();
      await store.start();
      try {
        await use(store);
      } finally {
        await store.stop();
      }
    });
  describe(maker.name, () => {
    describeRecords(started);
    describeTransactions(started, maker);
    describeViews(maker);
  });
}

function describeRecords(started: Started): void {
  describe('records', () => {
    it(
      'gives back what was written, and undefined for what was not',
      started(async (store) => {
        await put(store, 'a', 'b', 'héllo \u0000 \u{1f3e0}');
        expect(await store.get(notes, ['a', 'b'])).toEqual({ text: 'héllo \u0000 \u{1f3e0}' });
        expect(await store.get(notes, ['a', 'c'])).toBeUndefined();
        expect(await store.get(counters, 'rule')).toBeUndefined();
      }),
    );

    it(
      'adds under keys that were never used',
      started(async (store) => {
        await store.transact((transaction) => transaction.add(notes, ['a', 'b'], { text: 'x' }));
        const both = ['c', 'd'].map((one) =>
          store.transact(async (transaction) => {
            transaction.add(notes, [one, ''], { text: one });
            return transaction.get(notes, [one, '']);
          }),
        );
        expect(await Promise.all(both)).toEqual([{ text: 'c' }, { text: 'd' }]);
        expect(await texts(store)).toEqual(['x', 'c', 'd']);
      }),
    );

    it(
      'deletes',
      started(async (store) => {
        await put(store, 'a', 'b', 'x');
        await store.transact((transaction) => {
          transaction.delete(notes, ['a', 'b']);
          transaction.delete(notes, ['never', 'there']);
        });
        expect(await store.get(notes, ['a', 'b'])).toBeUndefined();
        expect(await texts(store)).toEqual([]);
      }),
    );

    it(
      'scans in the order of UTF-8 bytes, by prefix, backwards, and to a limit',
      started(async (store) => {
        // U+FFFD comes before U+1F3E0 in UTF-8, and after it in JavaScript's own order.
        const keys = ['', 'a', 'a\u0000', 'b', '\u00ff', '\ufffd', '\u{1f3e0}', '\u{10ffff}'];
        for (const key of [...keys].reverse()) await put(store, key, '', key);
        expect(await texts(store)).toEqual(keys);
        expect(await texts(store, { reverse: true })).toEqual([...keys].reverse());
        expect(await texts(store, { limit: 2 })).toEqual(['', 'a']);
        expect(await texts(store, { limit: 2, reverse: true })).toEqual(['\u{10ffff}', '\u{1f3e0}']);
        expect(await texts(store, { limit: 0 })).toEqual([]);
        expect(await texts(store, { prefix: 'a' })).toEqual(['a', 'a\u0000']);
        expect(await texts(store, { prefix: '\u{10ffff}' })).toEqual(['\u{10ffff}']);
      }),
    );

    it(
      'keeps tables apart',
      started(async (store) => {
        await store.transact((transaction) => {
          transaction.put(counters, 'rule', 7);
          transaction.put(rosters, { account: 'rule', jid: '' }, roster);
        });
        expect(await store.get(counters, 'rule')).toBe(7);
        expect(await all(store.scan(rosters))).toEqual([[{ account: 'rule', jid: '' }, roster]]);
        expect(await all(store.scan(questions))).toEqual([]);
      }),
    );

    it(
      'refuses what has no form: a lone surrogate in a key, a value that is no JSON',
      started(async (store) => {
        await expect(put(store, '\ud800', '', 'x')).rejects.toThrow(TypeError);
        await expect(store.get(notes, ['\udfff', ''])).rejects.toThrow(TypeError);
        const absent: unknown = undefined;
        const write = store.transact((t) => t.put(counters, 'rule', absent as number));
        await expect(write).rejects.toThrow(TypeError);
        expect(await texts(store)).toEqual([]);
      }),
    );
  });
}

function describeTransactions(started: Started, maker: StoreMaker): void {
  describe('transactions', () => {
    it(
      'run one after another, each seeing the one before',
      started(async (store) => {
        const add = () =>
          store.transact(async (transaction) => {
            const count = (await transaction.get(counters, 'rule')) ?? 0;
            await new Promise((resolve) => setImmediate(resolve));
            transaction.put(counters, 'rule', count + 1);
            return count + 1;
          });
        const results = await Promise.all(Array.from({ length: 30 }, add));
        expect(results).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
        expect(await store.get(counters, 'rule')).toBe(30);
      }),
    );

    it(
      'read their own writes, and those that wait for the disk, in scans too',
      started(async (store) => {
        for (const key of ['b', 'd', 'f']) await put(store, key, '', `${key} on disk`);
        const first = store.transact((transaction) => {
          transaction.put(notes, ['a', ''], { text: 'a waits' });
          transaction.put(notes, ['d', ''], { text: 'd waits' });
          transaction.delete(notes, ['f', '']);
        });
        const second = store.transact(async (transaction) => {
          transaction.delete(notes, ['b', '']);
          transaction.put(notes, ['e', ''], { text: 'e is mine' });
          expect(await transaction.get(notes, ['d', ''])).toEqual({ text: 'd waits' });
          expect(await transaction.get(notes, ['b', ''])).toBeUndefined();
          return [
            await texts(transaction),
            await texts(transaction, { reverse: true }),
            await texts(transaction, { limit: 1 }),
            await texts(transaction, { prefix: 'd' }),
          ];
        });
        const seen = ['a waits', 'd waits', 'e is mine'];
        expect(await second).toEqual([seen, [...seen].reverse(), ['a waits'], ['d waits']]);
        await first;
        expect(await texts(store)).toEqual(seen);
      }),
    );

    it(
      'that throw write nothing, and no other fails by it',
      started(async (store) => {
        const before = put(store, 'a', '', 'before');
        const thrown = store.transact((transaction) => {
          transaction.put(notes, ['b', ''], { text: 'never' });
          throw new Error('changed my mind');
        });
        const after = store.transact((transaction) => transaction.get(notes, ['b', '']));
        await expect(thrown).rejects.toThrow('changed my mind');
        await before;
        expect(await after).toBeUndefined();
        expect(await texts(store)).toEqual(['before']);
      }),
    );

    it(
      'write nothing after their end',
      started(async (store) => {
        let late: (() => void) | undefined;
        await store.transact((transaction) => {
          late = () => transaction.put(notes, ['late', ''], { text: 'x' });
        });
        expect(late).toThrow('ended');
      }),
    );

    it('are refused while the store is not open', () =>
      maker.with(async (make) => {
        const store = make();
        await expect(put(store, 'a', '', 'x')).rejects.toThrow('not open');
        await store.start();
        const begun = put(store, 'a', '', 'x');
        await store.stop();
        await begun;
        await expect(put(store, 'a', '', 'y')).rejects.toThrow('not open');
        await expect(store.get(notes, ['a', ''])).rejects.toThrow('not open');
        await store.stop();
      }));
  });
}

function describeViews(maker: StoreMaker): void {
  describe('views', () => {
    it('hear all records at start, then each change before its caller does', () =>
      maker.with(async (make) => {
        const first = make();
        await first.start();
        await put(first, 'a', '1', 'one');
        await put(first, 'b', '2', 'two');
        await first.transact((transaction) => transaction.put(counters, 'rule', 1));
        await first.stop();

        const store = make();
        const view = new Heard();
        store.follow(view);
        await store.start();
        expect(view.heard.splice(0)).toEqual(['a/1=one', 'b/2=two']);
        await store.transact((transaction) => {
          transaction.put(notes, ['c', '3'], { text: 'three' });
          transaction.delete(notes, ['a', '1']);
        });
        expect(view.heard.splice(0).sort()).toEqual(['a/1=gone', 'c/3=three']);
        expect(() => store.follow(new Heard())).toThrow('before the store starts');
        expect(store.damage).toBeUndefined();
        await store.stop();
      }));

    it('get values of their own', async () =>
      maker.with(async (make) => {
        const store = make();
        const seen: unknown[] = [];
        store.follow({ table: notes, changed: (_key: unknown, value: unknown) => seen.push(value) });
        await store.start();
        const value = { text: 'as written' };
        const written = store.transact((transaction) => transaction.put(notes, ['a', ''], value));
        await written;
        value.text = 'changed later';
        expect(seen).toEqual([{ text: 'as written' }]);
        await store.stop();
      }));

    it('that throw put the store into safe mode: what is in memory cannot be trusted', () =>
      maker.with(async (make) => {
        const store = make();
        let broken = false;
        store.follow({
          table: notes,
          changed: () => {
            if (broken) throw new Error('view is broken');
          },
        });
        await store.start();
        await put(store, 'a', '', 'fine');
        broken = true;
        await put(store, 'b', '', 'written all the same');
        expect(store.damage?.text).toContain('view is broken');
        await expect(put(store, 'c', '', 'no')).rejects.toMatchObject({ code: 'safe-mode' });
        expect(await texts(store)).toEqual(['fine', 'written all the same']);
        await store.stop();
      }));
  });
}
