import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/config/config-error.js';
import { loadConfig, loadValues, type Sources } from '../../src/config/load.js';
import { secret } from '../../src/config/setting.js';
import type { Machine } from '../../src/system/machine.js';

const machine: Machine = { label: 'plug', dataFolder: '/var/lib/hearth', thingsFolder: '/things' };
const nothing: Sources = { env: {}, set: [] };

/** Files that exist, by their paths. */
function filesWith(texts: Record<string, string>) {
  return {
    read: async (path: string) => {
      const text = texts[path];
      return text === undefined ? undefined : Buffer.from(text);
    },
  };
}

async function problemsOf(sources: Partial<Sources>, texts: Record<string, string> = {}): Promise<string[]> {
  try {
    await loadConfig({ ...nothing, ...sources }, machine, filesWith(texts));
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('the configuration', () => {
  it('needs no file: defaults, and the machine fills in its name and folder', async () => {
    const config = await loadConfig(nothing, machine, filesWith({}));
    expect(config.name).toBe('plug');
    expect(config.domain).toBeUndefined();
    expect(config.data).toBe('/var/lib/hearth');
    expect(config.server).toMatchObject({ listen: ['::'], port: 5222, tlsPort: 5223, tls: 'required' });
    expect(config.limits.loginConnectionsPerAddress).toBe(20);
  });

  it('takes defaults, then file, then environment, then --set', async () => {
    const texts = { '/etc/hearth/hearth.yaml': 'server:\n  port: 1\n  tlsPort: 1\nlog.level: debug\n' };
    const env = { HEARTH_SERVER_PORT: '2', HEARTH_SERVER_TLS_PORT: '2', HEARTH_LINK_LOCAL_ENABLED: 'false' };
    const config = await loadConfig(
      { env, set: ['server.port=3', 'mdns.interfaces=eth0, wlan0', 'server.listen=["127.0.0.1","::1"]'] },
      machine,
      filesWith(texts),
    );
    expect(config.server.port).toBe(3);
    expect(config.server.listen).toEqual(['127.0.0.1', '::1']);
    expect(config.server.tlsPort).toBe(2);
    expect(config.log.level).toBe('debug');
    expect(config.linkLocal.enabled).toBe(false);
    expect(config.mdns.interfaces).toEqual(['eth0', 'wlan0']);
  });

  it('reads the addresses of owners elsewhere as addresses are compared', async () => {
    const trusted = async (owner: string) =>
      (await loadConfig({ ...nothing, set: [`trust.owner=${owner}`] }, machine, filesWith({}))).trust.owner;
    expect(await trusted('Anna@Example.ORG, ben@example.org')).toEqual([
      'anna@example.org',
      'ben@example.org',
    ]);
    const problems = await problemsOf({ set: ['trust.owner=a"b@example.org'] });
    expect(problems.join(' ')).toContain('trust.owner');
  });

  it('reads the file of --config instead of the default one, and misses it where it is not', async () => {
    const texts = { '/etc/hearth/hearth.yaml': 'name: other', '/tmp/a.yaml': 'name: Mine' };
    expect((await loadConfig({ ...nothing, file: '/tmp/a.yaml' }, machine, filesWith(texts))).name).toBe(
      'mine',
    );
    expect(await problemsOf({ file: '/tmp/b.yaml' }, texts)).toEqual(['/tmp/b.yaml: there is no such file']);
  });

  it('names file, line and column, what was expected, and the nearest key', async () => {
    const file =
      'name: plug\nserver:\n  prot: 5222\n  tls: maybe\n  listen: all\nlimits: 5\nlinkLocl:\n  enabled: true\n';
    expect(await problemsOf({ file: 'h.yaml' }, { 'h.yaml': file })).toEqual([
      'h.yaml:3:3: "server.prot" is no setting. Did you mean "server.port"?',
      'h.yaml:6:9: expected keys below "limits"',
      'h.yaml:7:1: "linkLocl" is no setting. Did you mean "linkLocal"?',
      'h.yaml:4:8: "server.tls": expected one of `required`, `optional`, not "maybe"',
      'h.yaml:5:11: "server.listen": expected a list of IP addresses, not "all"',
    ]);
  });

  it('refuses what looks like a value and is none', async () => {
    const file = 'server:\n  port: "5222"\n  enabled: yes\n  tlsPort: 70000\nname: &a x\ndomain: *a\n';
    expect(await problemsOf({ file: 'h.yaml' }, { 'h.yaml': file })).toEqual([
      'h.yaml:6:9: "domain": expected a domain name',
      'h.yaml:2:9: "server.port": expected a whole number from 0 to 65535, not "5222"',
      'h.yaml:3:12: "server.enabled": expected true or false, not "yes"',
      'h.yaml:4:12: "server.tlsPort": expected a whole number from 0 to 65535, not 70000',
    ]);
  });

  it('tells where a file is no YAML, or sets a key twice', async () => {
    expect(await problemsOf({ file: 'h.yaml' }, { 'h.yaml': 'name: [a\n' })).toEqual([
      expect.stringMatching(/^h\.yaml:2:1: this is not YAML: /),
    ]);
    expect(
      await problemsOf({ file: 'h.yaml' }, { 'h.yaml': 'server.port: 1\nserver:\n  port: 2\n' }),
    ).toEqual(['h.yaml:3:3: "server.port" is set twice']);
  });

  it('names the variable or the option that is wrong', async () => {
    const env = { HEARTH_SERVER_PROT: '1', HEARTH_LOG_LEVEL: 'loud', OTHER: 'x' };
    expect(await problemsOf({ env, set: ['server.port=x', 'foo=1', 'name'] })).toEqual([
      'HEARTH_SERVER_PROT: this variable is no setting. Did you mean HEARTH_SERVER_PORT?',
      '--set foo: "foo" is no setting. All settings: docs/configuration.md',
      '--set name: expected KEY=VALUE',
      'HEARTH_LOG_LEVEL: "log.level": expected one of `debug`, `info`, `warn`, `error`, not "loud"',
      '--set server.port: "server.port": expected a whole number from 0 to 65535, not "x"',
    ]);
  });

  it('takes a secret from a file of its own, and never repeats one', async () => {
    const table = { uplink: { password: secret('The password.') } };
    const files = filesWith({ '/run/secret': 'hunter2\n' });
    const values = await loadValues(
      table,
      { env: { HEARTH_UPLINK_PASSWORD_FILE: '/run/secret' }, set: [] },
      files,
    );
    expect(values.uplink.password).toBe('hunter2');
    const wrong = loadValues(table, { env: {}, set: ['uplink.password=two\nlines'] }, files);
    await expect(wrong).rejects.toThrow(
      '--set uplink.password: "uplink.password": expected a text of one line',
    );
    await expect(wrong).rejects.not.toThrow('two');
    const missing = loadValues(table, { env: {}, set: ['uplink.passwordFile=/none'] }, files);
    await expect(missing).rejects.toThrow('there is no /none');
  });
});
