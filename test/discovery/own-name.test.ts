import { describe, expect, it } from 'vitest';
import { Scene } from './scene.js';

describe('a program with a name of its own', () => {
  it('keeps it beside the responder of the machine, whose name is another one', async () => {
    const scene = new Scene();
    const machine = scene.machine('10.77.0.1');
    const avahi = machine.network().datagram({ type: 'udp4', reuseAddr: true });
    await new Promise<void>((resolve) => avahi.bind({ port: 5353, address: '0.0.0.0' }, resolve));
    const thing = await scene.started(machine, { name: 'shelf-1a2b', isOwnName: true });
    expect(thing.hostName).toBe('shelf-1a2b.local');
    const hub = await scene.started(machine, { name: 'shelf' });
    expect(hub.hostName).toBe('shelf-hub.local');
    expect(thing.hostName).toBe('shelf-1a2b.local');
    await Promise.all([thing.stop(), hub.stop()]);
  });

  it('gives way to one of its name as to any other, also on its own machine', async () => {
    const scene = new Scene();
    const machine = scene.machine('10.77.0.1');
    const first = await scene.started(machine, { name: 'shelf-1a2b', isOwnName: true });
    const txt = [['txtvers', '2']] as const;
    const services = [{ type: '_xmpp-client._tcp', port: 5333, txt }];
    const second = await scene.started(machine, { name: 'shelf-1a2b', isOwnName: true, services });
    expect(first.hostName).toBe('shelf-1a2b.local');
    expect(second.hostName).toBe('shelf-1a2b-1.local');
    await Promise.all([first.stop(), second.stop()]);
  });
});
