// Writes the pages of docs/ that are made from tables of the source. Tests hold them to the same text.
import { writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const { outputFiles } = await build({
  entryPoints: ['src/config/document.ts'],
  bundle: true,
  format: 'esm',
  platform: 'node',
  write: false,
});
const source = outputFiles[0].text;
const { configurationPage } = await import(
  `data:text/javascript;base64,${Buffer.from(source).toString('base64')}`
);
await writeFile('docs/configuration.md', configurationPage());
