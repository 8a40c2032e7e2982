import { describe, expect, it } from 'vitest';
import type { NameMemory } from '../../src/discovery/mdns/mdns.js';
import { Scene } from './scene.js';

/** A memory that keeps one label, whatever is saved. */
const memory = (label?: string): NameMemory => ({
  load: () => Promise.resolve(label),
  save: () => Promise.resolve(),
});

describe('stopping', () => {
  it('is complete at any moment of the start', async () => {
    for (let turns = 0; turns < 30; turns++) {
      const scene = new Scene();
      const machine = scene.machine('10.77.0.1').plug(scene.lan, 'eth0', 'fe80::1');
      const mdns = scene.responder(machine, { names: memory('pronto-1') });
      mdns.browse('_presence._tcp');
      const started = mdns.start();
      for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
      const stopped = mdns.stop();
      await scene.pass(1000);
      await Promise.all([started, stopped]);
      expect(machine.sockets).toEqual([]);
      expect(scene.clock.waiting()).toEqual([]);
    }
  });

  it('is undone by a start at any moment of the stop', async () => {
    for (let turns = 0; turns < 60; turns++) {
      const scene = new Scene();
      const machine = scene.machine('10.77.0.1').plug(scene.lan, 'eth0', 'fe80::1');
      const mdns = scene.responder(machine, turns % 2 === 0 ? { names: memory() } : {});
      void mdns.start();
      for (let turn = turns >> 2; turn > 0; turn--) await new Promise((resolve) => setImmediate(resolve));
      void mdns.stop();
      if (turns & 2) await new Promise((resolve) => setImmediate(resolve));
      void mdns.start();
      await scene.pass(2000);
      expect(mdns.isAnnounced).toBe(true);
      await mdns.stop();
      expect(machine.sockets).toEqual([]);
      expect(scene.clock.waiting()).toEqual([]);
    }
  });

  it('can be started again, with its services and browsers', async () => {
    const scene = new Scene();
    const mdns = await scene.started(scene.machine('10.77.0.1'));
    const browser = mdns.browse('_presence._tcp');
    expect(mdns.browse('_presence._tcp')).toBe(browser);
    await mdns.stop();
    void mdns.start();
    await scene.pass(2000);
    expect(mdns.isAnnounced).toBe(true);
    const neighbour = scene.machine('10.77.0.2');
    const other = scene.responder(neighbour, { name: 'mac', services: [] });
    other.publish({ type: '_presence._tcp', port: 5298, txt: [['txtvers', '1']], user: 'peter' });
    void other.start();
    await scene.pass(3000);
    expect(browser.find('peter@mac')).toMatchObject({ port: 5298, addresses: ['10.77.0.2'] });
    await Promise.all([mdns.stop(), other.stop()]);
    expect(scene.clock.waiting()).toEqual([]);
  });
});
