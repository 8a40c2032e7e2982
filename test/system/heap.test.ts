import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { buildChild } from '../build-child.js';

const MEGABYTE = 1024 * 1024;

describe('the heap of the daemon', () => {
  it('grows where objects are born under a load that lasts alone, and is small again when nothing happens', async () => {
    const child = await buildChild('test/system/heap-child.ts');
    try {
      const { stdout } = await promisify(execFile)(process.execPath, [child.path]);
      const { first, busyOnce, busyTwice, still, again } = JSON.parse(stdout);
      expect(busyOnce).toBe(first);
      expect(busyTwice).toBeGreaterThanOrEqual(4 * first);
      expect(still).toBeLessThanOrEqual(2 * MEGABYTE);
      expect(again).toBeLessThanOrEqual(2 * MEGABYTE);
    } finally {
      await child.remove();
    }
  }, 30_000);
});
