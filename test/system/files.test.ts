import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SystemFiles } from '../../src/system/files.js';

describe('folders of the machine', () => {
  const files = new SystemFiles();
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hearth-test-'));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('are made with their parents, for their owner alone, and again without complaint', async () => {
    const path = join(folder, 'a/b/c');
    await files.makeFolder(path, 0o700);
    await files.makeFolder(path, 0o700);
    expect((await stat(path)).mode & 0o777).toBe(0o700);
  });

  it('are refused where a file is, in words', async () => {
    const path = join(folder, 'file');
    await writeFile(path, '');
    await expect(files.makeFolder(path, 0o700)).rejects.toThrow(`${path} is a file, not a folder`);
  });

  it('are refused below /proc instead of never ending', async () => {
    await expect(files.makeFolder('/proc/hearth/data', 0o700)).rejects.toThrow();
  });
});
