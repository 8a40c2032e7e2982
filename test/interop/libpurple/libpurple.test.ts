import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAvahi } from '../../lan/avahi.js';
import { type Bundle, bundle } from '../../lan/bundle.js';
import { type Host, Lan } from '../../lan/lab.js';
import { type CompiledPeer, compilePeer, Messenger, missingLibpurple } from './messenger.js';

const missing = Lan.missing('avahi-daemon', 'avahi-browse', 'dbus-daemon') ?? (await missingLibpurple());
if (missing !== undefined) process.stderr.write(`skipped: libpurple's Bonjour protocol (${missing})\n`);

describe.skipIf(missing !== undefined)('libpurple, which nobody here wrote', () => {
  let lan: Lan;
  let peer: CompiledPeer;
  let programs: Bundle;
  let laptop: Host;
  let desk: Host;

  beforeAll(async () => {
    [lan, peer, programs] = await Promise.all([Lan.make('10.79.0'), compilePeer(), bundle('speakers')]);
    [laptop, desk] = await Promise.all([lan.host('laptop'), lan.host('desk')]);
    await Promise.all([startAvahi(laptop), startAvahi(desk)]);
  });

  afterAll(async () => {
    await lan?.close();
    await peer?.remove();
    await programs?.remove();
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

  it('takes first words from us, and keeps two of us apart who are at one address', async () => {
    const shelf = await lan.host('shelf');
    const us = shelf.spawn(process.execPath, [programs.path('speakers'), 'lamp', 'fan'], { keepInput: true });
    await us.waitFor(/^online$/m);
    const anna = await Messenger.signOn(laptop, peer, 'anna@laptop');
    for (const user of ['lamp', 'fan']) {
      await anna.sees(`${user}@shelf`);
      await us.waitFor(new RegExp(`^${user} sees anna@laptop$`, 'm'));
    }
    us.write('fan anna@laptop it is <b>warm</b> & 1 < 2');
    expect(await anna.hears('fan@shelf')).toBe('it is <b>warm</b> & 1 < 2');
    us.write('lamp anna@laptop it is dark');
    expect(await anna.hears('lamp@shelf')).toBe('it is dark');
    anna.send('fan@shelf', 'go on');
    await us.next(/^fan hears anna@laptop go on$/m);
    anna.send('lamp@shelf', 'shine');
    await us.next(/^lamp hears anna@laptop shine$/m);
    await us.kill();
    for (const user of ['lamp', 'fan']) await anna.process.waitFor(new RegExp(`^buddy- ${user}@shelf$`, 'm'));
    await anna.quit();
  });
});
