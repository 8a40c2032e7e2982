import { describe, expect, it } from 'vitest';
import { question, Scene } from './scene.js';

const HOST = 'pronto.local';

/** Another machine has this host name too. */
const rival = (name: string) => ({
  type: 'response' as const,
  answers: [{ name, type: 'A', class: 'IN', ttl: 120, flush: true, data: '10.77.0.66' }],
});

describe('a fight for names', () => {
  it('abuse 53: is left after some rounds with one that contests what is announced and answers no probe', async () => {
    const scene = new Scene();
    const mdns = await scene.started(scene.machine('10.77.0.1'));
    let heard = scene.clock.monotonic();
    for (let step = 0; step < 1000; step++) {
      if (mdns.isAnnounced && mdns.hostName === HOST && step % 10 === 0) scene.say(rival(HOST));
      await scene.pass(10);
      if (!mdns.isAnnounced) heard = scene.clock.monotonic();
    }
    expect(mdns.hostName).toBe('pronto-1.local');
    expect(scene.clock.monotonic() - heard).toBeGreaterThan(2000);
    expect(await scene.ask(question('pronto-1.local', 'A'))).toHaveLength(1);
    await mdns.stop();
    expect(scene.clock.waiting()).toEqual([]);
  });

  it('abuse 53: is not started again by a conflict now and then', async () => {
    const scene = new Scene();
    const mdns = await scene.started(scene.machine('10.77.0.1'));
    for (let round = 0; round < 8; round++) {
      scene.say(rival(HOST));
      await scene.pass(61_000);
    }
    expect(mdns.hostName).toBe(HOST);
  });

  it('abuse 53: ends at -10 with one that wants every name once it is announced, and is saved ten times', async () => {
    const scene = new Scene();
    const saved: string[] = [];
    const names = {
      load: () => Promise.resolve(undefined),
      save: (label: string) => Promise.resolve(void saved.push(label)),
    };
    const mdns = await scene.started(scene.machine('10.77.0.1'), { names });
    let wanted = HOST;
    for (let step = 0; step < 500; step++) {
      if (mdns.isAnnounced) wanted = mdns.hostName;
      scene.say(rival(wanted));
      await scene.pass(200);
    }
    expect(saved).toEqual(Array.from({ length: 10 }, (_, i) => `pronto-${i + 1}`));
    expect(mdns.warnings()[0]).toMatch(/^Every mDNS name from pronto to pronto-10 is taken/);
  });

  it('that is lost on one LAN does not keep the hub from being found on the next', async () => {
    const scene = new Scene();
    const machine = scene.machine('10.77.0.1');
    const mdns = await scene.started(machine);
    for (let step = 0; step < 1500; step++) {
      scene.say(rival(mdns.hostName));
      await scene.pass(20);
    }
    expect(mdns.isAnnounced).toBe(false);
    machine.unplug('eth0');
    const other = scene.another(machine, 'eth0', '10.78.0.1');
    await scene.pass(5000);
    expect(mdns.isAnnounced).toBe(true);
    expect(mdns.hostName).toBe(HOST);
    expect(scene.said(0, '10.78.0.1', other)).not.toEqual([]);
    await mdns.stop();
    expect(scene.clock.waiting()).toEqual([]);
  });

  it('is none with the responder of the machine that starts at once and says the same, until one says more', async () => {
    const scene = new Scene();
    const mdns = scene.responder(scene.machine('10.77.0.1'));
    void mdns.start();
    await scene.pass(300);
    const address = { name: HOST, type: 'A', class: 'IN', ttl: 120, data: '10.77.0.1' };
    scene.say({ ...question(HOST, 'ANY'), authorities: [address] }, '10.77.0.1');
    await scene.pass(2000);
    expect(mdns.hostName).toBe(HOST); // It may have been an echo of its own.
    const reverse = { name: '1.0.77.10.in-addr.arpa', type: 'PTR', class: 'IN', ttl: 120, data: HOST };
    scene.say({ type: 'response', answers: [{ ...reverse, data: 'other.local' }, address] }, '10.77.0.1');
    scene.say({ type: 'response', answers: [reverse] }, '10.77.0.66');
    await scene.pass(2000);
    expect(mdns.hostName).toBe(HOST);
    const since = scene.clock.monotonic();
    scene.say({ type: 'response', answers: [address, reverse] }, '10.77.0.1');
    await scene.pass(2000);
    expect(mdns.hostName).toBe('pronto-hub.local');
    expect(mdns.isAnnounced).toBe(true);
    const gone = scene.said(since, '10.77.0.1').flatMap(({ message }) => message.answers);
    expect(gone.filter(({ name, ttl }) => name === HOST && ttl === 0)).toEqual([]);
  });
});
