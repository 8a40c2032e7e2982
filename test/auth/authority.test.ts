import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Authority } from '../../src/edges/c2s/authority.js';
import type { CertificateNames } from '../../src/edges/c2s/certificate-names.js';
import { SystemFiles } from '../../src/system/files.js';
import { SystemRandom } from '../../src/system/random.js';
import { CollectedLog } from '../world/collected-log.js';
import { ManualClock } from '../world/manual-clock.js';
import { MemoryFiles } from '../world/memory-files.js';

const DAY = 86_400_000;
const now = Date.UTC(2027, 4, 1);
const names: CertificateNames = {
  domain: 'home.local',
  hosts: ['hub.home.local', 'pi-hub.local'],
  addresses: ['192.0.2.5', 'fe80::1%eth0', '2001:db8::ffff:192.0.2.1'],
};
const other = { ...names, addresses: ['192.0.2.6'] };

/** A machine with a disk that outlives the hub's starts. */
class Machine {
  readonly files = new MemoryFiles();
  readonly log = new CollectedLog();
  readonly random = new SystemRandom();
  clock = new ManualClock(now);

  async start(wanted = names, at = this.clock.now()): Promise<Authority> {
    this.clock = new ManualClock(at);
    const authority = new Authority('/data/tls', this);
    await authority.start(wanted);
    return authority;
  }
}

/** The first certificate of a chain: the server's. */
const leaf = async (authority: Authority, wanted = names) =>
  new X509Certificate((await authority.certificateFor(wanted)).chain);

describe("the hub's certificates", () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hearth-authority-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it('are what OpenSSL takes for an authority and a server', async () => {
    const machine = { ...new Machine(), clock: new ManualClock(Date.now()), files: new SystemFiles() };
    const tls = join(folder, 'tls');
    const authority = new Authority(tls, machine);
    await authority.start(names);
    await authority.stop();
    expect(machine.clock.waiting()).toEqual([]);
    await writeFile(join(folder, 'ca.pem'), authority.caCertificatePem);
    const verify = ['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', join(folder, 'ca.pem')];
    for (const name of ['home.local', 'hub.home.local', 'pi-hub.local']) {
      const run = promisify(execFile)('openssl', [
        ...verify,
        '-verify_hostname',
        name,
        join(tls, 'server.pem'),
      ]);
      expect((await run).stdout).toContain('OK');
    }
    for (const ip of ['192.0.2.5', 'fe80::1', '2001:db8::ffff:c000:201']) {
      const run = promisify(execFile)('openssl', [...verify, '-verify_ip', ip, join(tls, 'server.pem')]);
      expect((await run).stdout).toContain('OK');
    }
    const stranger = promisify(execFile)('openssl', [
      ...verify,
      '-verify_hostname',
      'x.local',
      join(tls, 'server.pem'),
    ]);
    await expect(stranger).rejects.toThrow();
    for (const file of ['ca.key', 'server.key'])
      expect((await stat(join(tls, file))).mode & 0o777).toBe(0o600);
    expect((await stat(tls)).mode & 0o777).toBe(0o700);
  });

  it('say who they are, and for how long', async () => {
    const authority = await new Machine().start();
    const ca = new X509Certificate(authority.caCertificatePem);
    const server = await leaf(authority);
    expect(ca.subject).toBe('CN=Hearth home.local');
    expect(ca.ca).toBe(true);
    expect(Date.parse(ca.validTo) - now).toBe(3653 * DAY);
    expect(server.issuer).toBe(ca.subject);
    expect(server.verify(ca.publicKey)).toBe(true);
    expect(Date.parse(server.validFrom)).toBe(now - DAY);
    expect(Date.parse(server.validTo)).toBe(now + 365 * DAY);
    expect(server.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
    expect(authority.fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    expect(authority.fingerprint).toBe(ca.fingerprint256);
  });

  it('can name a domain of other letters, and a very long one', async () => {
    const machine = new Machine();
    const long = `${'a'.repeat(60)}.${'b'.repeat(60)}.local`;
    const foreign = { domain: 'häuschen.local', hosts: [long], addresses: [] };
    const server = await leaf(await machine.start(foreign), foreign);
    expect(server.checkHost('xn--huschen-5wa.local')).toBeDefined();
    expect(server.checkHost(long)).toBe(long);
    const other = await new Machine().start({ domain: long, hosts: [], addresses: [] });
    expect((await leaf(other, { domain: long, hosts: [], addresses: [] })).checkHost(long)).toBe(long);
  });

  it('stay the same from start to start', async () => {
    const machine = new Machine();
    const first = await machine.start();
    const second = await machine.start();
    expect(second.fingerprint).toBe(first.fingerprint);
    expect((await leaf(second)).serialNumber).toBe((await leaf(first)).serialNumber);
    expect(second.secretFor('x')).toEqual(first.secretFor('x'));
    expect(second.secretFor('x')).not.toEqual(second.secretFor('y'));
  });

  it('name other addresses when the machine has others, by the same authority', async () => {
    const machine = new Machine();
    const authority = await machine.start();
    const before = authority.secureContext;
    const first = await leaf(authority);
    const second = await leaf(authority, other);
    expect(second.serialNumber).not.toBe(first.serialNumber);
    expect(second.checkIP('192.0.2.6')).toBe('192.0.2.6');
    expect(second.checkIP('192.0.2.5')).toBeUndefined();
    expect(authority.secureContext).not.toBe(before);
    expect(authority.fingerprint).toBe((await machine.start(other)).fingerprint);
  });

  it('are made anew 30 days before their end, while the hub runs', async () => {
    const machine = new Machine();
    const authority = await machine.start();
    const first = await leaf(authority);
    machine.clock.advance(334 * DAY);
    expect((await leaf(authority)).serialNumber).toBe(first.serialNumber);
    machine.clock.advance(2 * DAY);
    expect((await leaf(authority)).serialNumber).not.toBe(first.serialNumber);
  });

  it('are renewed when the authority nears its end, with its key and its name', async () => {
    const machine = new Machine();
    const first = await machine.start();
    const trusted = new X509Certificate(first.caCertificatePem);
    const later = await machine.start(names, now + 9.5 * 365 * DAY);
    expect(later.fingerprint).not.toBe(first.fingerprint);
    expect((await leaf(later)).verify(trusted.publicKey)).toBe(true);
    expect((await leaf(later)).checkIssued(trusted)).toBe(true);
  });

  it('are made anew if they cannot be read, and the log says so', async () => {
    const machine = new Machine();
    const first = await machine.start();
    await machine.files.write('/data/tls/server.pem', 'rubbish');
    const second = await machine.start();
    expect(second.fingerprint).toBe(first.fingerprint);
    expect((await leaf(second)).checkHost('home.local')).toBe('home.local');
    expect(machine.log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
    expect(JSON.stringify(machine.log.lines)).not.toContain('PRIVATE');
  });
});

describe('a clock that was never set', () => {
  it('makes certificates that are good once it is', async () => {
    const machine = new Machine();
    const authority = await machine.start(names, 5000);
    for (const certificate of [await leaf(authority), new X509Certificate(authority.caCertificatePem)]) {
      expect(Date.parse(certificate.validFrom)).toBeLessThan(Date.UTC(2026, 10, 21));
      expect(Date.parse(certificate.validTo)).toBeGreaterThan(Date.UTC(2036, 0, 1));
    }
    const set = await machine.start(names, now);
    expect(set.fingerprint).toBe(authority.fingerprint);
    expect(Date.parse((await leaf(set)).validTo)).toBe(now + 365 * DAY);
  });

  it('changes nothing of what was made before', async () => {
    const machine = new Machine();
    const before = await machine.start();
    const after = await machine.start(names, 5000);
    expect(after.fingerprint).toBe(before.fingerprint);
    expect((await leaf(after)).serialNumber).toBe((await leaf(before)).serialNumber);
    const changed = await leaf(after, other);
    expect(Date.parse(changed.validFrom)).toBeLessThanOrEqual(now);
    expect(Date.parse(changed.validTo)).toBeGreaterThan(now + 365 * DAY);
  });

  it('nor does one that runs 50 years ahead do lasting harm', async () => {
    const machine = new Machine();
    const before = await machine.start();
    const key = new X509Certificate(before.caCertificatePem).publicKey;
    await machine.start(names, now + 50 * 365 * DAY);
    const after = await machine.start(names, now);
    const server = await leaf(after);
    expect(Date.parse(server.validFrom)).toBeLessThanOrEqual(now);
    expect(Date.parse(server.validTo)).toBeLessThan(now + 367 * DAY);
    expect(server.verify(key)).toBe(true);
    expect(Date.parse(new X509Certificate(after.caCertificatePem).validFrom)).toBeLessThanOrEqual(now);
  });
});
