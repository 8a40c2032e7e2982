// Builds dist/: the program (hearth.js and the chunks that it loads when it needs them), the thing library (thing.js)
// and its declarations (types/). Everything is bundled but the database, which is native.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

// CommonJS packages ask for `require`, which modules do not have.
const banner = {
  js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
};

await rm('dist', { recursive: true, force: true });
const entryPoints = { hearth: 'src/cli/hearth.ts' };
if (existsSync('src/thing/index.ts')) entryPoints.thing = 'src/thing/index.ts';
await build({
  entryPoints,
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  external: ['classic-level'],
  banner,
  legalComments: 'none',
  logLevel: 'warning',
});
await chmod('dist/hearth.js', 0o755);
if (entryPoints.thing !== undefined && !process.argv.includes('--no-types')) declarations();

function declarations() {
  const tsc = 'node_modules/typescript/bin/tsc';
  execFileSync(process.execPath, [tsc, '--project', 'tsconfig.types.json'], { stdio: 'inherit' });
}

// The time of the build, for scripts/run to see whether sources are newer.
await writeFile('dist/.built', '');
