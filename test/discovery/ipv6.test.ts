import { describe, expect, it } from 'vitest';
import { encodeMessage, type WireMessage } from '../../src/discovery/mdns/codec.js';
import { isNeighbour, lansOf } from '../../src/discovery/mdns/interfaces.js';
import { MemoryMachine } from '../world/memory-lan.js';
import { kinds, question, type Said, Scene } from './scene.js';

const HOST = 'pronto.local';
const TYPE = '_xmpp-client._tcp.local';

const addresses = (said: Said[]) => {
  const records = said.flatMap(({ message }) => message.answers);
  return [...new Set(records.flatMap(({ data }) => ('address' in data ? [data.address] : [])))];
};

/** A neighbour asks by IPv6; what the machine at this address says. */
async function ask(scene: Scene, message: WireMessage, from = 'fe80::66', port = 5353): Promise<Said[]> {
  const since = scene.clock.monotonic();
  scene.lan.inject(encodeMessage(message), from, port);
  await scene.pass(1500);
  return scene.said(since).filter((said) => said.message.response);
}

describe('a LAN with IPv6', () => {
  it('is enough without IPv4: announced to ff02::fb, answered there, alone and to plain resolvers', async () => {
    const scene = new Scene();
    const mdns = await scene.started(new MemoryMachine().plug(scene.lan, 'eth0', 'fe80::1'));
    expect(mdns.isAnnounced).toBe(true);
    expect(new Set(scene.said().map(({ from, to }) => `${from} ${to}`))).toEqual(
      new Set(['fe80::1 ff02::fb']),
    );
    const [answer] = await ask(scene, question(TYPE, 'PTR'));
    expect(answer?.to).toBe('ff02::fb');
    expect(answer?.message.additionals.map(({ kind }) => kind)).toEqual([
      'SRV',
      'AAAA',
      'TXT',
      'NSEC',
      'NSEC',
    ]);
    const [alone] = await ask(scene, question(HOST, 'AAAA', true));
    expect(alone).toMatchObject({ to: 'fe80::66', toPort: 5353 });
    const [legacy] = await ask(scene, { ...question(HOST, 'AAAA'), id: 9 }, 'fe80::66', 40_000);
    expect(legacy).toMatchObject({ to: 'fe80::66', toPort: 40_000 });
    expect(kinds(legacy?.message.answers ?? [])).toEqual(['AAAA 10']);
    const [absent] = await ask(scene, question(HOST, 'A'));
    expect(absent?.message.answers[0]?.data).toEqual({ type: 'NSEC', types: ['AAAA'] });
    await mdns.stop();
    expect(scene.clock.waiting()).toEqual([]);
  });

  it('says the same by both families, and answers by the one that is asked', async () => {
    const scene = new Scene();
    await scene.started(scene.machine('10.77.0.1').plug(scene.lan, 'eth0', 'fe80::1'));
    const six = await ask(scene, question(HOST, 'ANY'));
    expect(six.map(({ from, to }) => [from, to])).toEqual([['fe80::1', 'ff02::fb']]);
    expect(addresses(six)).toEqual(['10.77.0.1', 'fe80::1']);
    const four = await ask(scene, question(HOST, 'ANY'), '10.77.0.66');
    expect(four.map(({ from, to }) => [from, to])).toEqual([['10.77.0.1', '224.0.0.251']]);
    expect(addresses(four)).toEqual(['10.77.0.1', 'fe80::1']);
  });

  it('tells fe80 and unique local addresses, and global ones only by choice', async () => {
    for (const globalAddresses of [false, true]) {
      const scene = new Scene();
      const machine = scene.machine('10.77.0.1');
      for (const address of ['fe80::1', 'fd00:1::1', '2001:db8::1']) machine.plug(scene.lan, 'eth0', address);
      await scene.started(machine, { globalAddresses });
      const told = ['10.77.0.1', 'fe80::1', 'fd00:1::1'];
      expect(addresses(scene.said())).toEqual(globalAddresses ? [...told, '2001:db8::1'] : told);
    }
  });

  it('abuse 58: goes on by IPv6 alone when the lease is lost, and by both when it is back', async () => {
    const scene = new Scene();
    const machine = scene.machine('10.77.0.1').plug(scene.lan, 'eth0', 'fe80::1');
    const mdns = await scene.started(machine);
    const lease = machine.addresses.splice(0, 1);
    const lost = scene.clock.monotonic();
    await scene.pass(3000);
    const goodbyes = scene.said(lost).flatMap(({ message }) => message.answers);
    expect(goodbyes.filter(({ ttl }) => ttl === 0).map(({ kind }) => kind)).toEqual(['A']);
    expect(mdns.isAnnounced).toBe(true);
    expect(addresses(await ask(scene, question(HOST, 'ANY')))).toEqual(['fe80::1']);
    scene.lan.inject(encodeMessage(question(HOST, 'A')), '10.77.0.66');
    machine.addresses.unshift(...lease);
    const back = scene.clock.monotonic();
    await scene.pass(5000);
    expect(addresses(scene.said(back, '10.77.0.1'))).toEqual(['10.77.0.1', 'fe80::1']);
    expect(scene.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('hears a rival by either family', async () => {
    const scene = new Scene();
    const mdns = scene.responder(scene.machine('10.77.0.1').plug(scene.lan, 'eth0', 'fe80::1'));
    void mdns.start();
    await scene.pass(100);
    const answers = [{ name: HOST, type: 'AAAA', class: 'IN', ttl: 120, flush: true, data: 'fe80::66' }];
    scene.lan.inject(encodeMessage({ type: 'response', answers }), 'fe80::66');
    await scene.pass(1500);
    expect(mdns.hostName).toBe('pronto-1.local');
  });

  it('abuse 54: is silent to addresses of other networks, and to link-local ones of other zones', async () => {
    const scene = new Scene();
    const machine = scene.machine('10.77.0.1').plug(scene.lan, 'eth0', 'fe80::1');
    const mdns = await scene.started(machine.plug(scene.lan, 'eth0', 'fd00:1::1'));
    expect(await ask(scene, question(HOST, 'A'), '2001:db8::66')).toEqual([]);
    expect(await ask(scene, question(HOST, 'A'), 'fd00:2::66')).toEqual([]);
    expect(mdns.refused).toBe(2);
    expect(await ask(scene, question(HOST, 'A'), 'fd00:1::66')).toHaveLength(1);
    const [lan] = lansOf(machine.addresses);
    expect(lan && ['fe80::9%eth0', 'fe80::9%eth1', 'fe80::9'].map((from) => isNeighbour(from, lan))).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('leaves unicast of IPv6 to another responder of the machine, and asks for none', async () => {
    const scene = new Scene();
    const machine = scene.machine('10.77.0.1').plug(scene.lan, 'eth0', 'fe80::1');
    const avahi = machine.network().datagram({ type: 'udp6', reuseAddr: true });
    const heard: number[] = [];
    avahi.on('message', () => heard.push(1));
    await new Promise<void>((resolve) => avahi.bind({ port: 5353, address: '::' }, resolve));
    const mdns = await scene.started(machine);
    heard.length = 0;
    scene.lan.inject(Buffer.alloc(12), 'fe80::66', 5353, 'fe80::1');
    await scene.settle();
    expect(heard).toEqual([1]);
    const asked = scene.said().flatMap(({ message }) => message.questions);
    expect(asked.some(({ unicast }) => unicast)).toBe(false);
    expect(await ask(scene, question(mdns.hostName, 'AAAA'))).toHaveLength(1);
  });
});

describe('interfaces', () => {
  const entry = (name: string, address: string, netmask: string) => ({
    ...{ name, address, netmask, internal: false, scope: 0 },
    family: address.includes(':') ? ('IPv6' as const) : ('IPv4' as const),
  });
  const ONE = 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff';

  it('counts a LAN that gives out single addresses by DHCPv6, but no tunnel', () => {
    const all = [
      entry('eth0', '192.168.1.2', '255.255.255.0'),
      entry('eth0', 'fd00::5', ONE),
      entry('mobile0', '10.1.1.1', '255.255.255.255'),
      entry('mobile0', 'fe80::3', 'ffff:ffff:ffff:ffff::'),
      entry('six0', 'fd00::7', ONE),
      entry('br-lan', '192.168.2.1', '255.255.255.0'),
      entry('br-0123456789ab', '172.18.0.1', '255.255.0.0'),
    ];
    expect(lansOf(all).map(({ name, told }) => [name, told])).toEqual([
      ['eth0', ['192.168.1.2', 'fd00::5']],
      ['br-lan', ['192.168.2.1']],
    ]);
    expect(lansOf(all, { interfaces: ['mobile0'] }).map(({ name }) => name)).toEqual(['mobile0']);
  });
});
