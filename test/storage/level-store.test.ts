import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Level } from 'level';
import { describe, expect, it } from 'vitest';
import { counters } from '../../src/storage/keys.js';
import { LevelStore } from '../../src/storage/level-store.js';
import { encodeRecord } from '../../src/storage/record.js';
import { storeContract } from './store-contract.js';
import { inFolder, storeWorld } from './store-stage.js';

const storeIn = (folder: string): LevelStore =>
  new LevelStore({ folder: join(folder, 'store') }, storeWorld());

storeContract({
  name: 'the store on LevelDB',
  with: (use) => inFolder((folder) => use(() => storeIn(folder))),
});

describe('the store on LevelDB, on its disk', () => {
  it('does nothing before its start', () =>
    inFolder(async (folder) => {
      storeIn(folder);
      await new Promise((resolve) => setImmediate(resolve));
      expect(await readdir(folder)).toEqual([]);
    }));

  it('is for its user alone, and writes one file beside its folder', () =>
    inFolder(async (folder) => {
      const store = storeIn(folder);
      await store.start();
      expect((await readdir(folder)).sort()).toEqual(['store', 'store.head']);
      expect((await stat(join(folder, 'store'))).mode & 0o777).toBe(0o700);
      expect((await stat(join(folder, 'store.head'))).mode & 0o777).toBe(0o600);
      await store.stop();
    }));

  it('writes 64 callers with few syncs', () =>
    inFolder(async (folder) => {
      const store = storeIn(folder);
      await store.start();
      const callers = Array.from({ length: 64 }, (_, i) =>
        store.transact((transaction) => transaction.put(counters, 'rule', i)),
      );
      await Promise.all(callers);
      expect(store.metrics.transactions).toBe(64);
      expect(store.metrics.commits).toBeLessThanOrEqual(4);
      await store.stop();
    }));

  it('abuse 73: a second store on the same folder is told that it is in use', () =>
    inFolder(async (folder) => {
      const first = storeIn(folder);
      await first.start();
      await expect(storeIn(folder).start()).rejects.toMatchObject({
        name: 'StartFailure',
        reason: 'in-use',
        message: expect.stringContaining('in use'),
      });
      await first.stop();
      const second = storeIn(folder);
      await second.start();
      await second.stop();
    }));

  it('abuse 76: newer data stops the start and names the version it needs', () =>
    inFolder(async (folder) => {
      const store = storeIn(folder);
      await store.start();
      await store.stop();
      const db = new Level<string, string>(join(folder, 'store'));
      await db.put('m!schema', encodeRecord('m!schema', { schema: 99, needs: '9.8.7' }));
      await db.close();
      await expect(storeIn(folder).start()).rejects.toMatchObject({
        reason: 'newer-data',
        message: expect.stringContaining('9.8.7'),
      });
      // The failed start let go of the folder.
      await expect(storeIn(folder).start()).rejects.toMatchObject({ reason: 'newer-data' });
    }));

  it('says that a folder cannot be written', () =>
    inFolder(async (folder) => {
      await writeFile(join(folder, 'file'), '');
      const store = new LevelStore({ folder: join(folder, 'file', 'store') }, storeWorld());
      await expect(store.start()).rejects.toMatchObject({ reason: 'not-writable' });
    }));
});
