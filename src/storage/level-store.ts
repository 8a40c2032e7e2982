import { readdir } from 'node:fs/promises';
import type { Files } from '../system/files.js';
import type { World } from '../system/world.js';
import { type EngineLimits, EngineStore, type Opened } from './engine-store.js';
import { HeadFile } from './head-file.js';
import { LevelBackend, type LevelMemory } from './level-backend.js';
import type { Witness } from './load.js';
import { MemoryBackend } from './memory-backend.js';
import type { Meta } from './meta.js';
import { levelFailure, notWritable } from './open-failure.js';
import { Snapshots } from './snapshots.js';

/** Where a store's database lies, and its limits. */
export interface LevelStoreOptions extends Partial<EngineLimits>, Partial<LevelMemory> {
  /** The folder of the database. Beside it lies the file `<folder>.head`. */
  readonly folder: string;
  /** The folder of the files that make starts fast; without it every start reads all records. */
  readonly snapshots?: string;
  /** A view has such a file from so many records on. */
  readonly snapshotFrom?: number;
}

const MEGABYTE = 1024 * 1024;
const SNAPSHOT_FROM = 10_000;

/** A store on LevelDB. */
export class LevelStore extends EngineStore {
  protected readonly place: string;
  private readonly folder: string;
  private readonly memory: LevelMemory;
  private readonly files: Files;
  private readonly head: HeadFile;
  private readonly snapshots: Snapshots | undefined;
  private database: LevelBackend | undefined;

  constructor(options: LevelStoreOptions, world: Pick<World, 'clock' | 'random' | 'log' | 'files'>) {
    const { folder, snapshots, snapshotFrom = SNAPSHOT_FROM, ...rest } = options;
    const { cacheSize = MEGABYTE, writeBufferSize = 4 * MEGABYTE, ...limits } = rest;
    super(world, limits);
    this.folder = folder;
    this.place = folder;
    this.files = world.files;
    this.memory = { cacheSize, writeBufferSize };
    this.head = new HeadFile(`${folder}.head`, world.files, world.log);
    this.snapshots = snapshots === undefined ? undefined : new Snapshots(snapshots, snapshotFrom, world);
  }

  protected async open(): Promise<Opened> {
    const { made, witness } = await this.prepare();
    // LevelDB takes a folder without this file for a new one and deletes what lies there: it does not get to see it.
    if (witness !== undefined && !made) return { backend: new MemoryBackend(), witness };
    try {
      this.database = await LevelBackend.open(this.folder, !made, this.memory);
    } catch (error) {
      throw levelFailure(this.folder, error);
    }
    return { backend: this.database, witness, snapshots: this.snapshots };
  }

  protected async loaded({ instance, chain }: Meta): Promise<void> {
    try {
      await this.head.begin(instance, chain.head.seq);
    } catch (error) {
      throw notWritable(this.folder, error);
    }
  }

  protected committed(seq: number): void {
    this.head.note(seq);
  }

  protected async shut(): Promise<void> {
    const { database } = this;
    this.database = undefined;
    try {
      await this.head.end();
    } finally {
      await database?.close();
    }
  }

  /** Makes the folder; whether a database lies in it, and what is known of it without opening it. */
  private async prepare(): Promise<{ readonly made: boolean; readonly witness: Witness | undefined }> {
    try {
      await this.files.makeFolder(this.folder, 0o700);
      const names = await readdir(this.folder);
      return { made: names.includes('CURRENT'), witness: (await this.head.read()) ?? trace(names) };
    } catch (error) {
      throw notWritable(this.folder, error);
    }
  }
}

/** What the files of a database say where the file beside it is gone: that there were records, not how many. */
function trace(names: readonly string[]): Witness | undefined {
  const tables = names.some((name) => /\.(ldb|sst)$/.test(name));
  // LevelDB makes its first log after CURRENT, so one without the other is no start that was cut off.
  const orphaned = !names.includes('CURRENT') && names.some((name) => name.endsWith('.log'));
  return tables || orphaned ? { instance: undefined, seq: 0 } : undefined;
}
