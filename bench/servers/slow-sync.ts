import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab } from '../lab.js';

/** How syncs are delayed, and counted. */
export interface SlowSync {
  /** The environment that loads the library into a process. */
  readonly env: NodeJS.ProcessEnv;
  /** A file with a byte for each sync of the processes that have `counting` too. */
  readonly count: string;
  readonly counting: NodeJS.ProcessEnv;
}

/** Builds the library that delays syncs by so much; `undefined` where there is no C compiler. */
export async function slowSync(lab: Lab, microseconds: number): Promise<SlowSync | undefined> {
  const folder = await lab.folder('slowsync');
  const library = join(folder, 'slowsync.so');
  const source = join(lab.options.root, 'bench/slowsync.c');
  const built = spawnSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, source, '-ldl'], {
    encoding: 'utf8',
  });
  if (built.error !== undefined || built.status !== 0) {
    lab.note(
      `The library that delays syncs was not built (apt-get install gcc libc6-dev). ${built.stderr ?? ''}`,
    );
    return undefined;
  }
  const env = { LD_PRELOAD: library, SLOWSYNC_US: String(microseconds) };
  const count = join(folder, 'syncs');
  await writeFile(count, '');
  return { env, count, counting: { ...env, SLOWSYNC_COUNT: count } };
}
