import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Ready } from '../../src/domain/admin.js';
import { program } from '../daemon/program.js';
import { type Bundle, bundle } from './bundle.js';
import { type Host, Lan } from './lab.js';
import type { LabProcess } from './lab-process.js';

const missing = Lan.missing();
if (missing !== undefined) process.stderr.write(`skipped: things without a server (${missing})\n`);

const PASSWORD = 'rosebud in the attic';

const LANS = [
  ['by IPv4 and IPv6', () => Lan.make('10.80.0')],
  ['by IPv6 only', () => Lan.makeIpv6()],
] as const;

describe.skipIf(missing !== undefined).each(LANS)(
  'a thing without a server, %s',
  { timeout: 60_000 },
  (_name, makeLan) => {
    let lan: Lan;
    let hubHost: Host | undefined;
    let shelf: Host | undefined;
    let hall: Host | undefined;
    let elsewhere: Host | undefined;
    let programs: Bundle;
    let folder = '';
    let hub: LabProcess;
    let lamp: LabProcess;
    let panel: LabProcess | undefined;
    let inbox: LabProcess | undefined;
    let jid = '';
    let reader = '';

    const at = (host: Host | undefined): Host => {
      if (host === undefined) throw new Error('the lab is not up');
      return host;
    };

    /** A command to the hub, as its owner in front of it gives it. */
    const hearth = async (...args: string[]): Promise<string> => {
      const all = [await program(), ...args, '--data', join(folder, 'hub')];
      const { stdout, stderr } = await at(hubHost).run(process.execPath, all, { input: `${PASSWORD}\n` });
      if (stdout === '') throw new Error(`hearth ${args.join(' ')}: ${stderr}`);
      return stdout;
    };

    /** What the panel says after it tried to read the lamp. */
    const reads = async (): Promise<string> => {
      panel?.write(jid);
      const match = await panel?.next(/^(?:read|refused) .*$/m, 20_000);
      return match?.[0] ?? '';
    };

    const startLamp = async (host: Host | undefined, state: string): Promise<LabProcess> => {
      const args = ['thing', 'lamp', '--link-local', '--json', '--state', join(folder, state)];
      return at(host).spawn(process.execPath, [await program(), ...args]);
    };

    beforeAll(async () => {
      const path = await program();
      programs = await bundle('panel', 'inbox');
      folder = await mkdtemp(join(tmpdir(), 'hearth-test-'));
      lan = await makeLan();
      const names = ['pronto', 'shelf', 'hall', 'elsewhere'];
      [hubHost, shelf, hall, elsewhere] = await Promise.all(names.map((name) => lan.host(name)));
      const args = ['run', '--data', join(folder, 'hub')];
      hub = at(hubHost).spawn(process.execPath, [path, ...args]);
      const [, json = ''] = await hub.waitFor(/^ready (.*)$/m);
      const ready: Ready = JSON.parse(json);
      expect(ready.linkLocal).toEqual({ port: 5298, instance: 'hub@pronto' });
    }, 60_000);

    afterAll(async () => {
      await inbox?.kill();
      await panel?.kill();
      await lamp?.kill();
      await hub?.kill();
      await lan?.close();
      await programs?.remove();
      await rm(folder, { recursive: true, force: true });
    });

    it('registers, and is claimed by the code that it shows', async () => {
      lamp = await startLamp(shelf, 'lamp');
      const [line] = await lamp.waitFor(/\{"event":"ready".*\}/, 20_000);
      const { claimCode, ...shown } = JSON.parse(line);
      jid = shown.jid;
      expect(jid).toMatch(/^lamp-([0-9a-f]{4})@shelf-\1$/);
      await hearth('accounts', 'add', 'anna', '--owner');
      const login = [programs.path('inbox'), 'pronto.local', 'anna', PASSWORD];
      inbox = at(hubHost).spawn(process.execPath, login);
      await inbox.waitFor(/online/);
      const claimed = JSON.parse(await hearth('claim', claimCode, '--json'));
      expect(claimed).toMatchObject({ owner: 'anna@pronto.local' });
      await lamp.waitFor(/\{"event":"claimed".*anna@pronto\.local/);
    });

    it('is read by another one of its kind once the hub allows it', async () => {
      panel = at(hall).spawn(process.execPath, [programs.path('panel'), join(folder, 'panel')], {
        keepInput: true,
      });
      [, reader = ''] = await panel.next(/online (\S+)/, 20_000);
      expect(reader).toMatch(/^panel-([0-9a-f]{4})@hall-\1$/);
      expect(await reads()).toMatch(/^refused \S+ \S+: (forbidden|not-allowed)/);
      expect(await hearth('pending')).toContain(reader);
      await hearth('allow', '1');
      let answer = await reads();
      for (let tries = 0; tries < 50 && answer.startsWith('refused'); tries++) answer = await reads();
      expect(answer).toMatch(/^read \S+ .*Output=false/);
    });

    it('abuse 56: is impersonated from another host, which gets nothing; the owner is told', async () => {
      const { code } = await lamp.kill();
      expect(code).toBe(0);
      await cp(join(folder, 'lamp'), join(folder, 'liar'), { recursive: true });
      await rm(join(folder, 'liar', 'certificate.json'));
      const liar = await startLamp(elsewhere, 'liar');
      await liar.waitFor(/"event":"trouble".*hub@pronto does not hear this thing/, 20_000);
      const [said = ''] = (await inbox?.waitFor(/^heard .* spoke as .*/m, 20_000)) ?? [];
      expect(said).toContain(`spoke as ${jid} without the certificate`);
      expect(said).toContain(`hearth things trust ${jid}`);
      // Everything of the lamp but its key is in the liar's hands: not even its name gets it an answer.
      expect(liar.stdout).not.toMatch(/"event":"(connected|claimed|disowned|claimable)"/);
      expect(await hearth('audit')).toMatch(/refused: not the certificate of this name/);
      expect(await hearth('status')).toMatch(
        new RegExp(
          `Warning\\s+Somebody spoke as ${jid} without its certificate, .* hearth things show ${jid}`,
        ),
      );
      await liar.kill();
    });

    it('is what it was when it is back', async () => {
      lamp = await startLamp(shelf, 'lamp');
      await lamp.waitFor(/"event":"connected"/, 20_000);
      await lamp.waitFor(/"event":"claimed".*anna@pronto\.local/);
      expect(await reads()).toMatch(/^read /);
    });

    it('loses its key: is refused, told what to do, and heard again once its owner trusts it', async () => {
      await lamp.kill();
      await rm(join(folder, 'lamp', 'certificate.json'));
      lamp = await startLamp(shelf, 'lamp');
      const trouble = /"event":"trouble".*hearth things trust.* Its certificate is ([0-9a-f]{64})\./;
      const [, certificate = ''] = await lamp.waitFor(trouble, 20_000);
      expect(await hearth('things', 'show', jid)).toContain(`To take it instead: hearth things trust ${jid}`);
      // The liar's was refused too, so the owner compares.
      const trusted = await hearth('things', 'trust', jid, '--fingerprint', certificate);
      expect(trusted).toContain('speaks with another certificate now');
      await lamp.waitFor(/"event":"claimed".*anna@pronto\.local/, 40_000);
      expect(await reads()).toMatch(/^read /);
    });

    it('that dies without a goodbye is away soon after the hub called it in vain', async () => {
      await lamp.kill('SIGKILL');
      expect(await hearth('things')).toContain('connected');
      // The lamp is to hear that it is taken out of the registry.
      await hearth('remove', jid);
      await vi.waitFor(async () => expect(await hearth('things')).toContain('away'), {
        timeout: 15_000,
        interval: 500,
      });
    });
  },
);
