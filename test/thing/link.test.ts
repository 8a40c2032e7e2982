import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LinkRig } from '../actors/link-rig.js';
import { TestCertificate } from '../world/certificates.js';

describe('a thing without a server', () => {
  let rig: LinkRig;

  beforeEach(() => {
    rig = new LinkRig();
  });

  afterEach(async () => {
    await rig.stop();
    expect(rig.clock.waiting()).toEqual([]);
  });

  it('finds the hub on the link, registers there with its certificate, and is claimed', async () => {
    const hub = await rig.hub();
    const lamp = rig.lamp('10.77.0.2');
    const told = rig.events(lamp, 'connected', 'claimed', 'trouble');
    await rig.while(lamp.start());
    const jid = lamp.jid ?? '';
    expect(jid).toMatch(/^lamp-([0-9a-f]{4})@shelf-\1$/);
    expect(hub.registered).toEqual([jid]);
    expect(hub.certificates.get(jid)).toMatch(/^[0-9a-f]{64}$/);
    expect(lamp.claimCode).toContain('hub%40pi');
    hub.owner = 'anna@attic.local';
    expect(await rig.while(hub.tells(jid, 'claimed'))).toBe('result');
    expect(told).toEqual([`connected ${jid}`, 'claimed anna@attic.local']);
  });

  it('is read by another thing on the link, which the hub is asked about once', async () => {
    const hub = await rig.hub();
    const lamp = rig.lamp('10.77.0.2');
    const reader = rig.lamp('10.77.0.3', { kind: 'panel' });
    await rig.while(Promise.all([lamp.start(), reader.start()]));
    const [to, by] = [lamp.jid ?? '', reader.jid ?? ''];
    await rig.until(() => hub.registered.length === 2);
    await expect(rig.while(reader.read(to))).rejects.toThrow(/forbidden|not-allowed/);
    hub.welcome.add(by);
    expect(await rig.while(hub.tells(to, 'clear-cache'))).toBe('result');
    const read = () => rig.while(reader.read(to));
    expect((await read()).readings).toMatchObject([{ name: 'Output', value: true }]);
    await read();
    expect(hub.asked).toEqual([`canRead ${by}`, `canRead ${by}`]);
  });

  it('calls those its friends whom the hub names', async () => {
    const hub = await rig.hub();
    const lamp = rig.lamp('10.77.0.2');
    const told = rig.events(lamp, 'friend', 'unfriend');
    const other = rig.lamp('10.77.0.3');
    await rig.while(Promise.all([lamp.start(), other.start()]));
    const jid = lamp.jid ?? '';
    const friend = other.jid ?? '';
    expect(await rig.while(lamp.befriend(friend))).toBe('refused');
    hub.recommends(jid, 'friend', friend);
    await rig.until(() => told.length === 1);
    expect(await rig.while(lamp.befriend(friend))).toBe('accepted');
    expect(await rig.while(lamp.befriend(hub.instance))).toBe('accepted');
    expect(await rig.while(lamp.befriend('nobody@knows'))).toBe('later');
    hub.welcome.add('away@shelf');
    expect(await rig.while(lamp.befriend('away@shelf'))).toBe('later');
    hub.recommends(jid, 'unfriend', friend);
    await rig.until(() => told.length === 2);
    expect(await rig.while(lamp.befriend(friend))).toBe('refused');
    expect(told).toEqual([`friend ${friend}`, `unfriend ${friend}`]);
    expect(hub.asked).toEqual([
      `isFriend ${friend}`,
      'isFriend nobody@knows',
      'isFriend away@shelf',
      `isFriend ${friend}`,
    ]);
  });

  it('waits for its hub to be announced, and comes back within a second or two when it is again', async () => {
    const lamp = rig.lamp('10.77.0.2');
    const told = rig.events(lamp, 'connected', 'trouble', 'disconnected');
    const started = lamp.start();
    await rig.pass(60_000);
    const waits = told.length;
    expect(waits).toBeGreaterThan(1);
    expect(waits).toBeLessThan(7);
    expect(new Set(told)).toEqual(
      new Set(['trouble There is no hub on this network that speaks without a server. Start one.']),
    );
    const hub = await rig.hub();
    await rig.while(started, 5_000);
    await rig.while(hub.stop());
    await rig.until(() => told.at(-1)?.startsWith('trouble') === true);
    expect(told.at(-2)).toBe('disconnected hub@pi left this network.');
    await rig.pass(300_000);
    const again = await rig.hub();
    await rig.until(() => again.registered.length === 1, 5_000);
    expect(again.registered).toEqual([lamp.jid]);
  });

  it('keeps name, certificate and hub over a restart, and has others after a factory reset', async () => {
    const hub = await rig.hub();
    const lamp = rig.lamp('10.77.0.2');
    await rig.while(lamp.start());
    const jid = lamp.jid ?? '';
    const certificate = hub.certificates.get(jid);
    await rig.while(lamp.stop());
    const again = rig.lamp('10.77.0.2');
    await rig.while(again.start());
    expect(again.jid).toBe(jid);
    expect(hub.certificates.get(jid)).toBe(certificate);
    await rig.while(again.forget());
    await rig.until(() => hub.registered.length === 3);
    expect(hub.registered[2]).not.toBe(jid);
    expect(hub.certificates.get(hub.registered[2] ?? '')).not.toBe(certificate);
  });

  it('says nothing to one who poses as its hub, and knows its hub under another name', async () => {
    const hub = await rig.hub();
    const lamp = rig.lamp('10.77.0.2');
    const told = rig.events(lamp, 'trouble');
    await rig.while(lamp.start());
    await rig.while(hub.stop());
    await rig.pass(2_000);
    const authority = new TestCertificate({ name: 'The hub' });
    const impostor = await rig.hub('10.77.0.6', { authority });
    const open = await rig.hub('10.77.0.7', { name: 'other', authority });
    await rig.until(() => told.some((text) => text.includes('pretending to be the hub')));
    await rig.pass(30_000);
    expect([impostor.registered, open.registered]).toEqual([[], []]);
    const moved = await rig.hub('10.77.0.8', { name: 'pi-1' });
    await rig.while(impostor.stop());
    await rig.until(() => moved.registered.length === 1);
    expect(moved.registered).toEqual([lamp.jid]);
  });

  it('is not claimed by a name alone: who speaks as its hub without the certificate is not heard', async () => {
    const hub = await rig.hub();
    const lamp = rig.lamp('10.77.0.2');
    const told = rig.events(lamp, 'claimed');
    await rig.while(lamp.start());
    const jid = lamp.jid ?? '';
    const authority = new TestCertificate({ name: 'The hub' });
    const other = await rig.hub('10.77.0.6', { name: 'other', authority });
    other.owner = 'eve@attic.local';
    expect(await rig.while(other.tells(jid, 'claimed'))).toBe('error');
    await rig.while(hub.stop());
    await rig.pass(2_000);
    const impostor = await rig.hub('10.77.0.7', { authority });
    impostor.owner = 'eve@attic.local';
    await rig.pass(2_000);
    const answer = await rig.while(impostor.tells(jid, 'claimed').catch(String));
    expect(answer).not.toBe('result');
    expect(told).toEqual([]);
  });

  it('asks presences by any name whether they are a hub, those called hub first', async () => {
    const house = await rig.hub('10.77.0.1', { user: 'house' });
    const lamp = rig.lamp('10.77.0.2');
    await rig.while(lamp.start());
    expect(house.registered).toEqual([lamp.jid]);
    await rig.hub('10.77.0.3', { name: 'attic' });
    const other = rig.lamp('10.77.0.4');
    await rig.while(other.start());
    expect(house.registered).toEqual([lamp.jid]);
  });

  it('goes by another name where its own is taken, unless somebody owns it', async () => {
    const hub = await rig.hub();
    const lamp = rig.lamp('10.77.0.2');
    await rig.while(lamp.start());
    const first = lamp.jid ?? '';
    const [user = '', name = ''] = first.split('@');
    await rig.while(lamp.stop());
    const rival = await rig.hub('10.77.0.9', { user, name });
    const told = rig.events(lamp, 'trouble');
    await rig.while(lamp.start());
    expect(lamp.jid).not.toBe(first);
    expect(told[0]).toMatch(/^trouble Another device on this network goes by/);

    const second = lamp.jid ?? '';
    hub.owner = 'anna@attic.local';
    await rig.while(hub.tells(second, 'claimed'));
    await rig.while(lamp.stop());
    await rig.while(rival.stop());
    const [owned = '', machine = ''] = second.split('@');
    const next = await rig.hub('10.77.0.9', { user: owned, name: machine });
    const started = lamp.start();
    await rig.pass(60_000);
    expect(hub.registered.filter((jid) => jid !== first && jid !== second)).toEqual([]);
    await rig.while(next.stop());
    await rig.while(started, 300_000);
    expect(lamp.jid).toBe(second);
  });

  it('hears at once that it is refused and what to do, and does not insist', async () => {
    const hub = await rig.hub();
    const lamp = rig.lamp('10.77.0.2');
    await rig.while(lamp.start());
    const jid = lamp.jid ?? '';
    await rig.while(lamp.stop());
    hub.refused.add(jid);
    const told = rig.events(lamp, 'trouble');
    const started = lamp.start();
    await rig.until(() => told.length === 1, 5_000);
    expect(told[0]).toMatch(
      /^trouble hub@pi does not hear this thing: This name speaks only .* Its certificate is [0-9a-f]{64}\.$/,
    );
    await rig.pass(60_000);
    expect(told.length).toBeLessThan(9);
    expect(hub.registered).toEqual([jid]);
    hub.refused.clear();
    await rig.while(started, 300_000);
    expect(hub.registered).toEqual([jid, jid]);
  });

  it('can be a concentrator, whose nodes register each for itself', async () => {
    const hub = await rig.hub();
    const cupboard = rig.thing('10.77.0.2', {
      kind: 'concentrator',
      nodes: [
        { nodeId: 'lamp-1', kind: 'lamp' },
        { nodeId: 'meter-1', kind: 'meter' },
      ],
    });
    await rig.while(cupboard.start());
    expect(hub.registered).toEqual([cupboard.jid, cupboard.jid]);
    expect(cupboard.claimCodes.map(({ node }) => node?.nodeId)).toEqual(['lamp-1', 'meter-1']);
  });

  it('starts with no damaged name or key', async () => {
    const lamp = rig.lamp('10.77.0.2');
    for (const text of ['{}', '{"suffix":"zzzz","machine":"shelf","friends":[]}', '{"suffix":"12ab"}', 'x']) {
      await rig.files.write('/10.77.0.2/link.json', text);
      await expect(lamp.start()).rejects.toThrow('link.json is damaged');
    }
    await rig.files.remove('/10.77.0.2/link.json');
    await rig.files.write('/10.77.0.2/certificate.json', '{"certificate":1}');
    await expect(lamp.start()).rejects.toThrow('certificate.json is damaged');
  });
});
