import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { program } from '../../daemon/program.js';
import { startAvahi } from '../../lan/avahi.js';
import { until } from '../../lan/avahi-view.js';
import { type Host, Lan } from '../../lan/lab.js';
import type { LabProcess } from '../../lan/lab-process.js';
import { type CompiledPeer, compilePeer, Messenger, missingLibpurple } from './messenger.js';

const missing =
  Lan.missing('avahi-daemon', 'avahi-browse', 'dbus-daemon', 'ss') ?? (await missingLibpurple());
if (missing !== undefined) process.stderr.write(`skipped: the hub and libpurple (${missing})\n`);

const HUB = 'hub@pronto';

describe.skipIf(missing !== undefined)('the hub and libpurple', { timeout: 60_000 }, () => {
  let lan: Lan;
  let peer: CompiledPeer;
  let folder = '';
  let host: Host;
  let laptop: Host;
  let desk: Host;
  let hub: LabProcess;
  let anna: Messenger;

  const start = async (...args: string[]): Promise<void> => {
    const all = [await program(), 'run', '--data', join(folder, 'hub'), ...args];
    hub = host.spawn(process.execPath, all);
    await hub.waitFor(/^ready /m);
  };

  /** A command to the hub, as its owner in front of it gives it. */
  const hearth = async (...args: string[]): Promise<string> => {
    const all = [await program(), ...args, '--data', join(folder, 'hub')];
    const { stdout, stderr } = await host.run(process.execPath, all);
    expect(stderr).toBe('');
    return stdout;
  };

  /** The far ends of the hub's streams that messengers opened to it, or that it opened to them. */
  const streams = async (our: 'sport' | 'dport' = 'sport'): Promise<string[]> => {
    const { stdout } = await host.run('ss', ['-tnH', 'state', 'established', `( ${our} = :5298 )`]);
    return stdout.split('\n').flatMap((line) => line.trim().split(/\s+/)[3] ?? []);
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hearth-libpurple-'));
    [lan, peer] = await Promise.all([Lan.make('10.83.0'), compilePeer()]);
    host = await lan.host('pronto');
    laptop = await lan.host('laptop');
    desk = await lan.host('desk');
    await Promise.all([startAvahi(laptop), startAvahi(desk), start()]);
    anna = await Messenger.signOn(laptop, peer, 'anna@laptop');
  }, 60_000);

  afterAll(async () => {
    await hub?.kill();
    await lan?.close();
    await peer?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  it('is in the list, says that it has no owner yet, and answers at the address that libpurple likes best', async () => {
    expect(await anna.sees(HUB)).toBe('available This hub has no owner yet.');
    anna.send(HUB, 'help');
    expect(await anna.hears(HUB)).toMatch(
      /^I am the home hub of pronto\.local\. Write one of these:\nstatus – /,
    );
    expect(await streams()).toEqual([expect.stringMatching(/^\[fe80:/)]);
    await hearth('accounts', 'add', 'anna', '--owner');
    await anna.process.next(/^status hub@pronto available $/m);
  });

  it('goes on when the window was closed', async () => {
    await anna.close(HUB);
    await until(async () => (await streams()).length === 0);
    anna.send(HUB, 'Status');
    expect(await anna.hears(HUB)).toMatch(/^Hub: the home hub of pronto\.local/);
  });

  it('keeps two people apart who sit at one machine', async () => {
    const carl = await Messenger.signOn(laptop, peer, 'carl@laptop', 5299);
    await carl.sees(HUB);
    carl.send(HUB, 'things');
    anna.send(HUB, 'status');
    expect(await carl.hears(HUB)).toBe('No thing here is for everybody to find.');
    expect(await anna.hears(HUB)).toMatch(/^Hub: the home hub of pronto\.local/);
    await carl.quit();
  });

  it('abuse 57: hangs up on one who speaks as somebody else', async () => {
    const lie = `
      const socket = require('node:net').connect(5298, '${host.address}');
      socket.write("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' " +
        "from='anna@laptop' to='${HUB}'><message from='anna@laptop'><body>things</body></message>");
      socket.pipe(process.stdout);`;
    const { stdout } = await desk.run(process.execPath, ['-e', lie]);
    expect(stdout).toContain('<invalid-from ');
    expect(stdout).toMatch(/<\/stream:stream>$/);
  });

  it('brings an answer after the window was closed: it opens a stream of its own', async () => {
    anna.send(HUB, 'status');
    await anna.hears(HUB);
    hub.signal('SIGSTOP');
    anna.send(HUB, 'things');
    await anna.close(HUB);
    hub.signal('SIGCONT');
    expect(await anna.hears(HUB)).toBe('No thing here is for everybody to find.');
    expect(await streams('dport')).toHaveLength(1);
    await anna.close(HUB);
    await until(async () => (await streams('dport')).length === 0);
  });

  it('comes back after a restart', async () => {
    await hub.kill('SIGKILL');
    await start();
    anna.send(HUB, 'status');
    expect(await anna.hears(HUB)).toMatch(/^Hub: the home hub of pronto\.local/);
    await hub.kill();
    await anna.process.next(/^buddy- hub@pronto$/m);
  });

  it('talks to a messenger on its own machine, where avahi is', async () => {
    const desktop = await lan.host('desktop');
    await startAvahi(desktop);
    const args = [await program(), 'run', '--data', join(folder, 'second')];
    const second = desktop.spawn(process.execPath, args);
    await second.waitFor(/^ready /m);
    const dora = await Messenger.signOn(desktop, peer, 'dora@desktop');
    await dora.sees('hub@desktop-hub');
    dora.send('hub@desktop-hub', 'status');
    expect(await dora.hears('hub@desktop-hub')).toMatch(/^Hub: the home hub of desktop\.local/);
    await dora.quit();
    await second.kill();
  });
});
