import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAvahi } from '../../lan/avahi.js';
import { type Host, Lan } from '../../lan/lab.js';
import { type CompiledPeer, compilePeer, Messenger, missingLibpurple } from './messenger.js';

const missing = Lan.missing('avahi-daemon', 'dbus-daemon') ?? (await missingLibpurple());
if (missing !== undefined) process.stderr.write(`skipped: libpurple's Bonjour protocol (${missing})\n`);

describe.skipIf(missing !== undefined)('libpurple, which nobody here wrote', () => {
  let lan: Lan;
  let peer: CompiledPeer;
  let laptop: Host;
  let desk: Host;

  beforeAll(async () => {
    [lan, peer] = await Promise.all([Lan.make('10.79.0'), compilePeer()]);
    [laptop, desk] = await Promise.all([lan.host('laptop'), lan.host('desk')]);
    await Promise.all([startAvahi(laptop), startAvahi(desk)]);
  });

  afterAll(async () => {
    await lan?.close();
    await peer?.remove();
  });

  it('talks to itself in the lab, so that the client of these tests is what it should be', async () => {
    const anna = await Messenger.signOn(laptop, peer, 'anna@laptop');
    const ben = await Messenger.signOn(desk, peer, 'ben@desk');
    await Promise.all([anna.sees(ben.name), ben.sees(anna.name)]);
    anna.send(ben.name, 'is <anyone> there & well?');
    expect(await ben.hears(anna.name)).toBe('is <anyone> there & well?');
    ben.send(anna.name, 'yes');
    expect(await anna.hears(ben.name)).toBe('yes');
    anna.setStatus('away');
    await ben.process.next(/^status anna@laptop away/m);
    await anna.quit();
    await ben.process.next(/^buddy- anna@laptop$/m);
    await ben.quit();
  });
});
