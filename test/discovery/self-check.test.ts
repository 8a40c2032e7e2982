import { describe, expect, it } from 'vitest';
import type { Lan } from '../../src/discovery/mdns/interfaces.js';
import {
  addressRecord,
  pointerRecord,
  type ResourceRecord,
  serviceRecord,
  textRecord,
} from '../../src/discovery/mdns/records.js';
import { interfaceFindings } from '../../src/discovery/self-check/interface-findings.js';
import { neighbourFindings } from '../../src/discovery/self-check/neighbour-findings.js';
import type { LanObserved, Said } from '../../src/discovery/self-check/observed.js';
import { ownFindings } from '../../src/discovery/self-check/own-findings.js';
import { inodesOn, portFindings } from '../../src/discovery/self-check/port-holders.js';
import type { InterfaceAddress } from '../../src/system/network.js';
import type { Processes } from '../../src/system/processes.js';
import { bareMachine } from '../world/bare-machine.js';
import { MemoryGlance } from '../world/memory-glance.js';

const address = { address: '10.0.0.1', netmask: '255.255.255.0', family: 'IPv4' } as const;
const LAN: Lan = { name: 'eth0', addresses: [address], told: ['10.0.0.1'] };
const SAID: Said = {
  hostName: 'pronto.local',
  label: 'pronto',
  services: [{ type: '_xmpp-client._tcp', port: 5222 }],
};
const SERVICE = 'pronto._xmpp-client._tcp.local';

function seen(own: ResourceRecord[], others: readonly [string, ResourceRecord[]][] = []): LanObserved {
  const answers = others.map(([from, records]) => ({ from, records }));
  const way = { family: 'IPv4' as const, own: [{ from: '10.0.0.1', records: own }], others: answers };
  return { lan: LAN, leftOut: [], ways: [way] };
}

const inWords = (findings: readonly { severity: string; text: string }[]): string[] =>
  findings.map(({ severity, text }) => `${severity} ${text}`);

describe('what others see of the hub', () => {
  const service = serviceRecord(SERVICE, 'pronto.local', 5222);

  it('is told in words', () => {
    expect(inWords(ownFindings(seen([service, addressRecord('pronto.local', '10.0.0.1')]), SAID))).toEqual([
      'ok eth0: by IPv4 others find pronto (_xmpp-client._tcp, port 5222) on pronto.local, which is at 10.0.0.1.',
    ]);
  });

  it('is a problem where nothing comes back, no address, or not all', () => {
    const two = {
      ...SAID,
      services: [...SAID.services, { type: '_presence._tcp', user: 'hub', port: 5298 }],
    };
    const severities = (observed: LanObserved, said = SAID) =>
      ownFindings(observed, said).map(({ severity }) => severity);
    expect(severities(seen([]))).toEqual(['problem']);
    expect(severities(seen([service]))).toEqual(['problem']);
    expect(severities(seen([service, addressRecord('pronto.local', '10.0.0.1')]), two)).toEqual(['problem']);
    expect(severities(seen([serviceRecord(SERVICE, 'pronto.local', 5223)]))).toEqual(['problem']);
  });

  it('is a warning where one family fails and the other does not', () => {
    const observed = seen([service, addressRecord('pronto.local', '10.0.0.1')]);
    const six = { family: 'IPv6' as const, failure: 'send ENETUNREACH', own: [], others: [] };
    expect(inWords(ownFindings({ ...observed, ways: [...observed.ways, six] }, SAID))[1]).toBe(
      'warning eth0: nothing can be sent by IPv6 multicast (send ENETUNREACH).',
    );
  });
});

describe('the neighbours', () => {
  const kinds = pointerRecord('_services._dns-sd._udp.local', '_ipp._tcp.local');
  const pointer = pointerRecord('_xmpp-client._tcp.local', 'other._xmpp-client._tcp.local');
  const text = textRecord('other._xmpp-client._tcp.local', [
    ['ordom', 'other.local'],
    ['regis', 'hub'],
  ]);

  it('are listed, other hubs by name and domain', () => {
    expect(inWords(neighbourFindings(seen([], [['10.0.0.2', [kinds, pointer, text]]]), SAID))).toEqual([
      'ok eth0: other addresses that answer: 10.0.0.2 (1 kind of service).',
      'ok eth0: there is another hub, other, at 10.0.0.2; its domain is other.local.',
    ]);
  });

  it('are a warning where another hub has the domain of this one', () => {
    const ours = { type: '_xmpp-client._tcp', port: 5222, txt: [['ordom', 'Other.local']] as const };
    const [, other] = neighbourFindings(seen([], [['10.0.0.2', [kinds, pointer, text]]]), {
      ...SAID,
      services: [ours],
    });
    expect(other).toMatchObject({
      severity: 'warning',
      text: 'eth0: there is another hub, other, at 10.0.0.2, of the same domain as this one, other.local.',
      advice: expect.stringContaining('docs/network.md'),
    });
  });

  it('are no hubs where their server is an ordinary one', () => {
    expect(neighbourFindings(seen([], [['10.0.0.2', [kinds, pointer]]]), SAID)).toHaveLength(1);
  });

  it('that answer for our name are a problem', () => {
    const rival: [string, ResourceRecord[]] = ['10.0.0.9', [addressRecord('PRONTO.local', '10.0.0.9')]];
    expect(inWords(neighbourFindings(seen([], [rival]), SAID))[1]).toBe(
      'problem eth0: 10.0.0.9 answers for pronto.local too, the name of this hub.',
    );
  });

  it('that were not heard for ten minutes are a hint', () => {
    const at = (silentFor?: number) => neighbourFindings({ ...seen([]), silentFor }, SAID)[0];
    expect(at()).toMatchObject({ severity: 'ok' });
    expect(at(599_000)).toMatchObject({ severity: 'ok', text: 'eth0: nobody else answered.' });
    expect(at(3_660_000)).toMatchObject({
      severity: 'warning',
      text: 'eth0: no multicast from any other machine in 61 minutes.',
      advice: expect.stringContaining('IGMP snooping'),
    });
  });
});

describe('who has the port', () => {
  const row = (port: string, inode: number) =>
    `  77: 00000000:${port} 00000000:0000 07 00000000:00000000 00:00000000 00000000   104        0 ${inode} 2 0 0`;
  const table = ['  sl  local_address rem_address', row('14E9', 11), row('14E9', 12), row('0035', 13)].join(
    '\n',
  );

  it('is read from the table of sockets', () => {
    expect(inodesOn(5353, table)).toEqual(['11', '12']);
    expect(inodesOn(5353, 'nonsense\n\n14E9')).toEqual([]);
  });

  it('is told by name, or as another program where its files cannot be read', async () => {
    const own = { '/proc/self': '7', '/proc/7/fd/3': 'socket:[11]' };
    const texts = { '/proc/net/udp': table, '/proc/8/comm': 'avahi-daemon\n' };
    const known = new MemoryGlance(texts, { ...own, '/proc/8/fd/5': 'socket:[12]' });
    expect((await portFindings(known))[0]?.text).toMatch(/is also used by: avahi-daemon\.$/);
    expect((await portFindings(new MemoryGlance(texts, own)))[0]?.text).toMatch(
      /used by: another program\.$/,
    );
    expect(await portFindings(new MemoryGlance())).toEqual([]);
  });
});

describe('interfaces', () => {
  const one = (name: string, at = '10.0.0.1'): InterfaceAddress => ({
    ...address,
    name,
    address: at,
    internal: false,
    scope: 0,
  });
  const iw = (line: string): Processes => ({
    start: (_command, _args, tell) => {
      tell(line);
      return { ended: Promise.resolve({ code: 0, isMissing: false }), stop: async () => undefined };
    },
  });
  const wireless = new MemoryGlance({ '/sys/class/net/eth0/wireless/x': '' });

  it('there are none but those of containers', async () => {
    const world = { glance: new MemoryGlance(), processes: bareMachine };
    expect(inWords(await interfaceFindings([], [one('docker0')], world))[0]).toContain(
      'problem The hub announces itself nowhere: docker0',
    );
    expect(inWords(await interfaceFindings([], [], world))[0]).toContain('no network interface');
  });

  it('of a container on a bridge are a problem, on the network of the host none', async () => {
    const world = { glance: new MemoryGlance({}, {}, { '/.dockerenv': 0o644 }), processes: bareMachine };
    expect(await interfaceFindings([LAN], [one('eth0', '172.17.0.2')], world)).toMatchObject([
      { severity: 'warning', advice: expect.stringContaining('--network host') },
    ]);
    expect(await interfaceFindings([LAN], [one('eth0'), one('docker0', '172.17.0.1')], world)).toEqual([]);
  });

  it.each([
    [iw('Power save: on'), 'warning eth0 is Wi-Fi with power saving: it misses multicast while it sleeps.'],
    [iw('Power save: off'), 'ok eth0 is Wi-Fi, and its power saving is off.'],
    [iw('nonsense'), 'warning eth0 is Wi-Fi, and whether it saves power cannot be seen (iw does not tell).'],
    [bareMachine, expect.stringContaining('iw, which tells, is not installed')],
  ])('that are Wi-Fi and sleep miss multicast', async (processes, text) => {
    expect(inWords(await interfaceFindings([LAN], [one('eth0')], { glance: wireless, processes }))).toEqual([
      text,
    ]);
  });

  it('that are VLANs end there', async () => {
    const world = {
      glance: new MemoryGlance({ '/proc/net/vlan/eth0': 'eth0 VID: 10' }),
      processes: bareMachine,
    };
    expect(inWords(await interfaceFindings([LAN], [one('eth0')], world))).toEqual([
      'ok eth0 is a VLAN: mDNS ends at its border.',
    ]);
  });
});
