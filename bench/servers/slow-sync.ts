import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Lab } from '../lab.js';

/**
 * Builds the library that delays syncs, and returns the environment that loads it into a process; `undefined` where
 * there is no C compiler.
 */
export async function slowSync(lab: Lab, microseconds: number): Promise<NodeJS.ProcessEnv | undefined> {
  const library = join(await lab.folder('slowsync'), 'slowsync.so');
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
  return { LD_PRELOAD: library, SLOWSYNC_US: String(microseconds) };
}
