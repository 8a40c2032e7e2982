import { describe, expect, it } from 'vitest';
import { counters, rosters } from '../../src/storage/keys.js';
import { encodeRecord } from '../../src/storage/record.js';
import type { View } from '../../src/storage/store.js';
import { ManualClock } from '../world/manual-clock.js';
import { edit, fileIn, fill, type Start, storeIn } from './damage-stage.js';
import { restart, there } from './kept-stage.js';
import { notes } from './store-contract.js';
import { inFolder, storeWorld } from './store-stage.js';

const FILE = 'from a file';

/** A view without a file, of another table. */
class Counted implements View<string, number> {
  readonly table = counters as View<string, number>['table'];
  readonly heard: string[] = [];

  changed(key: string, value: number | undefined): void {
    this.heard.push(`${key}=${value}`);
  }
}

describe('a start from a file', () => {
  const item = { account: 'a', jid: 'b', groups: [], subscription: 'none', listed: true } as const;

  /** Notes with a file, and counters without. */
  async function filled(data: string): Promise<void> {
    await fill(data, FILE);
    const { store } = storeIn(data, FILE);
    await store.start();
    await store.transact((t) => {
      t.put(counters, 'rule', 1);
      t.put(counters, 'audit', 2);
      t.put(rosters, { account: 'a', jid: 'b' }, item);
    });
    await store.transact((t) => t.put(counters, 'rule', 3));
    await store.stop();
  }

  const counted = (data: string) => {
    const { store, view } = storeIn(data, FILE);
    const counts = new Counted();
    store.follow(counts);
    return { store, view, counts };
  };

  it('tells the other views of their tables, before it is ready', () =>
    inFolder(async (data) => {
      await filled(data);
      const { store, view, counts } = counted(data);
      await store.start();
      expect(counts.heard).toEqual(['audit=2', 'rule=3']);
      expect(view.told).toBe(0);
      await store.stop();
    }));

  it.each([
    ['gone', undefined, 'there are 1 records under "i!" where 2 were written'],
    ['fallen back', encodeRecord('i!rule', 1), 'some records under "i!" are not those'],
    ['damaged', '00000000{}', '"i!rule" is damaged'],
  ])('abuse 72: a record that another view follows, %s, shows before it is ready', (_what, raw, problem) =>
    inFolder(async (data) => {
      await filled(data);
      await edit(data, (db) => (raw === undefined ? db.del('i!rule') : db.put('i!rule', raw)));
      const { store } = counted(data);
      await store.start();
      expect(store.damage?.text).toContain(problem);
      await store.stop();
    }),
  );

  it('abuse 72: damage that nobody follows shows in the background; the next start sees it first', () =>
    inFolder(async (data) => {
      await filled(data);
      await edit(data, (db) => db.del('l!a\u0000b'));
      const { store } = counted(data);
      await store.start();
      expect(store.damage).toBeUndefined();
      await store.checked;
      expect(store.damage?.text).toContain('there are 42 records where 43 were written');
      await store.stop();
      expect(await there(fileIn(data))).toBe(false);
      const { store: again } = counted(data);
      await again.start();
      expect(again.damage?.text).toContain('there are 42 records where 43 were written');
      await again.stop();
    }));

  it.each<Start>(['whole', FILE])('%s says how far it is', (start) =>
    inFolder(async (data) => {
      await filled(data);
      const clock = new ManualClock();
      const told: number[] = [];
      const { store } = storeIn(data, start, { ...storeWorld(), clock }, (percent) => told.push(percent));
      // One record takes long.
      store.follow({ table: counters, changed: () => clock.advance(2000) });
      await store.start();
      expect(told[0]).toBe(0);
      expect(clock.waiting()).not.toContain('progress of the start');
      await store.stop();
    }),
  );

  it('tells a view of the last records of no others', () =>
    inFolder(async (data) => {
      await filled(data);
      for (const start of [FILE, 'whole'] as const) {
        const { store } = storeIn(data, start);
        const heard: string[] = [];
        const tail = {
          table: notes,
          tail: 3,
          changed: ([key]: readonly [string, string]) => heard.push(key),
        };
        store.follow(tail);
        await store.start();
        expect(heard).toEqual(['key 7', 'key 8', 'key 9']);
        await store.transact((t) => t.put(notes, ['new', ''], { text: 'x' }));
        expect(heard.at(-1)).toBe('new');
        await store.transact((t) => t.delete(notes, ['new', '']));
        await store.stop();
      }
    }));
});

describe('the check in the background', () => {
  const MANY = 1000;

  /** A store that stands still in the middle of its check; `damage` is done to the records before. */
  async function checking(data: string, damage?: Parameters<typeof edit>[1]) {
    const { store: first } = storeIn(data, FILE);
    await first.start();
    await first.transact((t) => {
      for (let i = 0; i < MANY; i++) t.put(notes, [`${i}`, ''], { text: `${i}` });
    });
    await first.stop();
    if (damage !== undefined) await edit(data, damage);
    const clock = new ManualClock();
    const { store } = storeIn(data, FILE, { ...storeWorld(), clock });
    await store.start();
    while (!clock.waiting().includes('check of the records')) await new Promise((turn) => setImmediate(turn));
    return { store, clock };
  }

  it('reads at most 20 000 records a second', () =>
    inFolder(async (data) => {
      const { store, clock } = await checking(data);
      let through = false;
      const checked = store.checked.then(() => {
        through = true;
      });
      let time = 0;
      while (!through) {
        const before = clock.waiting().length;
        clock.advance(before > 0 ? 1 : 0);
        if (before > 0) time += 1;
        await new Promise((turn) => setImmediate(turn));
      }
      await checked;
      expect(time).toBeGreaterThanOrEqual((1000 * MANY) / 20_000);
      expect(store.damage).toBeUndefined();
      await store.stop();
    }));

  const key = `${notes.prefix}${notes.encode(['999', ''])}`;

  it.each([
    ['lost', undefined, 'is missing'],
    ['fallen back', encodeRecord(key, { text: 'old' }), 'is not the one that was written last'],
  ])(
    'abuse 72: a record that was %s serves no transaction before the check comes to it',
    (_what, raw, problem) =>
      inFolder(async (data) => {
        const { store } = await checking(data, (db) => (raw === undefined ? db.del(key) : db.put(key, raw)));
        await store.transact((t) => t.get(notes, ['998', '']));
        const read = store.transact((t) => t.get(notes, ['999', '']));
        await expect(read).rejects.toMatchObject({ code: 'safe-mode' });
        expect(store.damage?.text).toContain(problem);
        await store.stop();
      }),
  );

  it('sees the records as they were at the start, whatever is written meanwhile', () =>
    inFolder(async (data) => {
      const { store, clock } = await checking(data);
      await store.transact((t) => {
        for (let i = 0; i < MANY; i++) t.delete(notes, [`${i}`, '']);
      });
      const through = store.checked.then(() => 'through');
      while ((await Promise.race([through, new Promise((turn) => setImmediate(turn))])) !== 'through') {
        clock.advance(50);
      }
      expect(store.damage).toBeUndefined();
      await store.stop();
    }));

  it('ends at once when the store stops, and the next start begins it anew', () =>
    inFolder(async (data) => {
      const { store } = await checking(data);
      const { checked } = store;
      await store.stop();
      await checked;
      expect((await restart(data)).told).toBe(0);
    }));
});

describe('a problem that somebody reports', () => {
  it('abuse 72: puts the store into safe mode, and ends the transaction that found it', () =>
    inFolder(async (data) => {
      await fill(data, FILE);
      const { store } = storeIn(data, FILE);
      await store.start();
      const found = store.transact((t) => {
        store.report('a thing is known that has no record');
        t.put(notes, ['never', ''], { text: 'x' });
      });
      await expect(found).rejects.toMatchObject({ code: 'safe-mode' });
      expect(store.damage?.text).toContain('a thing is known that has no record');
      expect(await store.get(notes, ['never', ''])).toBeUndefined();
      await store.stop();
      expect(await there(fileIn(data))).toBe(false);
    }));
});
