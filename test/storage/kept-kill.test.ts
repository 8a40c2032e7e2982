import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { buildChild } from '../build-child.js';
import { fileIn, storeIn } from './damage-stage.js';
import { inFolder } from './store-stage.js';

const ROUNDS = 3;

describe('kill -9', () => {
  it('leaves no file for a fast start that could be used', async () => {
    const child = await buildChild('test/storage/kept-writer.ts');
    try {
      await inFolder(async (data) => {
        for (let round = 0; round < ROUNDS; round++) {
          const writer = spawn(process.execPath, [child.path, data], {
            stdio: ['ignore', 'pipe', 'inherit'],
          });
          const gone = once(writer, 'exit');
          let acknowledged = 0;
          for await (const line of createInterface({ input: writer.stdout })) {
            acknowledged = Number(line);
            if (acknowledged === 5 + round) writer.kill('SIGKILL');
          }
          expect(await gone).toEqual([null, 'SIGKILL']);
          // The file is still there, but it is of the time before.
          expect(await readdir(dirname(fileIn(data)))).toEqual(['notes.view']);
          const { store, view } = storeIn(data, 'from a file');
          await store.start();
          expect(view.told).toBe(1);
          expect(Number(view.text('number'))).toBeGreaterThanOrEqual(acknowledged);
          expect(await readdir(dirname(fileIn(data)))).toEqual([]);
          await store.checked;
          expect(store.damage).toBeUndefined();
          await store.stop();
        }
      });
    } finally {
      await child.remove();
    }
  });
});
