import { cp, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LevelStore } from '../../src/storage/level-store.js';
import { decodeRecord, encodeRecord } from '../../src/storage/record.js';
import { CollectedLog } from '../world/collected-log.js';
import { ManualClock } from '../world/manual-clock.js';
import { fileIn, fill, flip, RECORDS, storeIn } from './damage-stage.js';
import { KeptNotes } from './kept-notes.js';
import { restart, there } from './kept-stage.js';
import { notes } from './store-contract.js';
import { inFolder, storeWorld } from './store-stage.js';

const FILE = 'from a file';

const asKnown = (written: ReadonlyMap<string, string>) =>
  new Map([...written].map(([key, value]) => [`${key},`, value]));

/** Puts the header of a file into another form, its checksum right. */
async function rewrite(path: string, change: (header: Record<string, unknown>) => object): Promise<void> {
  const bytes = await readFile(path);
  const start = bytes.indexOf('\n') + 1;
  const end = bytes.indexOf('\n', start);
  const header = decodeRecord<Record<string, unknown>>('header', bytes.toString('utf8', start, end));
  const text = Buffer.from(`${encodeRecord('header', change(header))}\n`);
  bytes.fill(0, start, 4096);
  text.copy(bytes, start);
  await writeFile(path, bytes);
}

describe('a file for a fast start', () => {
  it('gives the view what it knew, and is for the user alone; what nobody follows is read in the background', () =>
    inFolder(async (data) => {
      const written = await fill(data, FILE);
      expect((await stat(fileIn(data))).mode & 0o777).toBe(0o600);
      expect((await stat(dirname(fileIn(data)))).mode & 0o777).toBe(0o700);
      const { known, told, damage, lines } = await restart(data);
      expect(known).toEqual(asKnown(written));
      expect({ told, damage, lines }).toEqual({ told: 0, damage: undefined, lines: [] });
    }));

  it('stays as it is where nothing was written, and is replaced where something was', () =>
    inFolder(async (data) => {
      const written = await fill(data, FILE);
      const first = await stat(fileIn(data));
      await restart(data);
      expect((await stat(fileIn(data))).ino).toBe(first.ino);
      const { store } = storeIn(data, FILE);
      await store.start();
      await store.transact((t) => t.put(notes, ['key 0', ''], { text: 'newer' }));
      await store.stop();
      const { known, told } = await restart(data);
      expect(known).toEqual(asKnown(written).set('key 0,', 'newer'));
      expect(told).toBe(0);
    }));

  it('is not written for a view of few records, and deleted when only few are left', () =>
    inFolder(async (data) => {
      const options = { folder: join(data, 'store'), snapshots: join(data, 'snapshots'), snapshotFrom: 2 };
      for (const [text, file] of [
        ['first', false],
        ['second', true],
        [undefined, false],
      ] as const) {
        const store = new LevelStore(options, storeWorld());
        store.follow(new KeptNotes());
        await store.start();
        if (text === undefined) await store.transact((t) => t.delete(notes, ['first', '']));
        else await store.transact((t) => t.put(notes, [text, ''], { text }));
        await store.stop();
        expect(await there(fileIn(data))).toBe(file);
      }
    }));

  it('is given up when it takes too long', () =>
    inFolder(async (data) => {
      const log = new CollectedLog();
      const clock = new ManualClock();
      const { store, view } = storeIn(data, FILE, { ...storeWorld(log), clock });
      await store.start();
      await store.transact((t) => t.put(notes, ['a', ''], { text: 'x' }));
      view.save = () => {
        clock.advance(3000);
        return [Buffer.from('late')];
      };
      await store.stop();
      expect(await readdir(dirname(fileIn(data)))).toEqual([]);
      expect(log.lines).toMatchObject([{ level: 'info', fields: { error: 'it takes too long' } }]);
    }));

  it('two views of one table cannot have one', () => {
    const { store } = storeIn('nowhere', FILE);
    expect(() => store.follow(new KeptNotes())).toThrow('Two views of notes');
  });
});

describe('a file that does not fit is ignored and deleted, and all records are read', () => {
  /** Starts after the harm. Every such start knows all notes by being told of them. */
  async function ignored(harm: (data: string) => Promise<unknown>) {
    return inFolder(async (data) => {
      const written = await fill(data, FILE);
      await harm(data);
      const { known, told, file, damage, lines } = await restart(data);
      expect(known).toEqual(asKnown(written));
      expect({ told, file, damage }).toEqual({ told: RECORDS, file: false, damage: undefined });
      expect(lines).toHaveLength(1);
      // The stop has written a good one.
      expect((await restart(data)).told).toBe(0);
      return lines[0];
    });
  }

  const info = (reason: string) => ({ level: 'info', fields: { reason: expect.stringContaining(reason) } });
  const header = (change: object) => (data: string) =>
    rewrite(fileIn(data), (before) => ({ ...before, ...change }));

  it('cut', async () => {
    const cut = async (data: string) => truncate(fileIn(data), (await stat(fileIn(data))).size - 1);
    expect(await ignored(cut)).toMatchObject(info('its length'));
    expect(await ignored((data) => truncate(fileIn(data), 100))).toMatchObject(info('cut off'));
  });

  it('emptied', async () => {
    expect(await ignored((data) => truncate(fileIn(data), 0))).toMatchObject(info('cut off'));
  });

  it('a bit flipped in the content, in the header, in its first word', async () => {
    expect(await ignored((data) => flip(fileIn(data), 0.9))).toMatchObject(info('checksum'));
    expect(await ignored((data) => flip(fileIn(data), 0.002))).toMatchObject(info('checksum'));
    expect(await ignored((data) => flip(fileIn(data), 0))).toMatchObject(info('no header'));
  });

  it('of another store', () =>
    inFolder(async (other) => {
      await fill(other, FILE);
      const line = await ignored((data) => cp(fileIn(other), fileIn(data)));
      expect(line).toMatchObject(info('another store'));
    }));

  it('of another table, of a layout to come, of more records than it holds, of other tallies', async () => {
    expect(await ignored(header({ table: 'things' }))).toMatchObject(info('of the table things'));
    expect(await ignored(header({ format: 2 }))).toMatchObject(info('format 2'));
    expect(await ignored(header({ count: 41 }))).toMatchObject(info('as many records'));
    expect(await ignored(header({ tallies: [] }))).toMatchObject(info('counts other records'));
  });

  it('of a view in another layout', async () => {
    const { crc32 } = await import('node:zlib');
    const content = Buffer.from('other layout');
    const harm = async (data: string) => {
      const block = (await readFile(fileIn(data))).subarray(0, 4096);
      await writeFile(fileIn(data), Buffer.concat([block, content]));
      await header({ length: content.length, sum: crc32(content) })(data);
    };
    expect(await ignored(harm)).toMatchObject(info('these are no notes'));
  });

  it('a folder in its place', async () => {
    await inFolder(async (data) => {
      const written = await fill(data, FILE);
      await rm(fileIn(data));
      await cp(join(data, 'store'), fileIn(data), { recursive: true });
      const { known, told, damage } = await restart(data);
      expect(known).toEqual(asKnown(written));
      expect({ told, damage }).toEqual({ told: RECORDS, damage: undefined });
    });
  });

  it('newer than the data', () =>
    inFolder(async (data) => {
      await fill(data, FILE);
      await cp(join(data, 'store'), join(data, 'before'), { recursive: true });
      const { store } = storeIn(data, FILE);
      await store.start();
      await store.transact((t) => t.delete(notes, ['key 0', '']));
      await store.stop();
      await rm(join(data, 'store'), { recursive: true });
      await rename(join(data, 'before'), join(data, 'store'));
      await rm(join(data, 'store.head'));
      const { known, lines } = await restart(data);
      expect(known.size).toBe(RECORDS);
      expect(lines).toMatchObject([info('it is of batch 41, and the last one is 40')]);
    }));

  it('of another past: as many batches after a copy was put back', () =>
    inFolder(async (data) => {
      await fill(data, FILE);
      await cp(join(data, 'store'), join(data, 'copy'), { recursive: true });
      const put = async (text: string) => {
        const { store } = storeIn(data, FILE);
        await store.start();
        await store.transact((t) => t.put(notes, ['key 0', ''], { text }));
        await store.stop();
      };
      await put('of the one past');
      const file = await readFile(fileIn(data));
      await rm(join(data, 'store'), { recursive: true });
      await rm(join(data, 'store.head'));
      await rename(join(data, 'copy'), join(data, 'store'));
      await put('of the other past');
      await writeFile(fileIn(data), file);
      const { known, lines } = await restart(data);
      expect(known.get('key 0,')).toBe('of the other past');
      expect(lines).toMatchObject([info('another past')]);
    }));
});

describe('after a crash', () => {
  /** The data as a crash would leave it now; the files for fast starts stay. */
  async function crashed(data: string, run: () => Promise<void>): Promise<void> {
    await cp(join(data, 'store'), join(data, 'crashed'), { recursive: true });
    await cp(join(data, 'store.head'), join(data, 'crashed.head'));
    await run();
    await rm(join(data, 'store'), { recursive: true });
    await rename(join(data, 'crashed'), join(data, 'store'));
    await rename(join(data, 'crashed.head'), join(data, 'store.head'));
  }

  it('the file from before is old: it is not used, and deleted', () =>
    inFolder(async (data) => {
      await fill(data, FILE);
      const old = await readFile(fileIn(data));
      const { store } = storeIn(data, FILE);
      await store.start();
      await store.transact((t) => t.put(notes, ['key 0', ''], { text: 'newer' }));
      await crashed(data, () => store.stop());
      await writeFile(fileIn(data), old);
      const { known, told, file, lines } = await restart(data);
      expect(known.get('key 0,')).toBe('newer');
      expect({ told, file }).toEqual({ told: RECORDS, file: false });
      expect(lines).toMatchObject([
        { level: 'debug', fields: { reason: expect.stringContaining('batch 40') } },
      ]);
    }));

  it('between the rename of the file and the end of the database, the file fits', () =>
    inFolder(async (data) => {
      const { store } = storeIn(data, FILE);
      await store.start();
      await store.transact((t) => t.put(notes, ['a', ''], { text: 'x' }));
      await crashed(data, () => store.stop());
      const { known, told, damage } = await restart(data);
      expect(known.get('a,')).toBe('x');
      expect({ told, damage }).toEqual({ told: 0, damage: undefined });
    }));

  it('before the rename, the half file is swept away; what else lies in the folder stays', () =>
    inFolder(async (data) => {
      const written = await fill(data, FILE);
      await rename(fileIn(data), `${fileIn(data)}.tmp`);
      await writeFile(join(dirname(fileIn(data)), 'copy.gz'), 'of somebody');
      const { store, view } = storeIn(data, FILE);
      await store.start();
      expect(view.all).toEqual(asKnown(written));
      expect(await readdir(dirname(fileIn(data)))).toEqual(['copy.gz']);
      await store.stop();
    }));
});
