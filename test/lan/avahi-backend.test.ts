import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAvahi } from './avahi.js';
import { addressesSeenBy, seenBy, until } from './avahi-view.js';
import { type Bundle, bundle } from './bundle.js';
import { type Host, Lan } from './lab.js';
import type { LabProcess } from './lab-process.js';

const missing = Lan.missing('avahi-daemon', 'avahi-browse', 'avahi-publish-service', 'dbus-daemon');
if (missing !== undefined) process.stderr.write(`skipped: a hub that lets avahi speak (${missing})\n`);

const PRESENCE = '_presence._tcp';

describe.skipIf(missing !== undefined)('a hub that lets avahi speak for it', { timeout: 40_000 }, () => {
  let lan: Lan;
  let viewer: Host;
  let programs: Bundle;

  beforeAll(async () => {
    [lan, programs] = await Promise.all([Lan.make(), bundle('avahi-backend', 'search')]);
    viewer = await lan.host('viewer');
    await startAvahi(viewer);
  }, 30_000);

  afterAll(async () => {
    await lan?.close();
    await programs?.remove();
  });

  const start = (host: Host, ...args: string[]): LabProcess =>
    host.spawn(process.execPath, [programs.path('avahi-backend'), ...args]);

  const ready = async (hub: LabProcess): Promise<Record<string, unknown>> => {
    const [, json = ''] = await hub.waitFor(/^ready (.*)$/m);
    return JSON.parse(json);
  };

  const statusOf = async (instance: string): Promise<string | undefined> =>
    (await seenBy(viewer, PRESENCE)).find((seen) => seen.instance === instance)?.txt;

  it('is found with its port, its texts in order and the host name of avahi, and gone at its end', async () => {
    const host = await lan.host('pronto');
    await startAvahi(host);
    const hub = start(host);
    expect(await ready(hub)).toEqual({
      hostName: 'pronto.local',
      label: 'pronto',
      isAnnounced: true,
      instance: 'hub@pronto',
      warnings: [],
    });
    expect(await addressesSeenBy(viewer, 'pronto')).toContain(host.address);
    expect(await statusOf('hub@pronto')).toContain('"status=avail"');
    const { stdout } = await viewer.run(process.execPath, [programs.path('search')]);
    const found = stdout.split('\n').find((line) => line.includes('"pronto"')) ?? '{}';
    expect(Object.keys(JSON.parse(found).txt)).toEqual(['txtvers', 'ordom', 'regis', 'provis']);
    const watch = viewer.spawn('avahi-browse', ['-p', '_xmpp-client._tcp']);
    await watch.waitFor(/^\+;eth0;IPv4;pronto;/m);
    expect((await hub.kill()).code).toBe(0);
    await watch.waitFor(/^-;eth0;IPv4;pronto;/m);
    await watch.kill();
  });

  it('changes its texts and takes a service back', async () => {
    const host = await lan.host('moody');
    await startAvahi(host);
    const hub = start(host);
    await ready(hub);
    await until(async () => (await statusOf('hub@moody'))?.includes('avail') === true);
    void hub.kill('SIGUSR1');
    await until(async () => (await statusOf('hub@moody'))?.includes('away') === true);
    void hub.kill('SIGUSR2');
    await hub.waitFor(/^withdrawn/m);
    await until(async () => (await statusOf('hub@moody')) === undefined);
    expect(await addressesSeenBy(viewer, 'moody')).toContain(host.address);
    await hub.kill();
  });

  it('takes -1 for all its services where another machine has one of its names, and leaves that alone', async () => {
    const [rival, host] = await Promise.all([lan.host('rival'), lan.host('twin')]);
    await Promise.all([startAvahi(rival), startAvahi(host)]);
    const other = rival.spawn('avahi-publish-service', ['hub@twin', PRESENCE, '5298', 'txtvers=1']);
    await other.waitFor(/Established/);
    const hub = start(host);
    await hub.waitFor(/^renamed .*"label":"twin-1"/m);
    expect(await ready(hub)).toMatchObject({ hostName: 'twin.local', label: 'twin-1', isAnnounced: true });
    const names = (await seenBy(viewer, PRESENCE)).map(({ instance }) => instance);
    expect(names).toEqual(expect.arrayContaining(['hub@twin', 'hub@twin-1']));
    expect(await addressesSeenBy(viewer, 'twin-1')).toContain(host.address);
    expect(await addressesSeenBy(viewer, 'twin')).toEqual([]);
    expect(await addressesSeenBy(viewer, 'hub@twin', PRESENCE)).toContain(rival.address);
    await hub.kill();
  });

  it('says what to do while there is no avahi, is announced once there is one, and again after its restart', async () => {
    const host = await lan.host('late');
    const hub = start(host);
    const { isAnnounced, warnings } = await ready(hub);
    expect(isAnnounced).toBe(false);
    expect(warnings).toEqual([expect.stringContaining('systemctl enable --now avahi-daemon')]);
    const avahi = await startAvahi(host);
    await until(async () => (await addressesSeenBy(viewer, 'late')).includes(host.address), 15_000);
    await avahi.kill();
    await until(async () => (await addressesSeenBy(viewer, 'late')).length === 0);
    await startAvahi(host);
    await until(async () => (await addressesSeenBy(viewer, 'late')).includes(host.address), 15_000);
    await hub.kill();
  });

  it('takes its services with it when it is killed', async () => {
    const host = await lan.host('killed');
    await startAvahi(host);
    const hub = start(host);
    await ready(hub);
    await until(async () => (await addressesSeenBy(viewer, 'killed')).length > 0);
    await hub.kill('SIGKILL');
    await until(async () => (await addressesSeenBy(viewer, 'killed')).length === 0);
  });

  it('sees the presences of others, whatever their names and texts', async () => {
    const [host, other] = await Promise.all([lan.host('seer'), lan.host('seen')]);
    await Promise.all([startAvahi(host), startAvahi(other)]);
    const hub = start(host);
    await ready(hub);
    const texts = ['txtvers=1', 'msg=a"b\\c;d\ne', 'MSG=second', 'ä=\u{1f600}', 'bare'];
    const person = other.spawn('avahi-publish-service', ['pe.t;e r\\ä@seen', PRESENCE, '5299', ...texts]);
    const [, json = ''] = await hub.waitFor(/^up (.*@seen".*)$/m);
    expect(JSON.parse(json)).toEqual({
      instance: 'pe.t;e r\\ä@seen',
      host: 'seen.local',
      port: 5299,
      addresses: expect.any(Array),
      txt: { txtvers: '1', msg: 'a"b\\c;d\ne', ä: '\u{1f600}', bare: '' },
    });
    const [v6 = ''] = hub.stdout.match(/fe80:[^"]*@?seen|fe80:[0-9a-f:]+%eth0/) ?? [];
    expect(v6).toMatch(/%eth0$/);
    await person.kill();
    await hub.waitFor(/^down .*@seen"/m);
    await hub.kill();
  });
});
