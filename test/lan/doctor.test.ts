import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/domain/finding.js';
import { program } from '../daemon/program.js';
import { startAvahi } from './avahi.js';
import { type Host, Lan } from './lab.js';
import type { LabProcess } from './lab-process.js';

const missing = Lan.missing('avahi-daemon', 'avahi-publish-service', 'dbus-daemon', 'nft');
if (missing !== undefined) process.stderr.write(`skipped: hearth doctor on a LAN (${missing})\n`);

/** Drops all mDNS that comes in, as a firewall does. */
const FIREWALL =
  'add table inet wall; add chain inet wall in { type filter hook input priority 0; udp dport 5353 drop; }';

describe.skipIf(missing !== undefined)('hearth doctor', { timeout: 40_000 }, () => {
  let lan: Lan;
  let host: Host;
  let other: Host;
  let folder = '';
  let path = '';

  const start = async (on: Host, ...args: string[]): Promise<LabProcess> => {
    const hub = on.spawn(process.execPath, [path, 'run', '--data', join(folder, on.name), ...args]);
    await hub.waitFor(/^ready /m);
    return hub;
  };

  const doctor = async (on: Host): Promise<{ code: number | undefined; findings: Finding[] }> => {
    const begin = performance.now();
    const data = join(folder, on.name);
    const { code, stdout } = await on.run(process.execPath, [path, 'doctor', '--json', '--data', data]);
    expect(performance.now() - begin).toBeLessThan(4000);
    return { code, findings: JSON.parse(stdout).findings };
  };

  beforeAll(async () => {
    path = await program();
    folder = await mkdtemp(join(tmpdir(), 'hearth-test-'));
    lan = await Lan.make('10.79.0');
    [host, other] = await Promise.all([lan.host('pronto'), lan.host('other')]);
    await startAvahi(other);
  }, 60_000);

  afterAll(async () => {
    await lan?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('tells what others find by both families, who else answers, and what is left out', async () => {
    await host.ip('address', 'add', '2001:db8::7/64', 'dev', 'eth0', 'nodad');
    const printer = other.spawn('avahi-publish-service', ['printer', '_ipp._tcp', '631']);
    await printer.waitFor(/Established/);
    const second = await start(await lan.host('second'));
    const hub = await start(host);
    const six = await host.linkLocal();
    const { code, findings } = await doctor(host);
    const texts = findings.map(({ severity, text }) => `${severity} ${text}`);
    expect(texts.filter((text) => !text.startsWith('ok'))).toEqual([]);
    expect(texts[0]).toBe(
      'ok eth0: by IPv4 and IPv6 others find pronto (_xmpp-client._tcp, port 5222) and hub@pronto (_presence._tcp, ' +
        `port 5298) on pronto.local, which is at ${host.address}, ${six}.`,
    );
    expect(texts[1]).toContain('not told 2001:db8::7');
    expect(texts.join('\n')).toContain(`${other.address} (1 kind of service)`);
    expect(texts.join('\n')).toMatch(/there is another hub, second, at .*; its domain is second\.local/);
    expect(texts.join('\n')).toContain('_xmpp-client._tcp (port 5222) and _presence._tcp (port 5298)');
    expect(code).toBe(0);
    await Promise.all([hub.kill(), second.kill(), printer.kill()]);
  });

  it('names the other responder of the machine, and leaves it alone', async () => {
    const both = await lan.host('both');
    await startAvahi(both);
    const hub = await start(both);
    const { code, findings } = await doctor(both);
    expect(findings.find(({ text }) => text.includes('UDP port 5353'))?.text).toBe(
      'On this machine UDP port 5353 is also used by: avahi-daemon.',
    );
    expect(findings[0]).toMatchObject({ severity: 'ok', text: expect.stringContaining('both-hub.local') });
    expect(code).toBe(0);
    await hub.kill();
  });

  it('says that a firewall keeps questions away, and exits with 1', async () => {
    const walled = await lan.host('walled');
    const hub = await start(walled);
    await walled.linkLocal();
    await walled.run('nft', ['-f', '-'], { input: FIREWALL });
    const { code, findings } = await doctor(walled);
    const problems = findings.filter(({ severity }) => severity === 'problem');
    expect(problems.map(({ text }) => text)).toEqual([
      "eth0: a question by IPv4 multicast did not come back with the hub's answer.",
      "eth0: a question by IPv6 multicast did not come back with the hub's answer.",
    ]);
    expect(problems[0]?.advice).toContain('firewall');
    expect(code).toBe(1);
    await hub.kill();
  });

  it('needs no IPv4', async () => {
    const six = await Lan.makeIpv6();
    const alone = await six.host('alone');
    const hub = await start(alone);
    const { code, findings } = await doctor(alone);
    expect(findings[0]?.text).toMatch(
      /^eth0: by IPv6 others find alone .* on alone\.local, which is at fe80:/,
    );
    expect(code).toBe(0);
    await hub.kill();
    await six.close();
  });

  it('looks through the eyes of avahi where that speaks for the hub', async () => {
    const shared = await lan.host('shared');
    await startAvahi(shared);
    const hub = await start(shared, '--set', 'mdns.backend=avahi');
    const { code, findings } = await doctor(shared);
    expect(findings[0]?.text).toMatch(/eth0: by IPv4 and IPv6 others find shared .* on shared\.local/);
    expect(code).toBe(0);
    await hub.kill();
  });
});
