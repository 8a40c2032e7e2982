import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { program } from '../daemon/program.js';
import { startAvahi } from './avahi.js';
import { seenBy, until } from './avahi-view.js';
import { type Host, Lan } from './lab.js';
import type { LabProcess } from './lab-process.js';

const missing = Lan.missing('avahi-daemon', 'avahi-browse', 'dbus-daemon');
if (missing !== undefined)
  process.stderr.write(`skipped: the whole hub on a LAN without IPv4 (${missing})\n`);

describe.skipIf(missing !== undefined)('the whole hub on a LAN without IPv4', { timeout: 40_000 }, () => {
  let lan: Lan;
  let host: Host;
  let other: Host;
  let folder = '';
  let hub: LabProcess;

  const hearth = async (on: Host, ...args: string[]): Promise<LabProcess> =>
    on.spawn(process.execPath, [await program(), ...args]);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hearth-test-'));
    lan = await Lan.makeIpv6();
    [host, other] = await Promise.all([lan.host('pronto'), lan.host('other')]);
    await startAvahi(other);
    hub = await hearth(host, 'run', '--data', join(folder, 'hub'));
    await hub.waitFor(/^ready (.*)$/m);
  });

  afterAll(async () => {
    await hub?.kill();
    await lan?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('is found by avahi at the address it gave itself', async () => {
    const expected = { instance: 'pronto', host: 'pronto.local', address: host.address, port: 5222 };
    await until(async () => (await seenBy(other)).length > 0);
    expect(await seenBy(other)).toEqual([
      expect.objectContaining({ ...expected, interface: 'eth0', protocol: 'IPv6' }),
    ]);
  });

  it('is found by a thing, which registers, is claimed and is told', async () => {
    const thing = await hearth(other, 'thing', 'lamp', '--state', join(folder, 'lamp'));
    const [code] = await thing.waitFor(/iotdisco:\S+/, 20_000);
    const data = ['--data', join(folder, 'hub')];
    await (await hearth(host, 'accounts', 'add', 'anna', '--owner', ...data)).ended;
    const claimed = await (await hearth(host, 'claim', code, '--json', ...data)).ended;
    expect(claimed).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(claimed.stdout)).toMatchObject({ owner: 'anna@pronto.local' });
    await thing.waitFor(/anna@pronto\.local/);
    await thing.kill();
  });
});
