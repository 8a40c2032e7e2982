import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { World } from '../system/world.js';
import type { Restored } from './load.js';
import type { Meta } from './meta.js';
import { readSnapshot, SNAPSHOT_FORMAT, type SnapshotHeader, writeSnapshot } from './snapshot-file.js';
import type { SnapshotView, View } from './store.js';
import { Tallies } from './tally.js';

/** The parts of the world that snapshots need. */
export type SnapshotWorld = Pick<World, 'clock' | 'files' | 'log'>;

const ENDING = '.view';
/** A stop may take five seconds in all; the files are given up before that. */
const LONGEST_MS = 2500;

/**
 * The files that hold what views know, one for each, written at a clean stop. A file is used only if it was written
 * where the chain of batches ends now: after a crash, or with other data in the folder, it is as if it were not there.
 */
export class Snapshots {
  private readonly folder: string;
  private readonly least: number;
  private readonly world: SnapshotWorld;
  /** The tables whose files fit now, and the place in the chain at which they do. */
  private readonly fitting = new Map<string, string>();

  /** Views of fewer than `least` records have no file: reading these from the database takes no time. */
  constructor(folder: string, least: number, world: SnapshotWorld) {
    this.folder = folder;
    this.least = least;
    this.world = world;
  }

  /** Gives the views what their files hold; `undefined` where no file fits. Never rejects. */
  async restore(views: readonly SnapshotView[], meta: Meta): Promise<Restored | undefined> {
    const restored = new Set<View>();
    let tallies: Tallies | undefined;
    this.fitting.clear();
    for (const view of views) {
      const header = await this.restoreOne(view, meta);
      if (header === undefined) continue;
      restored.add(view);
      tallies = Tallies.from(header.tallies);
      this.fitting.set(view.table.name, placeOf(meta));
    }
    return tallies === undefined ? undefined : { views: restored, tallies };
  }

  /** Deletes what no longer fits, and what a crash left behind. Never rejects. */
  async tidy(): Promise<void> {
    const fitting = new Set([...this.fitting.keys()].map((table) => table + ENDING));
    try {
      for (const name of await this.names()) {
        if (!fitting.has(name)) await this.world.files.remove(join(this.folder, name));
      }
    } catch (error) {
      this.failed(error);
    }
  }

  /** Deletes all files: the data under them is damaged. Never rejects. */
  async discard(): Promise<void> {
    this.fitting.clear();
    await this.tidy();
  }

  /** Writes the files of the views as they are at this place in the chain. Never rejects. */
  async save(views: readonly SnapshotView[], meta: Meta, tallies: Tallies): Promise<void> {
    const place = placeOf(meta);
    const large = views.filter(({ count }) => count >= this.least);
    const { clock, files } = this.world;
    const end = clock.monotonic() + LONGEST_MS;
    try {
      if (large.length > 0) await files.makeFolder(this.folder, 0o700);
      for (const view of large) {
        const { name } = view.table;
        if (this.fitting.get(name) === place) continue;
        const { instance, chain } = meta;
        const { seq, hash } = chain.head;
        const about = { instance, seq, hash, table: name, count: view.count, tallies: tallies.rows() };
        await writeSnapshot(this.path(view), about, view.save(), () => clock.monotonic() > end);
        this.fitting.set(name, place);
      }
    } catch (error) {
      this.failed(error);
    }
    for (const [table, fits] of this.fitting) if (fits !== place) this.fitting.delete(table);
    await this.tidy();
  }

  private async restoreOne(view: SnapshotView, meta: Meta): Promise<SnapshotHeader | undefined> {
    const ignored = (reason: string, level: 'info' | 'debug'): void =>
      this.world.log[level]('A file for a fast start is ignored; the records themselves are read.', {
        file: this.path(view),
        reason,
      });
    try {
      const found = await readSnapshot(this.path(view), (header) => {
        const reason = mismatch(header, view, meta);
        // After a crash there is nothing else to be expected.
        const old = header.instance === meta.instance && header.seq < meta.chain.head.seq;
        if (reason !== undefined) ignored(reason, old ? 'debug' : 'info');
        return reason === undefined;
      });
      if (found === undefined) return undefined;
      view.restore(found.content);
      if (view.count === found.header.count) return found.header;
      ignored('it does not hold as many records as it says', 'info');
    } catch (error) {
      ignored(error instanceof Error ? error.message : String(error), 'info');
    }
    view.clear();
    return undefined;
  }

  private path(view: SnapshotView): string {
    return join(this.folder, view.table.name + ENDING);
  }

  private async names(): Promise<string[]> {
    try {
      const names = await readdir(this.folder);
      return names.filter((name) => name.endsWith(ENDING) || name.endsWith(`${ENDING}.tmp`));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  private failed(error: unknown): void {
    this.world.log.info('The files for a fast start could not be renewed; the next start takes longer.', {
      folder: this.folder,
      error: error instanceof Error ? error.message : String(error),
    });
  }
}

/** The hash of the chain stands for all that was ever written: the number alone comes again after a restore. */
function placeOf({ instance, chain }: Meta): string {
  return `${instance} ${chain.head.seq} ${chain.head.hash}`;
}

function mismatch(header: SnapshotHeader, view: SnapshotView, meta: Meta): string | undefined {
  const { head } = meta.chain;
  if (header.format !== SNAPSHOT_FORMAT) return `it has format ${header.format}, not ${SNAPSHOT_FORMAT}`;
  if (header.table !== view.table.name) return `it is of the table ${header.table}`;
  if (header.instance !== meta.instance) return 'it is of another store';
  if (header.seq !== head.seq) return `it is of batch ${header.seq}, and the last one is ${head.seq}`;
  if (header.hash !== head.hash) return 'it is of another past of this store';
  const { records, sum } = Tallies.from(header.tallies).total();
  return records === head.records && sum === head.sum ? undefined : 'it counts other records';
}
