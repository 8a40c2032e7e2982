import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll } from 'vitest';

let built: Promise<string> | undefined;
const folders: string[] = [];

// Registered first, this runs after everything else that a test file ends.
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

/** The path of the program, built from the sources as they are, once for each test file. */
export function program(): Promise<string> {
  built ??= buildProgram();
  return built;
}

/** Inside node_modules, so that the program finds the database's native part. */
async function buildProgram(): Promise<string> {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const folder = await mkdtemp(join(root, 'node_modules/.hearth-test-'));
  await build({
    absWorkingDir: root,
    entryPoints: { hearth: 'src/cli/hearth.ts' },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: ['classic-level'],
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  folders.push(folder);
  return join(folder, 'hearth.mjs');
}
