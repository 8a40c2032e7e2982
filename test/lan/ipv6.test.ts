import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAvahi } from './avahi.js';
import { type Bundle, bundle } from './bundle.js';
import { type Host, Lan } from './lab.js';
import type { LabProcess } from './lab-process.js';

const missing = Lan.missing('avahi-daemon', 'avahi-browse', 'avahi-resolve', 'dbus-daemon');
if (missing !== undefined) process.stderr.write(`skipped: the hub on a LAN without IPv4 (${missing})\n`);

describe.skipIf(missing !== undefined)('the hub on a LAN without IPv4', { timeout: 40_000 }, () => {
  let lan: Lan;
  let viewer: Host;
  let host: Host;
  let programs: Bundle;

  beforeAll(async () => {
    [lan, programs] = await Promise.all([Lan.makeIpv6(), bundle('announce', 'search')]);
    viewer = await lan.host('viewer');
    host = await lan.host('pronto');
    await startAvahi(viewer);
  }, 30_000);

  afterAll(async () => {
    await lan?.close();
    await programs?.remove();
  });

  const announce = async (on: Host, ...args: string[]): Promise<{ hub: LabProcess; name: string }> => {
    const hub = on.spawn(process.execPath, [programs.path('announce'), ...args]);
    const [, json = ''] = await hub.waitFor(/^ready (.*)$/m);
    return { hub, name: (JSON.parse(json) as { host: string }).host };
  };

  it('is found by avahi and by things, with its zone, and gives way to one of its name', async () => {
    const { hub, name } = await announce(host);
    expect(name).toBe('pronto.local');
    const { stdout } = await viewer.run('avahi-browse', ['-r', '-t', '-p', '_xmpp-client._tcp']);
    expect(stdout).toContain(`=;eth0;IPv6;pronto;_xmpp-client._tcp;local;pronto.local;${host.address};5222;`);
    const thing = await lan.host('thing');
    const search = await thing.run(process.execPath, [programs.path('search')]);
    expect(JSON.parse(search.stdout)).toMatchObject({ addresses: [`${host.address}%eth0`] });
    const twin = await announce(thing, 'pronto');
    expect(twin.name).toBe('pronto-1.local');
    expect(hub.stdout).not.toContain('renamed');
    await Promise.all([hub.kill(), twin.hub.kill()]);
  });

  it("leaves the name to the machine's own avahi, and is found beside it", async () => {
    const { hub, name } = await announce(viewer);
    expect(name).toBe('viewer-hub.local');
    const { stdout } = await viewer.run('avahi-resolve', ['-6', '-n', name]);
    expect(stdout).toBe(`${name}\t${viewer.address}\n`);
    await hub.kill();
  });
});
