import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startAvahi } from './avahi.js';
import { addressesSeenBy, until } from './avahi-view.js';
import { type Bundle, bundle } from './bundle.js';
import { type Host, Lan } from './lab.js';
import type { LabProcess } from './lab-process.js';

const missing = Lan.missing('avahi-daemon', 'avahi-browse', 'avahi-resolve', 'dbus-daemon');
if (missing !== undefined) process.stderr.write(`skipped: the hub with rivals for its name (${missing})\n`);

describe.skipIf(missing !== undefined)('the hub with rivals for its name', { timeout: 40_000 }, () => {
  let lan: Lan;
  let viewer: Host;
  let rival: Host;
  let host: Host;
  let programs: Bundle;
  let folder = '';
  let started: LabProcess[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hearth-lan-'));
    [lan, programs] = await Promise.all([Lan.make(), bundle('announce', 'rival')]);
    viewer = await lan.host('viewer');
    rival = await lan.host('rival');
    host = await lan.host('pronto');
    await startAvahi(viewer);
  });

  afterAll(async () => {
    await lan?.close();
    await programs?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  afterEach(async () => {
    await Promise.all(started.map((program) => program.kill()));
    started = [];
  });

  const run = (program: 'announce' | 'rival', on: Host, ...args: string[]): LabProcess => {
    const begun = on.spawn(process.execPath, [programs.path(program), ...args]);
    started.push(begun);
    return begun;
  };
  const start = (on: Host, ...args: string[]): LabProcess => run('announce', on, ...args);

  const nameOf = async (hub: LabProcess): Promise<string> => {
    const [, json = ''] = await hub.waitFor(/^ready (.*)$/m);
    return (JSON.parse(json) as { host: string }).host;
  };

  const resolve = async (name: string): Promise<string> =>
    (await viewer.run('avahi-resolve', ['-4', '-n', name])).stdout;

  it('goes by -1 within 3 s when another machine has its name, leaves that alone, and stays so', async () => {
    const memory = join(folder, 'name');
    const hub = start(host, 'pronto', memory);
    expect(await nameOf(hub)).toBe('pronto.local');
    const other = run('rival', rival, 'pronto.local', rival.address);
    const [, announced] = await other.waitFor(/^announced (\d+)$/m);
    const [, renamed] = await hub.waitFor(/^renamed pronto-1\.local (\d+)$/m);
    await until(async () => (await addressesSeenBy(viewer, 'pronto-1')).includes(host.address));
    expect(Number(renamed) - Number(announced)).toBeLessThan(3000);
    expect(await resolve('pronto.local')).toBe(`pronto.local\t${rival.address}\n`);
    await hub.kill();
    await other.kill();
    expect(other.stdout).not.toContain('taken');
    expect(await nameOf(start(host, 'pronto', memory))).toBe('pronto-1.local');
  });

  it('finds another name where avahi of another machine has it, which keeps it', async () => {
    const avahi = await startAvahi(rival);
    expect(await nameOf(start(host, 'rival'))).toBe('rival-1.local');
    expect(await resolve('rival.local')).toBe(`rival.local\t${rival.address}\n`);
    expect(avahi.stderr).not.toMatch(/conflict|renam/i);
    await avahi.kill();
  });

  it('shares the names out where two LANs with a hub of the same name each become one', async () => {
    const second = await Lan.make('10.77.0', 100);
    try {
      const there = await second.host('pronto');
      const hubs = [start(host, 'twin'), start(there, 'twin')];
      expect(await Promise.all(hubs.map(nameOf))).toEqual(['twin.local', 'twin.local']);
      await lan.join(second);
      await Promise.race(hubs.map((hub) => hub.waitFor(/^renamed twin-1\.local/m)));
      await until(async () => (await addressesSeenBy(viewer, 'twin-1')).length > 0);
      expect(hubs.filter((hub) => hub.stdout.includes('renamed'))).toHaveLength(1);
    } finally {
      await second.close();
    }
  });
});
