import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

describe('the example of a thing', () => {
  it('has under 40 lines, and all examples fit the types of the library', async () => {
    const text = await readFile('docs/examples/thermometer.ts', 'utf8');
    expect(text.split('\n').length).toBeLessThan(40);
    await promisify(execFile)('node_modules/.bin/tsc', ['-p', 'docs/examples']);
  }, 30_000);
});
