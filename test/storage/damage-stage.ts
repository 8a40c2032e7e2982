import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Level } from 'level';
import { LevelStore, type LevelStoreOptions } from '../../src/storage/level-store.js';
import { KeptNotes } from './kept-notes.js';
import { notes } from './store-contract.js';
import { storeWorld } from './store-stage.js';

/** How many notes `fill` writes. */
export const RECORDS = 40;

/**
 * How a store starts: it checks everything first; or it looks the keys up in the background; or it knows the notes
 * from a file, and reads the records in the background.
 */
export type Start = 'whole' | 'looking up later' | 'from a file';

const starts: Record<Start, (data: string) => Partial<LevelStoreOptions>> = {
  whole: () => ({}),
  'looking up later': () => ({ lookUpTo: 0 }),
  'from a file': (data) => ({ snapshots: join(data, 'snapshots'), snapshotFrom: 1 }),
};

/** A store in this folder, and a view of its notes. */
export function storeIn(
  data: string,
  start: Start,
  world: ConstructorParameters<typeof LevelStore>[1] = storeWorld(),
  onProgress: (percent: number) => void = () => undefined,
) {
  const store = new LevelStore({ folder: join(data, 'store'), ...starts[start](data), onProgress }, world);
  const view = new KeptNotes();
  store.follow(view);
  return { store, view };
}

/** The file that holds the view of the notes. */
export const fileIn = (data: string): string => join(data, 'snapshots', 'notes.view');

/** Writes records one by one; they lie in the log only. The head file knows of all. Returns what was written. */
export async function fill(data: string, start: Start): Promise<Map<string, string>> {
  const written = new Map<string, string>();
  const { store } = storeIn(data, start);
  await store.start();
  for (let i = 0; i < RECORDS; i++) {
    const key = `key ${i}`;
    // Random letters: nothing that LevelDB's compression can fold away.
    written.set(key, storeWorld().random.bytes(400).toString('hex') + i);
    await store.transact((t) => t.put(notes, [key, ''], { text: written.get(key) ?? '' }));
  }
  await store.stop();
  return written;
}

/** The largest file of a kind. */
export async function largest(data: string, kind: RegExp): Promise<string> {
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

/** Flips a bit of a file, `at` from 0 to 1. */
export async function flip(path: string, at: number): Promise<void> {
  const bytes = await readFile(path);
  const offset = Math.floor(bytes.length * at);
  bytes[offset] = (bytes[offset] ?? 0) ^ 0x10;
  await writeFile(path, bytes);
}

/** Changes the database behind the store's back. */
export async function edit(
  data: string,
  change: (db: Level<string, string>) => Promise<void>,
): Promise<void> {
  const db = new Level<string, string>(join(data, 'store'));
  await db.open();
  await change(db);
  await db.close();
}

/** Moves all records from the log into a table, as LevelDB does whenever it opens. */
export function intoTables(data: string): Promise<void> {
  return edit(data, async () => undefined);
}
