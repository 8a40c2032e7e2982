import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { program } from '../../daemon/program.js';
import { startAvahi } from '../../lan/avahi.js';
import { type Host, Lan } from '../../lan/lab.js';
import type { LabProcess } from '../../lan/lab-process.js';
import { type CompiledPeer, compilePeer, Messenger, missingLibpurple } from './messenger.js';

const missing = Lan.missing('avahi-daemon', 'avahi-browse', 'dbus-daemon') ?? (await missingLibpurple());
if (missing !== undefined) process.stderr.write(`skipped: a chat with the hub by libpurple (${missing})\n`);

describe.skipIf(missing !== undefined)('a person with an ordinary messenger', { timeout: 60_000 }, () => {
  let lan: Lan;
  let peer: CompiledPeer;
  let folder = '';
  let hub: LabProcess | undefined;
  let laptop: Host;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hearth-chat-'));
    [lan, peer] = await Promise.all([Lan.make('10.82.0'), compilePeer()]);
    const host = await lan.host('pronto');
    laptop = await lan.host('laptop');
    await startAvahi(laptop);
    hub = host.spawn(process.execPath, [await program(), 'run', '--data', join(folder, 'hub')]);
    await hub.waitFor(/^ready (.*)$/m);
  }, 60_000);

  afterAll(async () => {
    await hub?.kill();
    await lan?.close();
    await peer?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  it('sees the hub in the list, asks, and is told how to do what he may not here', async () => {
    const anna = await Messenger.signOn(laptop, peer, 'anna@laptop');
    await anna.sees('hub@pronto');
    const answer = (text: string) => {
      anna.send('hub@pronto', text);
      return anna.hears('hub@pronto');
    };
    expect(await answer('help')).toMatch(
      /^I am the home hub of pronto.local\. Write one of these:\nstatus – /,
    );
    expect(await answer('Status')).toBe('Hub: the home hub of pronto.local\nState: ready\nThings: 0');
    expect(await answer('things')).toBe('No thing here is for everybody to find.');
    expect(await answer('pending')).toMatch(
      /^"pending" is for owners of this hub\. On the link a name proves nothing: log in to your account of pronto\.local/,
    );
    expect(await answer('claim <b>"iotdisco:KEY=a"')).toMatch(/^"claim" is for owners .* hearth claim CODE$/);
    await anna.quit();
  });
});
