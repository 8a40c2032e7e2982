import { cp, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { StartFailure } from '../../src/domain/start-failure.js';
import {
  edit,
  fileIn,
  fill,
  flip,
  intoTables,
  largest,
  RECORDS,
  type Start,
  storeIn,
} from './damage-stage.js';
import { notes } from './store-contract.js';
import { inFolder } from './store-stage.js';

const log = /\.log$/;
const table = /\.ldb$/;

type Outcome = 'sound' | 'safe mode' | 'not started';

/**
 * What is served while the rest of the check goes on in the background: views tell exactly what was written. A read
 * from the database gives what was written, or rejects, or finds nothing; where LevelDB's filter is damaged and the
 * record was written more than once, it finds an older form. So whoever grants by what is absent asks memory too.
 */
async function servesWell({ store, view }: ReturnType<typeof storeIn>, written: ReadonlyMap<string, string>) {
  if (store.damage === undefined && written.size > 0) {
    expect([...view.all].sort()).toEqual([...written].map(([key, value]) => [`${key},`, value]).sort());
  }
  for (const [key, value] of written) {
    // A damaged record rejects, and that is right.
    const found = await store.get(notes, [key, '']).catch(() => 'refused');
    if (typeof found === 'object') expect(found.text).toBe(value);
    if (found === undefined && store.damage === undefined) expect(view.text(key)).toBe(value);
  }
}

/** Once a start is through to the end: no wrong value, and no lost record without safe mode. */
async function servesWhole({ store }: ReturnType<typeof storeIn>, written: ReadonlyMap<string, string>) {
  for (const [key, value] of written) {
    const found = await store.get(notes, [key, '']).catch(() => 'refused');
    if (typeof found === 'object') expect(found.text).toBe(value);
    if (found === undefined) expect(store.damage).toBeDefined();
  }
}

/** Starts the store, and holds it to: no wrong value, no lost record without safe mode or a failed start. */
async function opens(data: string, written: ReadonlyMap<string, string>, start: Start): Promise<Outcome> {
  const opened = storeIn(data, start);
  const { store } = opened;
  try {
    await store.start();
  } catch (error) {
    expect(error).toBeInstanceOf(StartFailure);
    expect(error).toMatchObject({
      reason: 'damaged',
      message: expect.stringContaining('put a copy from before in its place'),
    });
    return 'not started';
  }
  try {
    await servesWell(opened, written);
    await store.checked;
    await servesWhole(opened, written);
    if (store.damage === undefined) return 'sound';
    expect(store.damage.text).toContain('safe mode');
    expect(store.damage.text).toContain('put a copy from before in its place');
    await expect(store.transact(() => undefined)).rejects.toMatchObject({ code: 'safe-mode' });
    return 'safe mode';
  } finally {
    await store.stop();
  }
}

const unsafe = ['safe mode', 'safe mode'];
const refused = ['not started', 'not started'];

describe.each<Start>(['whole', 'looking up later', 'from a file'])('abuse 72: a start %s', (start) => {
  /** Damages filled data, in the log or in tables, and says how the next start, and the one after that, end. */
  function damaged(where: 'log' | 'tables', harm: (data: string) => Promise<void>): Promise<Outcome[]> {
    return inFolder(async (data) => {
      const written = await fill(data, start);
      if (where === 'tables') await intoTables(data);
      await harm(data);
      return [await opens(data, written, start), await opens(data, written, start)];
    });
  }

  describe('with damaged files', () => {
    it('are not seen where there are none', async () => {
      expect(await damaged('log', async () => undefined)).toEqual(['sound', 'sound']);
      expect(await damaged('tables', async () => undefined)).toEqual(['sound', 'sound']);
    });

    it.each([0.05, 0.3, 0.6, 0.97])('a byte of the log flipped at %d', async (at) => {
      expect(await damaged('log', async (data) => flip(await largest(data, log), at))).toEqual(unsafe);
    });

    it('the log cut', async () => {
      const cut = async (data: string) => {
        const path = await largest(data, log);
        await truncate(path, Math.floor((await stat(path)).size * 0.9));
      };
      expect(await damaged('log', cut)).toEqual(unsafe);
    });

    it('the log emptied', async () => {
      expect(await damaged('log', async (data) => truncate(await largest(data, log), 0))).toEqual(unsafe);
    });

    it('the log deleted', async () => {
      expect(await damaged('log', async (data) => rm(await largest(data, log)))).toEqual(unsafe);
    });

    it('the log and the file beside the folder lost, the tables there', async () => {
      const outcomes = inFolder(async (data) => {
        const written = await fill(data, start);
        await intoTables(data);
        await rm(join(data, 'store.head'));
        await rm(join(data, 'store', 'CURRENT'));
        const first = await opens(data, written, start);
        expect((await readdir(join(data, 'store'))).some((name) => table.test(name))).toBe(true);
        return first;
      });
      expect(await outcomes).toBe('safe mode');
    });

    it.each([0.3, 0.6, 0.9])('a byte of a table flipped at %d', async (at) => {
      const outcomes = await damaged('tables', async (data) => flip(await largest(data, table), at));
      expect(outcomes).toEqual(unsafe);
    });

    it('any byte of a table flipped, also in its filter, index and footer: nothing wrong or missing is served', async () => {
      await inFolder(async (data) => {
        const written = await fill(data, start);
        await intoTables(data);
        const path = await largest(data, table);
        const good = await readFile(path);
        const before = await readFile(join(data, 'store.head'));
        const kept = start === 'from a file' ? await readFile(fileIn(data)) : undefined;
        const end = good.length - 1500;
        const spots = Array.from({ length: 30 }, (_, i) => Math.floor((end * i) / 30));
        for (let at = end; at < good.length; at += 31) spots.push(at);
        const outcomes: Outcome[] = [];
        for (const at of spots) {
          const bad = Buffer.from(good);
          bad[at] = (bad[at] ?? 0) ^ 0xff;
          await writeFile(path, bad);
          // The start before found damage and deleted it.
          if (kept !== undefined) await writeFile(fileIn(data), kept);
          // `opens` itself fails on a wrong value, and on a missing one that is not told.
          outcomes.push(await opens(data, written, start));
        }
        // What is left are older forms of records, unused bytes of the footer, and bits of a filter that say yes for no.
        expect(outcomes.filter((outcome) => outcome === 'sound').length).toBeLessThan(spots.length / 2);
        expect(await readFile(join(data, 'store.head'))).toEqual(before);
      });
    });

    it('a table emptied, or deleted', async () => {
      const emptied = await damaged('tables', async (data) => truncate(await largest(data, table), 0));
      expect(emptied).not.toContain('sound');
      const deleted = await damaged('tables', async (data) => rm(await largest(data, table)));
      expect(deleted).not.toContain('sound');
    });

    it('CURRENT emptied', async () => {
      expect(await damaged('log', (data) => writeFile(join(data, 'store/CURRENT'), ''))).toEqual(refused);
    });

    it('CURRENT deleted: LevelDB does not get to delete the rest', async () => {
      expect(await damaged('log', (data) => rm(join(data, 'store/CURRENT')))).toEqual(unsafe);
      const rest = await damaged('log', async (data) => {
        await rm(join(data, 'store/CURRENT'));
        await rm(join(data, 'store.head'));
      });
      expect(rest).toEqual(unsafe);
    });

    it('MANIFEST cut, or deleted', async () => {
      const cut = await damaged('tables', async (data) => truncate(await largest(data, /^MANIFEST/), 20));
      expect(cut).not.toContain('sound');
      const deleted = await damaged('tables', async (data) => rm(await largest(data, /^MANIFEST/)));
      expect(deleted).toEqual(refused);
    });

    it('the whole folder deleted', async () => {
      expect(await damaged('log', (data) => rm(join(data, 'store'), { recursive: true }))).toEqual(unsafe);
    });

    it('the records of another store in the place of these', async () => {
      await inFolder(async (other) => {
        await fill(other, start);
        await inFolder(async (data) => {
          await fill(data, start);
          await writeFile(join(data, 'store.head'), await readFile(join(other, 'store.head')));
          expect(await opens(data, new Map(), start)).toBe('safe mode');
        });
      });
    });

    it('the data of some batches ago in the place of the newest', async () => {
      await inFolder(async (data) => {
        const written = await fill(data, start);
        await cp(join(data, 'store'), join(data, 'before'), { recursive: true });
        const { store } = storeIn(data, start);
        await store.start();
        await store.transact((t) => t.delete(notes, ['key 0', '']));
        await store.transact((t) => t.delete(notes, ['key 1', '']));
        await store.stop();
        await rm(join(data, 'store'), { recursive: true });
        await rename(join(data, 'before'), join(data, 'store'));
        const { store: again } = storeIn(data, start);
        await again.start();
        expect(again.damage?.text).toContain(`the last 2 of ${RECORDS + 2} batches are missing`);
        await again.stop();
        expect(await opens(data, written, start)).toBe('safe mode');
      });
    });

    it('the file beside the folder broken, or deleted: the data is sound, and it is made anew', async () => {
      await inFolder(async (data) => {
        const written = await fill(data, start);
        const path = join(data, 'store.head');
        const good = await readFile(path, 'utf8');
        await flip(path, 0.2);
        expect(await opens(data, written, start)).toBe('sound');
        expect(await readFile(path, 'utf8')).toBe(good);
        await rm(path);
        expect(await opens(data, written, start)).toBe('sound');
        expect(await readFile(path, 'utf8')).toBe(good);
      });
    });

    it('the file beside the folder broken, and the store empty', async () => {
      const harm = async (data: string) => {
        await flip(join(data, 'store.head'), 0.2);
        await truncate(await largest(data, log), 0);
      };
      expect(await damaged('log', harm)).toEqual(unsafe);
    });
  });

  describe('with damaged records', () => {
    const link = (seq: number): string => `s!${String(seq).padStart(16, '0')}`;

    it.each([1, 7, RECORDS])('a gap in the chain at %d', async (seq) => {
      await inFolder(async (data) => {
        const written = await fill(data, start);
        await edit(data, (db) => db.del(link(seq)));
        const { store } = storeIn(data, start);
        await store.start();
        const lost = seq === RECORDS ? `the chain ends at ${seq - 1}` : `${seq} is due and ${seq + 1} comes`;
        expect(store.damage?.text).toContain(lost);
        await store.stop();
        expect(await opens(data, written, start)).toBe('safe mode');
      });
    });

    it('a record gone without its batch', async () => {
      const harm = (data: string) => edit(data, (db) => db.del('z!key 3\u0000'));
      expect(await damaged('log', harm)).toEqual(unsafe);
    });

    it('a record under the key of another', async () => {
      const harm = (data: string) =>
        edit(data, async (db) => {
          const raw = await db.get('z!key 3\u0000');
          await db.put('z!key 4\u0000', raw);
        });
      expect(await damaged('log', harm)).toEqual(unsafe);
    });

    it.each(['m!schema', 'm!instance', 'm!seq', 'm!anchor'])('%s gone', async (key) => {
      expect(await damaged('log', (data) => edit(data, (db) => db.del(key)))).toEqual(unsafe);
    });

    it('found while the hub runs: the key is named, the value is not, and nothing is changed from then on', () =>
      inFolder(async (data) => {
        const { store } = storeIn(data, start);
        await store.start();
        await store.transact((t) => t.put(notes, ['a', ''], { text: 'secret' }));
        await store.stop();
        await edit(data, (db) => db.put('z!a\u0000', '00000000{"text":"secret"}'));
        const { store: again } = storeIn(data, start);
        await again.start();
        await expect(again.get(notes, ['a', ''])).rejects.toThrow('"z!a\\u0000"');
        await expect(again.get(notes, ['a', ''])).rejects.not.toThrow('secret');
        expect(again.damage?.text).toContain('z!a');
        expect(again.damage?.text).not.toContain('secret');
        await again.stop();
      }));
  });
});
