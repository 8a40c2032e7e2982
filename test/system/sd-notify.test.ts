import {
  chmodSync,
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Log } from '../../src/system/log.js';
import { systemdNotifier } from '../../src/system/sd-notify.js';

let folder: string;
const warnings: string[] = [];
const log: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: (text) => warnings.push(text),
  error: () => undefined,
  part: () => log,
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-notify-'));
  warnings.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Resolves once the file holds something. */
function textOf(file: string): Promise<string> {
  return new Promise((resolve) => {
    const look = () => {
      const text = readFileSync(file, 'utf8');
      if (!text.endsWith('\n')) return;
      watcher.close();
      resolve(text);
    };
    const watcher = watch(file, look);
    look();
  });
}

describe('the notifier', () => {
  it('writes to the descriptor that the launcher left', async () => {
    const file = join(folder, 'socket');
    const descriptor = openSync(file, 'w');
    systemdNotifier({ NOTIFY_FD: String(descriptor), NOTIFY_SOCKET: '/x' }, log).notify(
      'READY=1',
      'STATUS=Up\n',
    );
    expect(await textOf(file)).toBe('READY=1\nSTATUS=Up\n');
    closeSync(descriptor);
  });

  it('otherwise lets systemd-notify speak, without waiting', async () => {
    const program = join(folder, 'systemd-notify');
    const said = join(folder, 'said');
    writeFileSync(said, '');
    writeFileSync(program, `#!/bin/sh\necho "$@" > ${said}\n`);
    chmodSync(program, 0o755);
    const path = process.env.PATH;
    process.env.PATH = `${folder}:${path}`;
    systemdNotifier({ NOTIFY_SOCKET: '/run/x' }, log).notify('READY=1');
    process.env.PATH = path;
    expect(await textOf(said)).toBe('--no-block READY=1\n');
  });

  it('says nothing where nobody listens', () => {
    systemdNotifier({}, log).notify('READY=1');
    expect(warnings).toEqual([]);
  });
});
