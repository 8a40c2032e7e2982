// Compiles the benches into a temporary folder and runs those that are named. See bench/main.ts.
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const bench = dirname(fileURLToPath(import.meta.url));
const root = dirname(bench);

// Inside node_modules, so that the compiled code finds the database, which is native and not bundled.
const compiled = mkdtempSync(join(root, 'node_modules', '.bench-'));
// Also where an interrupted run ends early.
process.once('exit', () => rmSync(compiled, { recursive: true, force: true }));
// A copy of the built hub, so that a build in the meantime changes nothing.
const built = join(root, 'dist');
if (existsSync(built)) cpSync(built, join(compiled, 'dist'), { recursive: true });
writeFileSync(join(compiled, 'package.json'), '{"type":"module"}');
await build({
  entryPoints: {
    main: join(bench, 'main.ts'),
    generator: join(bench, 'load/generator.ts'),
    'framed-echo': join(bench, 'load/framed-echo.ts'),
    'bare-commit': join(bench, 'load/bare-commit.ts'),
    'token-challenges': join(bench, 'load/token-challenges.ts'),
    'bare-scan': join(bench, 'load/bare-scan.ts'),
    fill: join(bench, 'load/fill.ts'),
    'loop-delay': join(bench, 'load/loop-delay.ts'),
    'search-duel': join(bench, 'load/search-duel.ts'),
    'mdns-asker': join(bench, 'load/mdns-asker.ts'),
    'mdns-bonjour': join(bench, 'load/mdns-bonjour.ts'),
    'mdns-responder': join(bench, 'load/mdns-responder.ts'),
  },
  outdir: compiled,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  external: ['classic-level'],
  banner: {
    js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
const { main } = await import(pathToFileURL(join(compiled, 'main.mjs')).href);
process.exitCode = await main(process.argv.slice(2), { root, compiled });
