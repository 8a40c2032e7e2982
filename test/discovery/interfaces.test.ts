import { describe, expect, it } from 'vitest';
import { Mdns } from '../../src/discovery/mdns/mdns.js';
import { MemoryLan, MemoryMachine } from '../world/memory-lan.js';
import { records, response } from './browsing.js';
import { HUB, Scene } from './scene.js';

const HOST = 'pronto.local';

describe('interfaces', () => {
  it('tells each LAN the addresses on it and no others', async () => {
    const scene = new Scene();
    const other = new MemoryLan(scene.clock);
    const machine = scene
      .machine('10.77.0.1')
      .plug(other, 'eth1', '10.78.0.1')
      .plug(other, 'eth1', 'fd00::1');
    machine.plug(other, 'eth1', '2001:db8::1').plug(other, 'docker0', '172.17.0.1');
    const responder = await scene.started(machine);
    const addresses = (lan: MemoryLan) => {
      const records = scene.said(0, undefined, lan).flatMap(({ message }) => message.answers);
      return new Set(records.flatMap(({ data }) => ('address' in data ? [data.address] : [])));
    };
    expect(addresses(scene.lan)).toEqual(new Set(['10.77.0.1']));
    expect(addresses(other)).toEqual(new Set(['10.78.0.1', 'fd00::1']));
    expect(responder.hostName).toBe(HOST);
  });

  it('is no conflict to itself with two interfaces on one LAN', async () => {
    const scene = new Scene();
    const responder = await scene.started(scene.machine('10.77.0.1').plug(scene.lan, 'wlan0', '10.77.0.2'));
    await scene.pass(5000);
    expect(responder.hostName).toBe(HOST);
    expect(scene.log.lines.filter(({ level }) => level === 'warn')).toEqual([]);
  });

  it('abuse 58: is announced again within 5 s of an interface that comes back or a new address', async () => {
    const scene = new Scene();
    const machine = scene.machine('10.77.0.1');
    await scene.started(machine);
    for (const address of ['10.77.0.1', '10.77.0.9']) {
      machine.unplug('eth0');
      machine.plug(scene.lan, 'eth0', address);
      const since = scene.clock.monotonic();
      await scene.pass(5000);
      const told = scene.said(since, address).flatMap(({ message }) => message.answers);
      expect(told.flatMap(({ data }) => ('address' in data ? [data.address] : []))).toContain(address);
    }
  });

  it('starts at once with a warning where there is no interface, and announces when one comes', async () => {
    const scene = new Scene();
    const machine = new MemoryMachine();
    const responder = scene.responder(machine);
    const started = responder.start();
    await scene.settle();
    await started;
    expect(scene.log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
    machine.plug(scene.lan, 'wlan0', '10.77.0.5');
    await scene.pass(3000);
    expect(responder.isAnnounced).toBe(true);
  });

  it('warns and goes on trying where the port cannot be had', async () => {
    const scene = new Scene();
    const machine = scene.machine('10.77.0.1');
    const hog = machine.network().datagram({ type: 'udp4', reuseAddr: false });
    await new Promise<void>((resolve) => hog.bind({ port: 5353, address: '0.0.0.0' }, resolve));
    const responder = scene.responder(machine);
    const started = responder.start();
    await scene.settle();
    await started;
    expect(scene.log.lines.some(({ text }) => text.includes('EADDRINUSE'))).toBe(true);
    hog.close();
    await scene.pass(4000);
    expect(responder.isAnnounced).toBe(true);
  });

  it('abuse 58: begins anew after the machine slept for hours, for its LAN may be another one', async () => {
    const scene = new Scene();
    const machine = scene.machine('10.77.0.1');
    let slept = 0;
    const clock = {
      now: () => scene.clock.now() + slept,
      monotonic: () => scene.clock.monotonic(),
      after: scene.clock.after.bind(scene.clock),
    };
    const mdns = new Mdns({ name: 'pronto' }, { ...scene.world(machine), clock });
    mdns.publish(HUB);
    const browser = mdns.browse('_presence._tcp');
    void mdns.start();
    await scene.pass(5000);
    scene.sayOn(scene.lan, response(...records('peter@mac')), '10.77.0.66');
    await scene.pass(100);
    expect(browser.all()).toHaveLength(1);
    slept = 8 * 3_600_000;
    const since = scene.clock.monotonic();
    await scene.pass(5000);
    const said = scene.said(since, '10.77.0.1');
    expect(said.some(({ message }) => message.authorities.length > 0)).toBe(true);
    expect(said.some(({ message }) => message.response)).toBe(true);
    expect(browser.all()).toEqual([]);
    expect(mdns.hostName).toBe(HOST);
    slept = 0; // The clock is set back.
    const then = scene.clock.monotonic();
    await scene.pass(10_000);
    expect(scene.said(then, '10.77.0.1').filter(({ message }) => message.response)).toEqual([]);
    await mdns.stop();
    expect(scene.clock.waiting()).toEqual([]);
  });

  it('takes back an address that its interface lost', async () => {
    const scene = new Scene();
    const machine = scene.machine('10.77.0.1').plug(scene.lan, 'eth0', 'fd00::1');
    await scene.started(machine);
    machine.addresses.splice(1, 1);
    const since = scene.clock.monotonic();
    await scene.pass(3000);
    const answers = scene.said(since).flatMap(({ message }) => message.answers);
    expect(answers.filter(({ ttl }) => ttl === 0).map(({ kind }) => kind)).toEqual(['AAAA']);
  });
});
