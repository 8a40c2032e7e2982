import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { program } from '../daemon/program.js';

const QUIET = ['mdns.enabled=false', 'server.listen=127.0.0.1', 'server.port=0', 'server.tlsPort=0'];

let folder: string;
const running = new Set<ChildProcess>();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-run-'));
});
afterEach(async () => {
  for (const child of running) {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
  rmSync(folder, { recursive: true });
});

/** Starts `hearth run`; `lines` hold its log. */
async function start(...args: string[]) {
  const settings = QUIET.flatMap((setting) => ['--set', setting]);
  const env = { PATH: process.env.PATH };
  const child = spawn(process.execPath, [await program(), 'run', ...settings, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const lines: string[] = [];
  const log = createInterface(child.stderr).on('line', (line) => lines.push(line));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { child, log, lines, ended };
}

async function ready(hub: Awaited<ReturnType<typeof start>>): Promise<Record<string, unknown>> {
  const stdout = hub.child.stdout;
  if (stdout === null) throw new Error('no output');
  for await (const line of createInterface(stdout)) {
    if (line.startsWith('ready ')) return JSON.parse(line.slice(6));
  }
  throw new Error(hub.lines.join('\n'));
}

/** Resolves once the log holds this text. */
async function logged(hub: Awaited<ReturnType<typeof start>>, text: string): Promise<void> {
  while (!hub.lines.some((line) => line.includes(text))) await once(hub.log, 'line');
}

describe('hearth run', () => {
  it('says where it is reached, logs JSON lines, and ends by SIGTERM within 5 s', async () => {
    const hub = await start('--data', folder, '--set', 'name=Plug');
    expect(await ready(hub)).toEqual({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      domain: 'plug.local',
      hub: 'hub.plug.local',
      server: { host: expect.any(String), port: expect.any(Number), tlsPort: expect.any(Number) },
      linkLocal: null,
      web: null,
      control: join(folder, 'control.sock'),
    });
    const asked = performance.now();
    hub.child.kill('SIGTERM');
    expect(await hub.ended).toBe(0);
    expect(performance.now() - asked).toBeLessThan(5000);
    for (const line of hub.lines)
      expect(JSON.parse(line)).toMatchObject({ time: expect.any(String), level: 'info' });
  });

  it('abuse 73: a second hub on the same data ends with 75 and says why', async () => {
    const first = await start('--data', folder);
    await ready(first);
    const second = await start('--data', folder);
    expect(await second.ended).toBe(75);
    expect(second.lines.join('\n')).toContain('in use');
    first.child.kill('SIGINT');
    expect(await first.ended).toBe(0);
  });

  it('ends with 75 where another program has its port', async () => {
    const first = await start('--data', join(folder, 'a'));
    const { server } = await ready(first);
    const { port } = server as { port: number };
    const second = await start('--data', join(folder, 'b'), '--set', `server.port=${port}`);
    expect(await second.ended).toBe(75);
    expect(second.lines.join('\n')).toContain(String(port));
  });

  it('ends with 78 where the configuration is wrong, with its place', async () => {
    const file = join(folder, 'hearth.yaml');
    writeFileSync(file, 'server:\n  prot: 1\n');
    const hub = await start('--data', folder, '--config', file);
    expect(await hub.ended).toBe(78);
    expect(hub.lines).toEqual([
      `hearth: ${file}:2:3: "server.prot" is no setting. Did you mean "server.port"?`,
    ]);
  });

  it('ends with 73 where the data folder cannot be used', async () => {
    const hub = await start('--data', '/dev/null/hearth');
    expect(await hub.ended).toBe(73);
  });

  it('reads its configuration again on SIGHUP; a wrong one changes nothing', async () => {
    const file = join(folder, 'hearth.yaml');
    writeFileSync(file, 'log:\n  level: warn\n');
    const hub = await start('--data', join(folder, 'data'), '--config', file);
    await ready(hub);
    writeFileSync(file, 'log:\n  level: info\n');
    hub.child.kill('SIGHUP');
    await logged(hub, 'read again');
    writeFileSync(file, 'log:\n  level: loud\n');
    hub.child.kill('SIGHUP');
    await logged(hub, 'The configuration is not changed.');
    hub.child.kill('SIGTERM');
    expect(await hub.ended).toBe(0);
  });

  it('abuse 77: ends well also when it is asked while it starts', async () => {
    const hub = await start('--data', folder);
    await logged(hub, 'certificate authority');
    hub.child.kill('SIGTERM');
    expect(await hub.ended).toBe(0);
    const again = await start('--data', folder);
    await ready(again);
  });
});
