import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SystemClock } from '../../src/system/clock.js';
import { SystemFiles } from '../../src/system/files.js';
import { SystemRandom } from '../../src/system/random.js';
import { CollectedLog } from '../world/collected-log.js';

/** The world of a store, as it is, with a log to read. */
export function storeWorld(log = new CollectedLog()) {
  return { clock: new SystemClock(), random: new SystemRandom(), files: new SystemFiles(), log };
}

/** Runs `use` with a folder of its own, which is gone afterwards. */
export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-store-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
