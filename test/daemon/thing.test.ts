import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Daemon } from './daemon.js';
import { program } from './program.js';

/** Lines of a process that was started. */
type Lines = string[];

/** The first event of this name and text, as JSON. */
function eventIn(lines: Lines, name: string, text = ''): Promise<Record<string, unknown>> {
  const find = () => lines.find((line) => line.startsWith(`{"event":"${name}"`) && line.includes(text)) ?? '';
  return vi.waitUntil(find, { timeout: 15_000 }).then((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('hearth thing', () => {
  let folder = '';
  let hub: Daemon;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hearth-test-'));
    hub = await Daemon.start(join(folder, 'hub'), ['name=pronto']);
  });

  afterEach(async () => {
    await hub?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('draws its claim code as QR and prints it, is claimed by it, and hears who owns it', async () => {
    const server = `127.0.0.1:${hub.ready.server?.port}`;
    const args = [await program(), 'thing', 'lamp', '--server', server, '--state', join(folder, 'lamp')];
    const thing = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const lines: string[] = [];
      createInterface(thing.stdout).on('line', (line) => lines.push(line));
      const code = await vi.waitUntil(
        () => lines.map((line) => /iotdisco:\S+/.exec(line)?.[0]).find(Boolean),
        {
          timeout: 15_000,
        },
      );
      expect(lines.some((line) => line.includes('▀') || line.includes('█'))).toBe(true);
      await hub.admin('accounts-add', { name: 'anna', owner: true, password: 'a secret' });
      const claimed = await hub.admin('claim', { code });
      expect(claimed.owner).toBe('anna@pronto.local');
      await vi.waitUntil(() => lines.some((line) => line.includes('anna@pronto.local')), { timeout: 10_000 });
    } finally {
      const ended = once(thing, 'exit');
      thing.kill();
      await ended;
    }
  });

  it('shows no claim code when it is started again and somebody owns it', async () => {
    const server = `127.0.0.1:${hub.ready.server?.port}`;
    const args = [await program(), 'thing', 'lamp', '--server', server, '--state', join(folder, 'lamp')];
    await hub.admin('accounts-add', { name: 'anna', owner: true, password: 'a secret' });
    const said: Lines[] = [];
    for (const last of [/iotdisco:\S+/, /connected to/]) {
      const thing = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      const lines: Lines = [];
      said.push(lines);
      createInterface(thing.stdout).on('line', (line) => lines.push(line));
      const find = () => lines.map((line) => last.exec(line)?.[0]).find(Boolean);
      const found = await vi.waitUntil(find, { timeout: 15_000 });
      if (said.length === 1) await hub.admin('claim', { code: found });
      await vi.waitUntil(() => lines.some((line) => line.includes('owned by anna@pronto.local')));
      const ended = once(thing, 'exit');
      thing.kill();
      await ended;
    }
    expect(said.map((lines) => lines.some((line) => line.includes('KEY=')))).toEqual([true, false]);
  });

  it('runs a concentrator, whose things are claimed one by one and show a new code when they are given up', async () => {
    const server = `127.0.0.1:${hub.ready.server?.port}`;
    const args = ['thing', 'concentrator', '--server', server, '--state', join(folder, 'rack'), '--json'];
    const thing = spawn(process.execPath, [await program(), ...args, '--generation', 'xmpp'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const lines: Lines = [];
      createInterface(thing.stdout).on('line', (line) => lines.push(line));
      const ready = await eventIn(lines, 'ready');
      const nodes = ready.nodes as { kind: string; claimCode: string }[];
      expect(nodes.map(({ kind }) => kind)).toEqual(['meter', 'lamp', 'valve']);
      await hub.admin('accounts-add', { name: 'anna', owner: true, password: 'a secret' });
      const { address } = await hub.admin('claim', { code: nodes[1]?.claimCode ?? '' });
      expect(address).toMatch(/^concentrator-\S+#cupboard\/lamp-1$/);
      const claimed = await eventIn(lines, 'claimed');
      expect(claimed).toMatchObject({ kind: 'concentrator', node: { nodeId: 'lamp-1' } });
      await hub.admin('disown', { address });
      const again = await eventIn(lines, 'claimable', 'lamp-1');
      const code = String(again.claimCode);
      expect(nodes.map(({ claimCode }) => claimCode)).not.toContain(code);
      expect((await hub.admin('claim', { code })).address).toBe(address);
    } finally {
      const ended = once(thing, 'exit');
      thing.kill();
      await ended;
    }
  });
});
