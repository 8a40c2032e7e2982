import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAvahi } from './avahi.js';
import { addressesSeenBy, until } from './avahi-view.js';
import { type Bundle, bundle } from './bundle.js';
import { type Host, Lan } from './lab.js';
import type { LabProcess } from './lab-process.js';

const missing = Lan.missing('avahi-daemon', 'avahi-browse', 'avahi-resolve', 'dbus-daemon');
if (missing !== undefined) process.stderr.write(`skipped: the hub beside avahi (${missing})\n`);

/** A machine whose own avahi has its name, and the hub on it. */
interface Beside {
  readonly host: Host;
  readonly avahi: LabProcess;
  readonly hub: LabProcess;
}

/**
 * How the machine's avahi is set up. In all cases but the first it takes a second responder that tells addresses under
 * its own name, which it does not tell itself, for a rival, and renames the machine.
 */
const CASES: readonly { name: string; server?: string; address?: string }[] = [
  { name: 'plain' },
  { name: 'ula', address: 'fd00:77::1/64' },
  { name: 'global', address: '2001:db8::1/64' },
  { name: 'allowed', server: 'allow-interfaces=eth0' },
  { name: 'ipv4', server: 'use-ipv6=no' },
];

describe.skipIf(missing !== undefined)("the hub beside the machine's own avahi", { timeout: 40_000 }, () => {
  let lan: Lan;
  let viewer: Host;
  let programs: Bundle;
  let beside: Beside[] = [];

  const startHub = async (host: Host): Promise<LabProcess> => {
    const hub = host.spawn(process.execPath, [programs.path('announce')]);
    await hub.waitFor(/^ready /m);
    return hub;
  };

  beforeAll(async () => {
    [lan, programs] = await Promise.all([Lan.make(), bundle('announce', 'ask')]);
    viewer = await lan.host('viewer');
    await startAvahi(viewer);
    beside = await Promise.all(
      CASES.map(async ({ name, server, address }) => {
        const host = await lan.host(name);
        if (address !== undefined) await host.ip('address', 'add', address, 'dev', 'eth0', 'nodad');
        const avahi = await startAvahi(host, server);
        return { host, avahi, hub: await startHub(host) };
      }),
    );
  });

  afterAll(async () => {
    await lan?.close();
    await programs?.remove();
  });

  const each = async (check: (beside: Beside) => Promise<void>): Promise<void> => {
    await Promise.all(beside.map(check));
  };

  it('takes a name of its own', async () => {
    await each(async ({ host, hub }) => {
      expect(hub.stdout).toContain(`"host":"${host.name}-hub.local"`);
      await until(async () => (await addressesSeenBy(viewer, `${host.name}-hub`)).includes(host.address));
    });
  });

  it('leaves unicast to port 5353 to it: three of three questions are answered', async () => {
    await each(async ({ host }) => {
      const ask = [programs.path('ask'), host.address, `${host.name}.local`];
      const { stdout } = await viewer.run(process.execPath, ask);
      expect(stdout).toBe(`${host.address}\n`.repeat(3));
    });
  });

  it('leaves it its name, also when the hub comes again and others ask', async () => {
    await each(async ({ host, avahi, hub }) => {
      const about = `${host.name}.local`;
      await viewer.run('avahi-resolve', ['-4', '-n', about]);
      await hub.kill();
      const again = await startHub(host);
      const own = await viewer.run('avahi-resolve', ['-4', '-n', about]);
      expect(own.stdout).toBe(`${about}\t${host.address}\n`);
      const hubs = await viewer.run('avahi-resolve', ['-4', '-n', `${host.name}-hub.local`]);
      expect(hubs.stdout).toBe(`${host.name}-hub.local\t${host.address}\n`);
      await again.kill('SIGKILL');
      const last = await startHub(host);
      expect(last.stdout).toContain(`"host":"${host.name}-hub.local"`);
      expect(avahi.stderr).toContain(`Host name is ${about}`);
      expect(avahi.stderr).not.toMatch(/conflict|renam/i);
    });
  });
});
