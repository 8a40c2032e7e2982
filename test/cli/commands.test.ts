import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main-program.js';
import { SystemFiles } from '../../src/system/files.js';
import { SystemNetwork } from '../../src/system/network.js';
import { ControlServer } from '../../src/web/control-server.js';
import { CollectedLog } from '../world/collected-log.js';
import { FixedAdmin } from './fixed-admin.js';
import { TypedShell } from './typed-shell.js';

let folder: string;
let admin: FixedAdmin;
let server: ControlServer;
const log = new CollectedLog();
const world = { network: new SystemNetwork(), files: new SystemFiles(), log };

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-cli-'));
  admin = new FixedAdmin();
  server = new ControlServer(join(folder, 'control.sock'), admin, world);
  await server.start();
});
afterEach(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
  expect(log.lines).toEqual([]);
});

/** Runs a command against the hub; `input` is standard input. */
async function hearth(line: string, input = '') {
  const shell = new TypedShell(input);
  const code = await main([...line.split(' '), '--data', folder], shell);
  return { code, output: shell.output, errors: shell.errors };
}

async function json(line: string, input = ''): Promise<unknown> {
  return JSON.parse((await hearth(`${line} --json`, input)).output);
}

describe('the commands', () => {
  it('status tells how the hub is, and that nobody owns it', async () => {
    const { code, output } = await hearth('status');
    expect(code).toBe(0);
    expect(output).toContain('State      ready, for 1 minute\n');
    expect(output).toContain('Things     1, of which 1 wait for an owner\n');
    expect(output).toContain('Warning    This hub has no owner yet.');
    expect(await json('status')).toMatchObject({
      state: 'ready',
      linkLocal: null,
      counts: { things: 1, pending: 1 },
    });
  });

  it('doctor says what it found, what to do about it, and exits with 1 where there is a problem', async () => {
    expect(await hearth('doctor')).toMatchObject({
      code: 0,
      output: 'ok      eth0: all is well.\nNo problem was found.\n',
      errors: expect.stringContaining('three seconds'),
    });
    admin.findings.push({ severity: 'warning', text: 'Quiet.' });
    admin.findings.push({ severity: 'problem', text: 'Nobody\nhears it.', advice: 'Open the port.' });
    const { code, output } = await hearth('doctor');
    expect(code).toBe(1);
    expect(output).toContain(
      'PROBLEM Nobody\\u{a}hears it.\n        → Open the port.\n1 problem, 1 warning.\n',
    );
    expect(await json('doctor')).toEqual({ findings: admin.findings });
  });

  it('dhcp-snippet tells what each DHCP server needs, as text and as JSON', async () => {
    expect((await hearth('dhcp-snippet')).output).toContain('dhcp-option=224,home.local\n');
    expect(await json('dhcp-snippet')).toMatchObject([
      { server: 'dnsmasq' },
      { server: 'OpenWrt' },
      { server: 'OpenWrt' },
      { server: 'systemd-networkd' },
      { server: 'ISC dhcpd' },
      { server: 'Kea' },
    ]);
    expect((await hearth('dhcp-snippet')).output).toContain('For things in another network (VLAN)');
    const named = await hearth('dhcp-snippet --name hub.lan');
    expect(named.output).toContain('SendOption=224:string:hub.lan\n');
    expect(named.output).not.toContain('VLAN');
    expect((await hearth('dhcp-snippet --name 10.0.0.7')).code).toBe(64);
  });

  it('things lists and shows without KEY', async () => {
    expect((await hearth('things')).output).toBe(
      'ADDRESS          OWNER     STATE      TAGS\nlamp@home.local  (nobody)  connected  CLASS=lamp V=1.5\n',
    );
    const shown = (await hearth('things show lamp@home.local')).output;
    expect(shown).toMatch(/^Address +lamp@home\.local$/m);
    expect(shown).not.toContain('sesame');
    expect(await json('things show Lamp@HOME.local')).toMatchObject({
      owner: null,
      tags: { CLASS: 'lamp', V: 1.5 },
    });
    expect(await json('things list --owner ann@home.local')).toEqual({ things: [], more: false });
    expect((await hearth('things show desk@home.local')).errors).toMatch(/^hearth: There is no such thing\./);
  });

  it('claim needs an owner, takes both forms of the code, and is private if asked', async () => {
    const none = await hearth('claim iotdisco:CLASS=lamp;KEY=sesame');
    expect([none.code, none.errors]).toEqual([
      1,
      expect.stringContaining('hearth accounts add NAME --owner'),
    ]);
    await hearth('accounts add ann --owner');
    expect((await hearth('claim iotdisco:CLASS=lamp;KEY=sesame;R=hub.home.local')).output).toBe(
      'lamp@home.local is now owned by ann@home.local. Searches find it.\n',
    );
    expect(admin.asked[0]).toEqual({
      command: {
        tags: [
          { name: 'CLASS', value: 'lamp' },
          { name: 'KEY', value: 'sesame' },
        ],
        public: true,
      },
      caller: { jid: 'ann@home.local', assurance: 'local', hub: 'hub.home.local' },
    });
    const typed = await hearth('claim - --private --owner ann@home.local', 'IoTDisco;CLASS:lamp;KEY:sesame');
    expect(typed.output).toContain('Searches do not find it.');
    expect((await hearth('claim iotdisco:KEY=wrong')).errors).toMatch(/No thing that waits .* has this code/);
    expect((await hearth('claim lamp')).errors).toContain('This is not a claim code.');
  });

  it('claim asks which owner where there are several', async () => {
    await hearth('accounts add ann --owner');
    await hearth('accounts add bob --owner');
    expect(await json('claim iotdisco:KEY=sesame')).toMatchObject({ error: { code: 'which-owner' } });
    expect(await json('claim iotdisco:KEY=sesame --owner eve@home.local')).toMatchObject({
      error: { code: 'owner-only' },
    });
    expect(await json('claim iotdisco:KEY=sesame --owner bob@home.local')).toMatchObject({
      owner: 'bob@home.local',
    });
  });

  it('pending, allow, rules and rules remove are one story', async () => {
    await hearth('accounts add ann --owner');
    expect((await hearth('pending')).output).toContain(
      '1  eve@home.local wants to be friends with lamp@home.local',
    );
    const allowed = await hearth('allow 1 --for all');
    expect(allowed.output).toMatch(/^Decided: everyone may be friends with lamp@home\.local\.\n/);
    expect(admin.asked.at(-1)).toEqual({
      command: { number: 1, allow: true, range: 'all' },
      owner: 'ann@home.local',
    });
    expect((await hearth('rules')).output).toMatch(/^ID +RULE +WHEN +BY +SINCE\n7 +everyone may be/);
    expect((await hearth('rules remove 7')).code).toBe(0);
    expect(await json('rules')).toEqual({ rules: [] });
    expect((await hearth('rules remove 7')).errors).toContain('See: hearth rules');
    expect((await hearth('deny 2')).errors).toContain('See: hearth pending');
    expect((await hearth('deny two')).code).toBe(64);
  });

  it('accounts are named without their domain', async () => {
    for (const name of ['ann@home.local', 'a/b']) {
      const { code, errors } = await hearth(`accounts add ${name}`);
      expect([code, errors]).toEqual([
        64,
        expect.stringContaining(`before the @, such as anna, not "${name}"`),
      ]);
    }
  });

  it('accounts take a password from standard input or generate one', async () => {
    expect((await hearth('accounts add ann')).output).toContain('Its password, shown only now: generated');
    expect((await hearth('accounts add bob', 'secret')).output).not.toContain('secret');
    expect(await json('accounts add bob')).toMatchObject({ error: { code: 'conflict' } });
    await hearth('accounts password bob', 'better');
    expect(admin.asked.at(-1)).toEqual({ name: 'bob', password: 'better' });
    expect(await json('accounts')).toMatchObject({
      accounts: [{ jid: 'ann@home.local', role: 'user' }, { name: 'bob' }],
    });
    expect((await hearth('accounts remove bob')).output).toBe(
      'Account bob@home.local is gone, and its connections with it.\n',
    );
    expect((await hearth('accounts remove bob')).code).toBe(1);
  });

  it('owner shows a setup code only while nobody owns the hub', async () => {
    expect((await hearth('owner')).output).toContain('Setup code: ABCD-EFGH\n');
    await hearth('accounts add ann --owner');
    expect(await json('owner')).toEqual({ owners: ['ann@home.local'], setupCode: null });
    expect(await json('setup-code')).toEqual({ code: 'ABCD-EFGH', expiresAt: '2026-01-02T03:19:05.000Z' });
  });

  it('audit shows what happened, and follows what happens', async () => {
    expect((await hearth('audit')).output).toMatch(/ {2}register {2}lamp@home\.local {2}done\n$/);
    const shell = new TypedShell();
    const ended = main(['audit', '--follow', '--json', '--data', folder], shell);
    await shell.shows('"register"');
    for (const follow of admin.followers)
      follow({ at: 0, what: 'allow', by: 'ann@home.local', outcome: 'done' });
    await shell.shows('"allow"');
    shell.interrupt();
    expect(await ended).toBe(0);
  });
});

describe('the control socket', () => {
  it('abuse 71: is open to its user alone', () => {
    expect(statSync(join(folder, 'control.sock')).mode & 0o777).toBe(0o600);
  });

  it('is left behind by a hub that died, and then taken; a living hub keeps it', async () => {
    const path = join(folder, 'stale.sock');
    writeFileSync(path, '');
    const second = new ControlServer(path, admin, world);
    await second.start();
    const third = new ControlServer(path, admin, world);
    await expect(third.start()).rejects.toMatchObject({ reason: 'in-use' });
    await third.stop();
    await second.stop();
    expect(() => statSync(path)).toThrow('ENOENT');
  });

  it('refuses what is no command, with a code', async () => {
    const ask = async (path: string, body: string, method = 'POST') => {
      const connection = await world.network.connect({ path: join(folder, 'control.sock') });
      const head = `${method} ${path} HTTP/1.1\r\nhost: hub\r\nconnection: close\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`;
      connection.end(head + body);
      let text = '';
      for await (const chunk of connection) text += chunk;
      return [Number(text.slice(9, 12)), text.slice(text.indexOf('\r\n\r\n') + 4)];
    };
    expect(await ask('/v1/explode', '{}')).toEqual([404, expect.stringContaining('There is no command')]);
    expect(await ask('/v1/__proto__', '{}')).toEqual([404, expect.any(String)]);
    expect(await ask('/v1/status', '', 'GET')).toEqual([405, expect.any(String)]);
    expect(await ask('/v1/status', '{')).toEqual([400, expect.stringContaining('no JSON')]);
    expect(await ask('/v1/status', '[]')).toEqual([400, expect.stringContaining('JSON object')]);
    expect(await ask('/v1/status', '{"verbose":true}')).toEqual([400, expect.stringContaining('verbose')]);
    expect(await ask('/v1/allow', '{"number":"1"}')).toEqual([400, expect.stringContaining('number')]);
    expect(await ask('/v1/allow', '{"number":1,"for":"me"}')).toEqual([
      400,
      expect.stringContaining('jid, domain, all'),
    ]);
    expect(await ask('/v1/claim', JSON.stringify({ code: 'x'.repeat(70_000) }))).toEqual([
      507,
      expect.any(String),
    ]);
  });

  it('answers 69 where no hub runs', async () => {
    await server.stop();
    const { code, errors } = await hearth('status');
    expect(code).toBe(69);
    expect(errors).toMatch(
      /^hearth: The hub is not running: nothing answers at .*control\.sock\. Start it with: hearth run$/m,
    );
  });
});
