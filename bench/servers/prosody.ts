import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scramKeys } from '../../src/xmpp/scram.js';
import { CannotRun } from '../bench.js';
import type { Lab } from '../lab.js';
import { Child } from './child.js';
import { freePort } from './free-port.js';

/** The domain that Prosody serves here. */
export const PROSODY_DOMAIN = 'localhost';

/** A folder with all that a Prosody needs to be started, again and again. */
export interface ProsodySite {
  readonly config: string;
  readonly ports: { readonly plain: number; readonly tls: number };
  /** Makes accounts `PREFIX0` and so on with one password; before the start. */
  addAccounts(prefix: string, count: number, password: string): Promise<void>;
}

/**
 * Writes the configuration of a small Prosody on loopback, its certificate, and a folder for its accounts.
 * Rejects with CannotRun where Prosody is not installed.
 */
export async function prosodySite(lab: Lab): Promise<ProsodySite> {
  for (const needed of ['prosody', 'openssl']) {
    const found = spawnSync('sh', ['-c', `command -v ${needed}`]).status === 0;
    if (!found) throw new CannotRun(`${needed} is not installed: apt-get install prosody openssl`);
  }
  const folder = await lab.folder('prosody');
  const ports = { plain: await freePort(), tls: await freePort() };
  makeCertificate(folder);
  const accounts = join(folder, 'data', PROSODY_DOMAIN, 'accounts');
  const config = join(folder, 'prosody.cfg.lua');
  await writeFile(config, configuration(folder, ports));
  return {
    config,
    ports,
    addAccounts: (prefix, count, password) => writeAccounts(accounts, prefix, count, password),
  };
}

/** Starts a Prosody; it serves a little later. */
export function startProsody(lab: Lab, site: ProsodySite): Child {
  return lab.keep(new Child('prosody', ['-F', '--config', site.config]));
}

/** The same kind of key that the hub has. */
function makeCertificate(folder: string): void {
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'certificate.pem')];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const subject = ['-subj', `/CN=${PROSODY_DOMAIN}`, '-addext', `subjectAltName=DNS:${PROSODY_DOMAIN}`];
  execFileSync('openssl', ['req', '-x509', ...kind, ...files, '-days', '2', ...subject], { stdio: 'pipe' });
}

/** Accounts as Prosody's own storage keeps them; all with one salt, so that the client computes its keys once. */
async function writeAccounts(folder: string, prefix: string, count: number, password: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const salt = randomBytes(16).toString('hex');
  const iterations = 10_000;
  const keys = await scramKeys('SHA-1', password, Buffer.from(salt), iterations);
  const hex = (base64: string) => Buffer.from(base64, 'base64').toString('hex');
  const record = `return {
  ["iteration_count"] = ${iterations};
  ["salt"] = "${salt}";
  ["stored_key"] = "${hex(keys.storedKey)}";
  ["server_key"] = "${hex(keys.serverKey)}";
};\n`;
  for (let i = 0; i < count; i++) await writeFile(join(folder, `${prefix}${i}.dat`), record);
}

function configuration(folder: string, ports: ProsodySite['ports']): string {
  const path = (name: string) => JSON.stringify(join(folder, name));
  return `run_as_root = true
pidfile = ${path('prosody.pid')}
data_path = ${path('data')}
certificates = ${path('.')}
log = { error = ${path('error.log')} }
interfaces = { "127.0.0.1" }
c2s_ports = { ${ports.plain} }
c2s_direct_tls_ports = { ${ports.tls} }
s2s_ports = { }
http_ports = { }
https_ports = { }
c2s_require_encryption = false
authentication = "internal_hashed"
storage = "internal"
modules_enabled = { "roster"; "saslauth"; "tls"; "disco"; "ping"; "time"; "version"; "register"; "posix"; }
modules_disabled = { "s2s"; "offline"; }
ssl = { key = ${path('key.pem')}; certificate = ${path('certificate.pem')}; }
c2s_direct_tls_ssl = { key = ${path('key.pem')}; certificate = ${path('certificate.pem')}; }
VirtualHost "${PROSODY_DOMAIN}"
`;
}
