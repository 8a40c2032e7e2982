import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { LevelStore } from '../../src/storage/level-store.js';
import { buildChild } from '../build-child.js';
import { inFolder, storeWorld } from '../storage/store-stage.js';
import { left, right } from './pair.js';

const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 10);

/** When the writer dies: while it opens the store, as soon as it is open, or after some acknowledged pairs. */
type Moment = 'opening' | 'started' | number;

/** Some turns of the event loop, so that the writer is anywhere in its next batches when it dies. */
async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** Runs the writer and kills it. Returns what was acknowledged. */
async function killAt(program: string, folder: string, round: number, moment: Moment): Promise<string[]> {
  const child = spawn(process.execPath, [program, folder, `${round}`], { stdio: ['ignore', 'pipe', 'pipe'] });
  const gone = once(child, 'exit');
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  const acknowledged: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.includes('-')) acknowledged.push(line);
    // What the pipe still holds counts too, so that the loop goes on to its end.
    if (line !== moment && acknowledged.length !== moment) continue;
    await turns(storeWorld().random.bytes(1).readUInt8());
    child.kill('SIGKILL');
  }
  const [code, signal] = await gone;
  expect({ code, signal, complaints }).toEqual({ code: null, signal: 'SIGKILL', complaints: '' });
  return acknowledged;
}

/** Reads all pairs; every one of them must stand in both places. */
async function survivors(folder: string): Promise<Set<string>> {
  const store = new LevelStore({ folder }, storeWorld());
  await store.start();
  try {
    expect(store.damage).toBeUndefined();
    const found = new Set<string>();
    for await (const [key, pair] of store.scan(left)) {
      found.add(key);
      expect(await store.get(right, key)).toEqual(pair);
    }
    for await (const [key] of store.scan(right)) expect(found).toContain(key);
    return found;
  } finally {
    await store.stop();
  }
}

/** Every fifth round dies at the opening, the round after it at the start. */
function moment(round: number): Moment {
  if (round % 5 === 0) return 'opening';
  return round % 5 === 1 ? 'started' : 1 + (storeWorld().random.bytes(2).readUInt16BE() % 1000);
}

/** Whether a pair may be gone: a later one, written or on its way, takes each tenth with it. */
const replaceable = (key: string): boolean => Number(key.slice(key.indexOf('-') + 1)) % 10 === 0;

describe('kill -9', () => {
  it(
    `loses nothing acknowledged and leaves nothing half done, in ${ROUNDS} rounds`,
    async () => {
      const child = await buildChild('test/crash/writer.ts');
      try {
        await inFolder(async (data) => {
          const folder = join(data, 'store');
          const acknowledged = new Set<string>();
          for (let round = 0; round < ROUNDS; round++) {
            const keys = await killAt(child.path, folder, round, moment(round));
            for (const key of keys) acknowledged.add(key);
            const found = await survivors(folder);
            const lost = [...acknowledged].filter((key) => !replaceable(key) && !found.has(key));
            expect(lost).toEqual([]);
          }
          expect(acknowledged.size).toBeGreaterThan(ROUNDS);
        });
      } finally {
        await child.remove();
      }
    },
    20_000 + ROUNDS * 3_000,
  );
});
