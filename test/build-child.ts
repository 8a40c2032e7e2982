import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** A program for a process of its own, built from TypeScript. */
export interface Child {
  /** What `node` runs. */
  readonly path: string;
  /** Deletes the program. */
  remove(): Promise<void>;
}

/** Builds a program of the tests; `source` is its path from the repository's root. */
export async function buildChild(source: string): Promise<Child> {
  const root = fileURLToPath(new URL('../', import.meta.url));
  // Inside node_modules, so that the program finds the database's native part.
  const folder = await mkdtemp(join(root, 'node_modules/.hearth-test-'));
  const path = join(folder, 'child.mjs');
  await build({
    absWorkingDir: root,
    entryPoints: [source],
    outfile: path,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: ['level'],
    logLevel: 'error',
  });
  return { path, remove: () => rm(folder, { recursive: true, force: true }) };
}
