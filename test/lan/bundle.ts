import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const REQUIRE =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** Programs of `test/lan/programs`, made ready for Node in a folder of their own. */
export interface Bundle {
  /** The path of a program. */
  path(name: string): string;
  remove(): Promise<void>;
}

/** Makes programs ready that machines of the lab run with `node`. */
export async function bundle(...names: string[]): Promise<Bundle> {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-lan-'));
  await build({
    entryPoints: names.map((name) => fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url))),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: { js: REQUIRE },
    logLevel: 'error',
  });
  return {
    path: (name) => join(folder, `${basename(name)}.mjs`),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
