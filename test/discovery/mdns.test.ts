import { describe, expect, it } from 'vitest';
import type { NameMemory } from '../../src/discovery/mdns/mdns.js';
import type { Service } from '../../src/discovery/mdns/zone.js';
import { kinds, question, type Said, Scene } from './scene.js';

const HOST = 'pronto.local';
const PRESENCE = 'hub@pronto._presence._tcp.local';

const presence = (txt: Service['txt'] = [['txtvers', '1']]): Service => ({
  type: '_presence._tcp',
  port: 5298,
  txt,
  user: 'hub',
});

const rival = (name: string, data: { port: number; target: string }) => ({
  type: 'response' as const,
  answers: [
    { name, type: 'SRV', class: 'IN', ttl: 120, flush: true, data: { priority: 0, weight: 0, ...data } },
  ],
});

/** A memory that a test can look into. */
function memory(label?: string): NameMemory & { saved: string | undefined } {
  return {
    saved: label,
    load() {
      return Promise.resolve(this.saved);
    },
    save(next) {
      this.saved = next;
      return Promise.resolve();
    },
  };
}

const records = (said: Said[]) => said.flatMap(({ message }) => message.answers);
const names = (said: Said[]) => [...new Set(said.flatMap((one) => one.message.questions).map((q) => q.name))];

describe('publishing', () => {
  it('probes only the new names of a service that comes later, and announces only what is new', async () => {
    const scene = new Scene();
    const mdns = await scene.started(scene.machine('10.77.0.1'));
    const since = scene.clock.monotonic();
    const publication = mdns.publish(presence());
    expect(publication.instance).toBe('hub@pronto');
    await scene.pass(5000);
    const said = scene.said(since, '10.77.0.1');
    expect(names(said)).toEqual([PRESENCE]);
    const first = said.find(({ message }) => message.response);
    expect((first?.at ?? 0) - since).toBe(750);
    expect(kinds(first?.message.answers ?? [])).toEqual([
      'NSEC 120 flush',
      'PTR 4500',
      'PTR 4500',
      'SRV 120 flush',
      'TXT 4500 flush',
    ]);
    expect(await scene.ask(question(HOST, 'A'))).toHaveLength(1);
  });

  it('says a changed text three times at once, without probing, and answers with it', async () => {
    const scene = new Scene();
    const mdns = scene.responder(scene.machine('10.77.0.1'));
    const publication = mdns.publish(presence());
    void mdns.start();
    await scene.pass(5000);
    const since = scene.clock.monotonic();
    publication.update({ txt: [['status', 'away']] });
    await scene.pass(5000);
    const said = scene.said(since, '10.77.0.1');
    expect(said.map(({ at }) => at - since)).toEqual([0, 1000, 3000]);
    for (const { message } of said) expect(kinds(message.answers)).toEqual(['TXT 4500 flush']);
    expect(said[0]?.message.answers[0]?.data).toEqual({ type: 'TXT', strings: [Buffer.from('status=away')] });
    publication.update({ txt: [['status', 'away']] });
    publication.update({});
    await scene.pass(5000);
    expect(scene.said(since + 4000, '10.77.0.1')).toEqual([]);
    expect(records(await scene.ask(question(PRESENCE, 'TXT')))[0]?.rdata.toString()).toContain('away');
  });

  it('says ten changes of a text a minute at most, and the last one of more', async () => {
    const scene = new Scene();
    const mdns = scene.responder(scene.machine('10.77.0.1'));
    const publication = mdns.publish(presence());
    void mdns.start();
    await scene.pass(5000);
    const since = scene.clock.monotonic();
    const change = (n: number) => publication.update({ txt: [['n', String(n)]] });
    for (let n = 0; n < 50; n++) {
      change(n);
      await scene.pass(1000);
    }
    const texts = () =>
      records(scene.said(since, '10.77.0.1')).flatMap(({ data }) =>
        data.type === 'TXT' ? data.strings.map(String) : [],
      );
    expect(new Set(texts())).toEqual(new Set(Array.from({ length: 10 }, (_, n) => `n=${n}`)));
    await scene.pass(15_000);
    expect(new Set(texts().slice(-3))).toEqual(new Set(['n=49']));
    for (let n = 50; n < 65; n++) change(n);
    await publication.withdraw();
    const other = mdns.publish(presence());
    await mdns.stop();
    for (let n = 0; n < 15; n++) other.update({ txt: [['n', String(n)]] });
    expect(scene.clock.waiting()).toEqual([]);
  });

  it('takes back what only one service needs: its own records, until the last leaves the host', async () => {
    const scene = new Scene();
    const mdns = scene.responder(scene.machine('10.77.0.1'), { services: [] });
    const first = mdns.publish(presence());
    const second = mdns.publish({ ...presence(), user: 'lamp' });
    void mdns.start();
    await scene.pass(5000);
    const since = scene.clock.monotonic();
    await first.withdraw();
    const own = records(scene.said(since));
    expect(own.map(({ kind, ttl, name }) => [kind, ttl, name])).toEqual([
      ['PTR', 0, '_presence._tcp.local'],
      ['SRV', 0, PRESENCE],
      ['TXT', 0, PRESENCE],
    ]);
    expect(own[0]?.data).toEqual({ type: 'PTR', target: PRESENCE });
    await scene.pass(2000);
    expect(await scene.ask(question(PRESENCE, 'SRV'))).toEqual([]);
    expect(await scene.ask(question(HOST, 'A'))).toHaveLength(1);
    const then = scene.clock.monotonic();
    await second.withdraw();
    await second.withdraw();
    second.update({ txt: [] });
    expect(records(scene.said(then)).map(({ kind, ttl }) => `${kind} ${ttl}`)).toContain('A 0');
    await scene.pass(2000);
    expect(await scene.ask(question(HOST, 'A'))).toEqual([]);
    expect(mdns.isAnnounced).toBe(false);
    await mdns.stop();
    expect(scene.clock.waiting()).toEqual([]);
  });

  it('says nothing and probes nothing while there is no service', async () => {
    const scene = new Scene();
    const mdns = await scene.started(scene.machine('10.77.0.1'), { services: [] });
    expect(scene.said()).toEqual([]);
    await mdns.stop();
    expect(scene.said()).toEqual([]);
  });

  it('names the label, type, port or text that it refuses, and goes on without it', async () => {
    const scene = new Scene();
    const mdns = scene.responder(scene.machine('10.77.0.1'));
    const refused = (service: Partial<Service>) => () => mdns.publish({ ...presence(), ...service });
    expect(refused({ user: 'é'.repeat(30) })).toThrow(`"${'é'.repeat(30)}@pronto"`);
    expect(refused({ type: '_presence._sctp' })).toThrow('"_presence._sctp"');
    expect(refused({ type: `_${'x'.repeat(70)}._tcp` })).toThrow('71 bytes');
    expect(refused({ port: 70_000 })).toThrow('70000');
    expect(refused({ txt: [['k', 'v'.repeat(254)]] })).toThrow('256 bytes');
    expect(refused({ type: '_xmpp-client._tcp', user: 'hub' })).not.toThrow();
    expect(refused({ type: '_xmpp-client._tcp', user: 'hub' })).toThrow('already');
    const publication = mdns.publish(presence());
    expect(() => publication.update({ txt: [['k', 'v'.repeat(254)]] })).toThrow(RangeError);
    void mdns.start();
    await scene.pass(1000);
    expect(mdns.isAnnounced).toBe(true);
  });

  it('keeps users with dots, spaces and other scripts whole, in 63 bytes with the longest machine name', async () => {
    const scene = new Scene();
    const mdns = scene.responder(scene.machine('10.77.0.1'), { name: 'a'.repeat(70), services: [] });
    const user = 'peter.saint küche 灯';
    const publication = mdns.publish({ ...presence(), user });
    expect(Buffer.byteLength(publication.instance)).toBe(63);
    void mdns.start();
    await scene.pass(1000);
    const pointer = records(scene.said()).find(({ kind }) => kind === 'PTR');
    expect(pointer?.data).toEqual({
      type: 'PTR',
      target: `peter\\.saint küche 灯@${mdns.label}._presence._tcp.local`,
    });
  });
});

describe('answering for several services', () => {
  it('says its service type again after another one that leaves took the type back for all', async () => {
    const scene = new Scene();
    await scene.started(scene.machine('10.77.0.1'));
    const type = {
      name: '_services._dns-sd._udp.local',
      type: 'PTR',
      class: 'IN',
      ttl: 0,
      data: '_xmpp-client._tcp.local',
    };
    const back = await scene.ask({ type: 'response', answers: [type] });
    expect(back.flatMap(({ message }) => kinds(message.answers))).toEqual(['PTR 4500']);
  });

  it('puts what is asked for at about the same time into one packet, each service with the address', async () => {
    const scene = new Scene();
    const mdns = scene.responder(scene.machine('10.77.0.1'));
    mdns.publish(presence());
    void mdns.start();
    await scene.pass(10_000);
    const since = scene.clock.monotonic();
    scene.say(question('_xmpp-client._tcp.local', 'PTR'));
    await scene.pass(10);
    scene.say(question('_presence._tcp.local', 'PTR'));
    await scene.pass(3000);
    const said = scene.said(since, '10.77.0.1');
    expect(said.map(({ at }) => at - since)).toEqual([30]);
    expect(kinds(said[0]?.message.answers ?? [])).toEqual(['PTR 4500', 'PTR 4500']);
    const additionals = said[0]?.message.additionals.map(({ kind }) => kind).sort();
    expect(additionals).toEqual(['A', 'NSEC', 'NSEC', 'NSEC', 'SRV', 'SRV', 'TXT', 'TXT']);
  });

  it('does not put an answer off for ever, whatever else is asked', async () => {
    const scene = new Scene();
    const services = Array.from({ length: 30 }, (_, i) => ({ ...presence(), type: `_t${i}._tcp` }));
    await scene.started(scene.machine('10.77.0.1'), { services });
    await scene.pass(10_000);
    const since = scene.clock.monotonic();
    for (const { type } of services) {
      scene.say(question(`${type}.local`, 'PTR'));
      await scene.pass(15);
    }
    await scene.pass(3000);
    const said = scene.said(since, '10.77.0.1');
    expect(new Set(records(said).map(({ name }) => name)).size).toBe(30);
    for (const { at, message } of said) {
      for (const { name, kind } of message.answers) {
        const asked =
          since + 15 * services.findIndex(({ type }) => kind === 'PTR' && name === `${type}.local`);
        expect(at - asked).toBeLessThanOrEqual(1520);
        expect(at - asked).toBeGreaterThanOrEqual(20);
      }
    }
  });
});

describe('names', () => {
  it('changes host and all instances together where a neighbour has the name of a presence [0174 3]', async () => {
    const scene = new Scene();
    const mdns = scene.responder(scene.machine('10.77.0.1'));
    const publication = mdns.publish(presence());
    void mdns.start();
    await scene.pass(100);
    scene.say(rival(PRESENCE, { port: 1, target: 'other.local' }));
    await scene.pass(2000);
    expect(publication.instance).toBe('hub@pronto-1');
    expect(mdns.hostName).toBe('pronto-1.local');
    const last = records(scene.said(0, '10.77.0.1')).filter(({ kind, ttl }) => kind === 'SRV' && ttl > 0);
    expect(new Set(last.map(({ name }) => name))).toEqual(
      new Set(['pronto-1._xmpp-client._tcp.local', 'hub@pronto-1._presence._tcp.local']),
    );
  });

  it('takes the old names back in peace where a later service led to the conflict', async () => {
    const scene = new Scene();
    const mdns = await scene.started(scene.machine('10.77.0.1'));
    mdns.publish(presence());
    const since = scene.clock.monotonic();
    await scene.pass(100);
    scene.say(rival(PRESENCE, { port: 1, target: 'other.local' }));
    await scene.pass(3000);
    const gone = records(scene.said(since, '10.77.0.1')).filter(({ ttl }) => ttl === 0);
    expect(gone.map(({ name, kind }) => `${kind} ${name}`)).toEqual([
      'PTR _xmpp-client._tcp.local',
      'SRV pronto._xmpp-client._tcp.local',
      'TXT pronto._xmpp-client._tcp.local',
      'A pronto.local',
    ]);
    expect(mdns.label).toBe('pronto-1');
  });

  it('takes back what only it said under a name that a neighbour keeps, and spares what he may say too', async () => {
    const scene = new Scene();
    const mdns = await scene.started(scene.machine('10.77.0.1'));
    const since = scene.clock.monotonic();
    const address = { name: HOST, type: 'A', class: 'IN', ttl: 120, flush: true, data: '10.77.0.66' };
    for (let i = 0; i < 10; i++) {
      scene.say({ type: 'response', answers: [address] });
      await scene.pass(300);
    }
    expect(mdns.label).toBe('pronto-1');
    const gone = records(scene.said(since, '10.77.0.1')).filter(({ ttl }) => ttl === 0);
    expect(gone.map(({ name, kind, flush }) => `${kind} ${name} ${flush}`)).toEqual([
      'PTR _xmpp-client._tcp.local false',
      'SRV pronto._xmpp-client._tcp.local false',
      'TXT pronto._xmpp-client._tcp.local false',
      'A pronto.local false',
    ]);
    expect(gone.at(-1)?.data).toEqual({ type: 'A', address: '10.77.0.1' });
  });

  it('leaves the other LAN in peace while it probes where the conflict is', async () => {
    const scene = new Scene();
    const machine = scene.machine('10.77.0.1');
    const other = scene.another(machine, 'eth1', '10.78.0.1');
    const mdns = await scene.started(machine);
    const since = scene.clock.monotonic();
    scene.say(rival('pronto._xmpp-client._tcp.local', { port: 9, target: HOST }));
    await scene.pass(2000);
    expect(scene.said(since, undefined, other)).toEqual([]);
    expect(mdns.isAnnounced).toBe(true);
  });

  it('is tried first after a restart where a conflict led to it, and kept only when it is ours', async () => {
    const names = memory();
    const scene = new Scene();
    const mdns = scene.responder(scene.machine('10.77.0.1'), { names });
    void mdns.start();
    await scene.pass(100);
    scene.say(rival('pronto._xmpp-client._tcp.local', { port: 9, target: HOST }));
    await scene.settle();
    expect(names.saved).toBeUndefined();
    await scene.pass(2000);
    expect(names.saved).toBe('pronto-1');
    const next = new Scene();
    const again = next.responder(next.machine('10.77.0.1'), { names });
    const renames: string[] = [];
    again.onRename((host) => renames.push(host));
    void again.start();
    await next.pass(1000);
    expect(again.hostName).toBe('pronto-1.local');
    expect(renames).toEqual(['pronto-1.local']);
    expect(next.said().filter(({ message }) => message.response)).not.toEqual([]);
    expect(again.warnings()).toEqual([
      'Announced as pronto-1.local, because another device uses the name pronto.local.',
    ]);
  });

  it('ignores a remembered name of another machine, and a memory that fails', async () => {
    for (const load of [
      () => Promise.resolve('evil\u001b[2J'),
      () => Promise.resolve('other-3'),
      () => Promise.reject(new Error('disk')),
    ]) {
      const scene = new Scene();
      const names = { load, save: () => Promise.reject(new Error('disk')) };
      const mdns = await scene.started(scene.machine('10.77.0.1'), { names });
      expect(mdns.hostName).toBe(HOST);
      expect(mdns.isAnnounced).toBe(true);
    }
  });

  it('leaves the plain name out where only -hub is free, and warns of nothing', async () => {
    const scene = new Scene();
    const machine = scene.machine('10.77.0.1');
    const avahi = machine.network().datagram({ type: 'udp6', reuseAddr: true });
    await new Promise<void>((resolve) => avahi.bind({ port: 5353, address: '::' }, resolve));
    const mdns = await scene.started(machine);
    expect(mdns.hostName).toBe('pronto-hub.local');
    expect(mdns.warnings()).toEqual([]);
  });
});
