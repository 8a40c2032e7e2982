import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { program } from '../daemon/program.js';
import { startAvahi } from './avahi.js';
import { seenBy, until } from './avahi-view.js';
import { type Host, Lan } from './lab.js';
import type { LabProcess } from './lab-process.js';

const missing = Lan.missing('avahi-daemon', 'avahi-browse', 'avahi-resolve', 'dbus-daemon');
if (missing !== undefined)
  process.stderr.write(`skipped: hub, things and avahi on one machine (${missing})\n`);

describe.skipIf(missing !== undefined)(
  'avahi, the hub and things on one machine',
  { timeout: 40_000 },
  () => {
    let lan: Lan;
    let viewer: Host;
    let host: Host;
    let folder = '';
    const started: LabProcess[] = [];

    const hearth = async (...args: string[]): Promise<LabProcess> => {
      const begun = host.spawn(process.execPath, [await program(), ...args]);
      started.push(begun);
      return begun;
    };

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'hearth-test-'));
      lan = await Lan.make();
      viewer = await lan.host('viewer');
      host = await lan.host('pronto');
      await Promise.all([startAvahi(viewer), startAvahi(host)]);
    });

    afterAll(async () => {
      await Promise.all(started.map((each) => each.kill()));
      await lan?.close();
      await rm(folder, { recursive: true, force: true });
    });

    it('are all found, each by its own name, and the things find the hub', async () => {
      const hub = await hearth('run', '--data', join(folder, 'hub'));
      await hub.waitFor(/^ready /m);
      const things = await Promise.all(
        ['lamp', 'temperature'].map((kind) =>
          hearth('thing', kind, '--link-local', '--json', '--state', join(folder, kind)),
        ),
      );
      const jids = await Promise.all(
        things.map(async (thing) => {
          const [line] = await thing.waitFor(/\{"event":"ready".*\}/, 20_000);
          return (JSON.parse(line) as { jid: string }).jid;
        }),
      );
      await until(async () => {
        const names = (await seenBy(viewer, '_presence._tcp')).map(({ instance }) => instance);
        return ['hub@pronto-hub', ...jids].every((name) => names.includes(name));
      });
      const seen = await seenBy(viewer, '_presence._tcp');
      const hosts = new Map(seen.map(({ instance, host: name }) => [instance, name]));
      expect(hosts.get('hub@pronto-hub')).toBe('pronto-hub.local');
      for (const jid of jids) expect(hosts.get(jid)).toBe(`${jid.split('@')[1]}.local`);
      const { stdout } = await viewer.run('avahi-resolve', ['-4', '-n', 'pronto.local']);
      expect(stdout).toBe(`pronto.local\t${host.address}\n`);
    });
  },
);
