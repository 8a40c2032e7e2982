import { cp, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Level } from 'level';
import { describe, expect, it } from 'vitest';
import { StartFailure } from '../../src/domain/start-failure.js';
import { LevelStore } from '../../src/storage/level-store.js';
import { notes } from './store-contract.js';
import { inFolder, storeWorld } from './store-stage.js';

const RECORDS = 40;
/** Random letters: nothing that LevelDB's compression can fold away. */
const text = (i: number): string => storeWorld().random.bytes(400).toString('hex') + i;

const storeIn = (data: string): LevelStore => new LevelStore({ folder: join(data, 'store') }, storeWorld());

/** Writes records one by one; they lie in the log only. The head file knows of all. Returns what was written. */
async function fill(data: string): Promise<Map<string, string>> {
  const written = new Map<string, string>();
  const store = storeIn(data);
  await store.start();
  for (let i = 0; i < RECORDS; i++) {
    const key = `key ${i}`;
    written.set(key, text(i));
    await store.transact((t) => t.put(notes, [key, ''], { text: written.get(key) ?? '' }));
  }
  await store.stop();
  return written;
}

/** Moves all records from the log into a table, as LevelDB does whenever it opens. */
async function intoTables(data: string): Promise<void> {
  await edit(data, async () => undefined);
}

/** The largest file of a kind. */
async function largest(data: string, kind: RegExp): Promise<string> {
  const folder = join(data, 'store');
  const names = (await readdir(folder)).filter((name) => kind.test(name));
  const sized = await Promise.all(
    names.map(async (name) => ({ path: join(folder, name), size: (await stat(join(folder, name))).size })),
  );
  sized.sort((a, b) => b.size - a.size);
  const [first] = sized;
  if (first === undefined || first.size === 0) throw new Error(`no file ${kind} in ${names.join(' ')}`);
  return first.path;
}

const log = /\.log$/;
const table = /\.ldb$/;

async function flip(path: string, at: number): Promise<void> {
  const bytes = await readFile(path);
  const offset = Math.floor(bytes.length * at);
  bytes[offset] = (bytes[offset] ?? 0) ^ 0x10;
  await writeFile(path, bytes);
}

async function edit(data: string, change: (db: Level<string, string>) => Promise<void>): Promise<void> {
  const db = new Level<string, string>(join(data, 'store'));
  await db.open();
  await change(db);
  await db.close();
}

type Outcome = 'sound' | 'safe mode' | 'not started';

/** Starts the store, and holds it to: no wrong value, no lost record without safe mode or a failed start. */
async function opens(data: string, written: ReadonlyMap<string, string>): Promise<Outcome> {
  const store = storeIn(data);
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
    for (const [key, value] of written) {
      // A damaged record rejects, and that is right.
      const found = await store.get(notes, [key, '']).catch(() => 'refused');
      if (typeof found === 'object') expect(found.text).toBe(value);
      if (found === undefined) expect(store.damage).toBeDefined();
    }
    if (store.damage === undefined) return 'sound';
    expect(store.damage.text).toContain('safe mode');
    expect(store.damage.text).toContain('put a copy from before in its place');
    await expect(store.transact(() => undefined)).rejects.toMatchObject({ code: 'safe-mode' });
    return 'safe mode';
  } finally {
    await store.stop();
  }
}

/** Damages filled data, in the log or in tables, and says how the next start, and the one after that, end. */
function damaged(where: 'log' | 'tables', harm: (data: string) => Promise<void>): Promise<Outcome[]> {
  return inFolder(async (data) => {
    const written = await fill(data);
    if (where === 'tables') await intoTables(data);
    await harm(data);
    return [await opens(data, written), await opens(data, written)];
  });
}

const unsafe = ['safe mode', 'safe mode'];
const refused = ['not started', 'not started'];

describe('abuse 72: damaged files', () => {
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
      const written = await fill(data);
      await intoTables(data);
      await rm(join(data, 'store.head'));
      await rm(join(data, 'store', 'CURRENT'));
      const first = await opens(data, written);
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
      const written = await fill(data);
      await intoTables(data);
      const path = await largest(data, table);
      const good = await readFile(path);
      const before = await readFile(join(data, 'store.head'));
      const end = good.length - 1500;
      const spots = Array.from({ length: 30 }, (_, i) => Math.floor((end * i) / 30));
      for (let at = end; at < good.length; at += 31) spots.push(at);
      const outcomes: Outcome[] = [];
      for (const at of spots) {
        const bad = Buffer.from(good);
        bad[at] = (bad[at] ?? 0) ^ 0xff;
        await writeFile(path, bad);
        // `opens` itself fails on a wrong value, and on a missing one that is not told.
        outcomes.push(await opens(data, written));
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
      await fill(other);
      await inFolder(async (data) => {
        await fill(data);
        await writeFile(join(data, 'store.head'), await readFile(join(other, 'store.head')));
        expect(await opens(data, new Map())).toBe('safe mode');
      });
    });
  });

  it('the data of some batches ago in the place of the newest', async () => {
    await inFolder(async (data) => {
      const written = await fill(data);
      await cp(join(data, 'store'), join(data, 'before'), { recursive: true });
      const store = storeIn(data);
      await store.start();
      await store.transact((t) => t.delete(notes, ['key 0', '']));
      await store.transact((t) => t.delete(notes, ['key 1', '']));
      await store.stop();
      await rm(join(data, 'store'), { recursive: true });
      await rename(join(data, 'before'), join(data, 'store'));
      const again = storeIn(data);
      await again.start();
      expect(again.damage?.text).toContain(`the last 2 of ${RECORDS + 2} batches are missing`);
      await again.stop();
      expect(await opens(data, written)).toBe('safe mode');
    });
  });

  it('the file beside the folder broken, or deleted: the data is sound, and it is made anew', async () => {
    await inFolder(async (data) => {
      const written = await fill(data);
      const path = join(data, 'store.head');
      const good = await readFile(path, 'utf8');
      await flip(path, 0.2);
      expect(await opens(data, written)).toBe('sound');
      expect(await readFile(path, 'utf8')).toBe(good);
      await rm(path);
      expect(await opens(data, written)).toBe('sound');
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

describe('abuse 72: damaged records', () => {
  const link = (seq: number): string => `s!${String(seq).padStart(16, '0')}`;

  it.each([1, 7, RECORDS])('a gap in the chain at %d', async (seq) => {
    await inFolder(async (data) => {
      const written = await fill(data);
      await edit(data, (db) => db.del(link(seq)));
      const store = storeIn(data);
      await store.start();
      const lost = seq === RECORDS ? `the chain ends at ${seq - 1}` : `${seq} is due and ${seq + 1} comes`;
      expect(store.damage?.text).toContain(lost);
      await store.stop();
      expect(await opens(data, written)).toBe('safe mode');
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
      const store = storeIn(data);
      await store.start();
      await store.transact((t) => t.put(notes, ['a', ''], { text: 'secret' }));
      await store.stop();
      await edit(data, (db) => db.put('z!a\u0000', '00000000{"text":"secret"}'));
      const again = storeIn(data);
      await again.start();
      await expect(again.get(notes, ['a', ''])).rejects.toThrow('"z!a\\u0000"');
      await expect(again.get(notes, ['a', ''])).rejects.not.toThrow('secret');
      expect(again.damage?.text).toContain('z!a');
      expect(again.damage?.text).not.toContain('secret');
      await again.stop();
    }));
});
