// Writes what the pages of docs/ have from tables of the source. Tests hold them to the same text.
import { readFile, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const { configurationPage } = await load('src/config/document.ts');
const { withLinkRights } = await load('src/domain/link-rights-table.ts');
await writeFile('docs/configuration.md', configurationPage());
await writeFile('docs/network.md', withLinkRights(await readFile('docs/network.md', 'utf8')));

async function load(entryPoint) {
  const { outputFiles } = await build({
    entryPoints: [entryPoint],
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  });
  const source = outputFiles[0].text;
  return import(`data:text/javascript;base64,${Buffer.from(source).toString('base64')}`);
}
