import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from './avahi-view.js';
import { type Bundle, bundle } from './bundle.js';
import { type Host, Lan } from './lab.js';
import type { LabProcess } from './lab-process.js';

const missing = Lan.missing();
if (missing !== undefined) process.stderr.write(`skipped: the hub with a hostile neighbour (${missing})\n`);

const MEGABYTE = 2 ** 20;
/** Addresses of the hostile neighbour: more than the hub's bound on one source can hold back. */
const MASKS = 60;

/** What the attacked program tells of itself. */
interface State {
  readonly heapUsed: number;
  readonly rss: number;
  readonly label: string;
  readonly refused: number;
  readonly found: readonly string[];
}

describe.skipIf(missing !== undefined)('the hub with a hostile neighbour', { timeout: 90_000 }, () => {
  let lan: Lan;
  let host: Host;
  let stranger: Host;
  let programs: Bundle;
  let hub: LabProcess;
  let masks: string[] = [];

  beforeAll(async () => {
    [lan, programs] = await Promise.all([Lan.make(), bundle('target', 'attack', 'ask')]);
    [host, stranger] = await Promise.all([lan.host('target'), lan.host('stranger')]);
    masks = Array.from({ length: MASKS }, (_, i) => `10.77.0.${100 + i}`);
    for (const address of masks) await stranger.ip('address', 'add', `${address}/24`, 'dev', 'eth0');
    hub = host.spawn(process.execPath, ['--expose-gc', programs.path('target')], { keepInput: true });
    await hub.waitFor(/^ready /m);
  });

  afterAll(async () => {
    await lan?.close();
    await programs?.remove();
  });

  const attack = async (what: string, count: number, own = [stranger.address]): Promise<string> => {
    const args = [programs.path('attack'), host.address, what, String(count), ...own];
    const { code, stdout, stderr } = await stranger.run(process.execPath, args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  };

  const state = async (): Promise<State> => {
    hub.write('state');
    const [, json = ''] = await hub.next(/^state (.*)$/m, 20_000);
    return JSON.parse(json) as State;
  };

  const tell = (what: string, before: State, after: State, ms: number): void => {
    const [heap, rss] = [after.heapUsed - before.heapUsed, after.rss - before.rss].map((bytes) =>
      (bytes / MEGABYTE).toFixed(1),
    );
    process.stderr.write(`${what}: ${Math.round(ms)} ms, heap ${heap} MB, resident ${rss} MB more\n`);
  };

  /** Somebody asks the hub for its address by the name it has now. */
  const answers = async (): Promise<boolean> => {
    const { label } = await state();
    const ask = [programs.path('ask'), host.address, `${label}.local`];
    const { stdout } = await stranger.run(process.execPath, ask);
    return stdout === `${host.address}\n`.repeat(3);
  };

  it('answers a datagram of 200 questions with one packet', async () => {
    const [, sizes = ''] = (await attack('questions', 200)).match(/^answers (.*)$/m) ?? [];
    expect(JSON.parse(sizes)).toHaveLength(1);
    expect(JSON.parse(sizes)[0]).toBeLessThanOrEqual(1440);
  });

  it('abuse 52: outlives 100 000 packets that were changed at random, and gives the memory back', async () => {
    const before = await state();
    const begin = performance.now();
    const outcome = await attack('mutations', 100_000);
    expect(Number(outcome.match(/read (\d+)/)?.[1])).toBeGreaterThan(99_000);
    const after = await state();
    tell(`100 000 changed packets, ${after.refused} refused`, before, after, performance.now() - begin);
    expect(after.refused).toBeGreaterThan(before.refused);
    await until(answers, 30_000);
    expect((await state()).heapUsed - before.heapUsed).toBeLessThan(4 * MEGABYTE);
  });

  it('abuse 55: keeps to its bounds when 60 addresses invent 20 000 services', async () => {
    const before = await state();
    const begin = performance.now();
    await attack('inventions', 20_000, masks);
    const after = await state();
    tell(`20 000 services, ${after.found.length} kept`, before, after, performance.now() - begin);
    expect(after.found.length).toBeGreaterThan(20);
    expect(after.found.length).toBeLessThanOrEqual(1000);
    expect(after.heapUsed - before.heapUsed).toBeLessThan(16 * MEGABYTE);
    await until(answers, 30_000);
  });
});
