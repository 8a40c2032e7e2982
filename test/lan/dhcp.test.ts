import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { program } from '../daemon/program.js';
import { type Host, Lan } from './lab.js';
import type { LabProcess } from './lab-process.js';

const missing = Lan.missing('dnsmasq');
if (missing !== undefined) process.stderr.write(`skipped: things that find the hub by DHCP (${missing})\n`);

const DNSMASQ = [
  '--no-daemon',
  '--conf-file=/dev/null',
  '--port=0',
  '--dhcp-range=10.79.0.100,10.79.0.200',
  '--dhcp-leasefile=/run/leases',
  '--user=root',
  '--log-dhcp',
];

describe.skipIf(missing !== undefined)('a thing where mDNS does not reach', { timeout: 40_000 }, () => {
  let lan: Lan;
  let router: Host;
  let thing: Host;
  let server: LabProcess;
  let hub: LabProcess;
  let folder = '';

  beforeAll(async () => {
    const path = await program();
    folder = await mkdtemp(join(tmpdir(), 'hearth-test-'));
    lan = await Lan.make('10.79.0');
    [router, thing] = await Promise.all([lan.host('router'), lan.host('thing')]);
    const settings = ['mdns.enabled=false', 'domain=pronto.home'].flatMap((set) => ['--set', set]);
    hub = router.spawn(process.execPath, [path, 'run', '--data', join(folder, 'hub'), ...settings]);
    await hub.waitFor(/^ready /m);
    server = router.spawn('dnsmasq', [...DNSMASQ, '--dhcp-option=224,pronto.home']);
    await server.waitFor(/DHCP, IP range/);
    // As the router's DNS would say it.
    await thing.replace('hosts', `127.0.0.1 localhost\n${router.address} pronto.home\n`);
  }, 60_000);

  afterAll(async () => {
    await server?.kill();
    await hub?.kill();
    await lan?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function lamp(name: string, ...args: string[]): Promise<LabProcess> {
    const state = ['--state', join(folder, name), '--json'];
    return thing.spawn(process.execPath, [await program(), 'thing', 'lamp', ...state, ...args]);
  }

  it('asks DHCP when it is told to, and registers with the hub of that name', async () => {
    const process = await lamp('asking', '--dhcp-inform');
    const [connected] = await process.waitFor(/\{"event":"connected".*\}/, 20_000);
    expect(JSON.parse(connected)).toMatchObject({ hub: 'hub.pronto.home' });
    await process.kill();
    expect(server.stderr).toMatch(new RegExp(`DHCPINFORM\\(eth0\\) ${thing.address}`));
  });

  it('says why it cannot ask', async () => {
    const args = [await program(), 'thing', 'lamp', '--state', join(folder, 'refused'), '--dhcp-inform'];
    const without = ['--bounding-set=-net_bind_service', globalThis.process.execPath];
    const process = thing.spawn('setpriv', [...without, ...args, '--json']);
    const [, trouble = ''] = await process.waitFor(/"trouble".*"error":"([^"]*)"/, 20_000);
    expect(trouble).toContain('CAP_NET_BIND_SERVICE');
    await process.kill();
  });

  it('reads what the machine learned already, as udhcpc leaves it', async () => {
    const option = Buffer.from('pronto.home').toString('hex');
    await thing.write('/run/udhcpc.eth0.env', `opt224=${option}\n`);
    const process = await lamp('reading');
    await process.waitFor(/\{"event":"connected"/, 20_000);
    await process.kill();
  });
});
