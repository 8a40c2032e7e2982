import { describe, expect, it } from 'vitest';
import { kinds, question, Scene } from './scene.js';

const INSTANCE = 'pronto._xmpp-client._tcp.local';
const TYPE = '_xmpp-client._tcp.local';
const HOST = 'pronto.local';

const rivalAddress = (name: string, data: string, ttl = 120) => ({
  type: 'response' as const,
  answers: [{ name, type: 'A', class: 'IN', ttl, flush: true, data }],
});

describe('probing', () => {
  it('asks three times with what it wants, then announces, within 1.1 s', async () => {
    const scene = new Scene();
    const responder = scene.responder(scene.machine('10.77.0.1'));
    let started = -1;
    void responder.start().then(() => {
      started = scene.clock.monotonic();
    });
    await scene.pass(1100);
    const probes = scene.said().filter(({ message }) => !message.response);
    expect(probes.map(({ at }) => Math.floor(at / 50) * 50)).toEqual([0, 250, 500]);
    expect(probes[0]?.message.questions).toEqual([
      { name: INSTANCE, type: 'ANY', unicast: true },
      { name: HOST, type: 'ANY', unicast: true },
    ]);
    expect(kinds(probes[0]?.message.authorities ?? [])).toEqual(['A 120', 'SRV 120', 'TXT 4500']);
    expect(started).toBe(750);
    expect(responder.hostName).toBe(HOST);
    expect(responder.label).toBe('pronto');
  });

  it('announces at 0, 1 and 3 s, all records in one packet, unique ones with the flush bit', async () => {
    const scene = new Scene();
    await scene.started(scene.machine('10.77.0.1').plug(scene.lan, 'eth0', 'fe80::1'));
    const announcements = scene.said().filter(({ message }) => message.response);
    expect(announcements.map(({ at, to }) => `${at - 750} ${to}`)).toEqual(
      [0, 1000, 3000].flatMap((at) => [`${at} 224.0.0.251`, `${at} ff02::fb`]),
    );
    expect(kinds(announcements[0]?.message.answers ?? [])).toEqual([
      'A 120 flush',
      'AAAA 120 flush',
      'NSEC 120 flush',
      'NSEC 120 flush',
      'PTR 4500',
      'PTR 4500',
      'SRV 120 flush',
      'TXT 4500 flush',
    ]);
    const txt = announcements[0]?.message.answers.find(({ kind }) => kind === 'TXT');
    expect(txt?.data).toEqual({
      type: 'TXT',
      strings: ['txtvers=1', 'ordom=pronto.local', 'regis=hub', 'provis=hub'].map((s) => Buffer.from(s)),
    });
  });

  it('takes -1 for host and instance together if a neighbour has the host name', async () => {
    const scene = new Scene();
    const responder = scene.responder(scene.machine('10.77.0.1'));
    const names: string[] = [];
    responder.onRename((host) => names.push(host));
    void responder.start();
    await scene.pass(300);
    scene.say(rivalAddress(HOST, '10.77.0.66'));
    await scene.pass(1000);
    expect(names).toEqual(['pronto-1.local']);
    expect(responder.label).toBe('pronto-1');
    const last = scene.said().at(-1)?.message;
    const srv = last?.answers.find(({ kind }) => kind === 'SRV');
    expect(srv?.name).toBe('pronto-1._xmpp-client._tcp.local');
    expect(srv?.data).toMatchObject({ service: { target: 'pronto-1.local', port: 5222 } });
    expect(scene.said().flatMap(({ message }) => message.answers.filter(({ ttl }) => ttl === 0))).toEqual([]);
  });

  it('goes on against a rival probe with earlier data and waits a second after one with later data', async () => {
    for (const [rival, done] of [
      ['10.77.0.0', 750],
      ['10.77.0.200', 1250 + 750],
    ] as const) {
      const scene = new Scene();
      const responder = scene.responder(scene.machine('10.77.0.1'));
      void responder.start();
      await scene.pass(250);
      scene.say({
        type: 'query',
        questions: [{ name: HOST, type: 'ANY', class: 'IN' }],
        authorities: [{ name: HOST, type: 'A', class: 'IN', ttl: 120, data: rival }],
      });
      await scene.pass(3000);
      const first = scene.said().find(({ message }) => message.response);
      expect(first?.at).toBe(done);
      expect(responder.hostName).toBe(HOST);
    }
  });

  it('gives up after -10, says so, and tries again later', async () => {
    const scene = new Scene();
    const responder = scene.responder(scene.machine('10.77.0.1'));
    let started = false;
    void responder.start().then(() => {
      started = true;
    });
    let rival: string | undefined = HOST;
    for (let i = 0; i <= 10 && rival !== undefined; i++) {
      await scene.pass(100);
      scene.say(rivalAddress(rival, '10.77.0.66'));
      await scene.pass(20);
      rival = i < 10 ? `pronto-${i + 1}.local` : undefined;
    }
    await scene.settle();
    expect(started).toBe(true);
    expect(responder.isAnnounced).toBe(false);
    expect(scene.log.lines.some(({ text }) => text.startsWith('every mDNS name of this hub is taken'))).toBe(
      true,
    );
    await scene.pass(310_000);
    expect(responder.isAnnounced).toBe(true);
    expect(responder.hostName).toBe(HOST);
  });

  it('leaves the plain name and unicast to another program of the machine that has the port', async () => {
    const scene = new Scene();
    const machine = scene.machine('10.77.0.1');
    const avahi = machine.network().datagram({ type: 'udp4', reuseAddr: true });
    await new Promise<void>((resolve) => avahi.bind({ port: 5353, address: '0.0.0.0' }, resolve));
    const heard: number[] = [];
    avahi.on('message', () => heard.push(1));
    const responder = await scene.started(machine);
    expect(responder.hostName).toBe('pronto-hub.local');
    const asked = scene.said().flatMap(({ message }) => message.questions);
    expect(asked.some(({ unicast }) => unicast)).toBe(false);
    expect(asked.some(({ name }) => name === HOST)).toBe(false);
    heard.length = 0;
    scene.lan.inject(Buffer.alloc(12), '10.77.0.66', 5353, '10.77.0.1', 5353);
    await scene.settle();
    expect(heard).toEqual([1]);
  });

  it('yields the plain name when the responder of the machine starts later', async () => {
    const scene = new Scene();
    const responder = await scene.started(scene.machine('10.77.0.1'));
    const since = scene.clock.monotonic();
    scene.say(
      {
        type: 'query',
        questions: [{ name: HOST, type: 'ANY', class: 'IN' }],
        authorities: [{ name: HOST, type: 'A', class: 'IN', ttl: 120, data: '10.77.0.1' }],
      },
      '10.77.0.1',
    );
    await scene.pass(2000);
    expect(responder.hostName).toBe('pronto-hub.local');
    const goodbyes = scene.said(since, '10.77.0.1').flatMap(({ message }) => message.answers);
    expect(goodbyes.filter(({ ttl }) => ttl === 0).map(({ kind }) => kind)).toEqual(['PTR', 'SRV', 'TXT']);
  });

  it('yields the plain name when the responder of the machine starts with it and tells more', async () => {
    const scene = new Scene();
    const responder = scene.responder(scene.machine('10.77.0.1').plug(scene.lan, 'eth0', 'fe80::1'));
    void responder.start();
    await scene.pass(300);
    const data = '2001:db8::1';
    const authorities = [{ name: HOST, type: 'AAAA', class: 'IN', ttl: 120, data }];
    scene.say({ ...question(HOST, 'ANY'), authorities }, '10.77.0.1');
    await scene.pass(1500);
    expect(responder.hostName).toBe('pronto-hub.local');
    expect(responder.isAnnounced).toBe(true);
    expect(scene.said().filter(({ message: { answers } }) => answers.some((r) => r.name === HOST))).toEqual(
      [],
    );
  });

  it('yields the plain name at once to what the responder of the machine says, without probing again', async () => {
    const scene = new Scene();
    const responder = await scene.started(scene.machine('10.77.0.1'));
    const since = scene.clock.monotonic();
    scene.say(rivalAddress(HOST, '10.78.0.1'), '10.77.0.1');
    await scene.pass(1500);
    expect(responder.hostName).toBe('pronto-hub.local');
    expect(responder.isAnnounced).toBe(true);
    const asked = scene.said(since).flatMap(({ message }) => message.questions);
    expect(asked.some(({ name }) => name === HOST)).toBe(false);
  });

  it('does not yield to its own probe that comes back by another interface', async () => {
    const scene = new Scene();
    const machine = scene.machine('10.77.0.1');
    const responder = await scene.started(machine);
    machine.plug(scene.lan, 'wlan0', '10.77.0.2');
    await scene.pass(5000);
    expect(responder.hostName).toBe(HOST);
    expect(scene.said(5000, '10.77.0.2')).not.toEqual([]);
  });

  it('asks to be answered by all in its last probe, for another program may take its unicast', async () => {
    const scene = new Scene();
    await scene.started(scene.machine('10.77.0.1'));
    const probes = scene.said().filter(({ message }) => message.authorities.length > 0);
    expect(probes.map(({ message }) => message.questions.map(({ unicast }) => unicast))).toEqual([
      [true, true],
      [true, true],
      [false, false],
    ]);
  });
});

describe('answering', () => {
  it('answers a browser with pointer, service, text and addresses in one packet after 20 to 120 ms', async () => {
    const scene = new Scene();
    await scene.started(scene.machine('10.77.0.1'));
    const since = scene.clock.monotonic();
    const [answer, ...more] = await scene.ask(question(TYPE, 'PTR'));
    expect(more).toEqual([]);
    expect((answer?.at ?? 0) - since).toBe(20);
    expect(kinds(answer?.message.answers ?? [])).toEqual(['PTR 4500']);
    expect(answer?.message.additionals.map(({ kind }) => kind)).toEqual(['SRV', 'A', 'TXT', 'NSEC', 'NSEC']);
  });

  it('answers for unique names at once, in any case of letters', async () => {
    const scene = new Scene();
    await scene.started(scene.machine('10.77.0.1'));
    const since = scene.clock.monotonic();
    const [answer] = await scene.ask(question('PRONTO._xmpp-client._TCP.local', 'SRV'));
    expect(answer?.at).toBe(since);
    expect(answer?.message.additionals.map(({ kind }) => kind)).toEqual(['A', 'NSEC']);
  });

  it('says what is not there by NSEC', async () => {
    const scene = new Scene();
    await scene.started(scene.machine('10.77.0.1'));
    const [answer] = await scene.ask(question(HOST, 'AAAA'));
    expect(answer?.message.answers.map(({ data }) => data)).toEqual([{ type: 'NSEC', types: ['A'] }]);
  });

  it('does not repeat what the asker knows for half of its time', async () => {
    const scene = new Scene();
    await scene.started(scene.machine('10.77.0.1'));
    const known = (ttl: number) => ({
      ...question(TYPE, 'PTR'),
      answers: [{ name: TYPE, type: 'PTR', class: 'IN', ttl, data: INSTANCE }],
    });
    expect(await scene.ask(known(2250))).toEqual([]);
    expect(await scene.ask(known(2249))).toHaveLength(1);
  });

  it('waits for the rest of the known answers after a truncated query', async () => {
    const scene = new Scene();
    await scene.started(scene.machine('10.77.0.1'));
    scene.say({ ...question(TYPE, 'PTR'), flags: 1 << 9 });
    await scene.pass(100);
    const answers = [{ name: TYPE, type: 'PTR', class: 'IN', ttl: 4000, data: INSTANCE }];
    expect(await scene.ask({ type: 'query', answers })).toEqual([]);
    const since = scene.clock.monotonic();
    const late = await scene.ask({ ...question(TYPE, 'PTR'), flags: 1 << 9 });
    expect(late.map(({ at }) => at - since)).toEqual([400]);
  });

  it('abuse 54: multicasts a record at most once a second, however often it is asked for', async () => {
    const scene = new Scene();
    await scene.started(scene.machine('10.77.0.1'));
    const since = scene.clock.monotonic();
    for (let i = 0; i < 50; i++) {
      scene.say(question(INSTANCE, 'ANY'));
      scene.say(question(TYPE, 'PTR'));
      await scene.pass(40);
    }
    await scene.pass(1500);
    const times = scene
      .said(since, '10.77.0.1')
      .filter(({ message }) =>
        [...message.answers, ...message.additionals].some(({ kind }) => kind === 'SRV'),
      )
      .map(({ at }) => at);
    expect(times.length).toBeGreaterThan(1);
    for (const [i, at] of times.entries()) {
      if (i > 0) expect(at - (times[i - 1] ?? 0)).toBeGreaterThanOrEqual(1000);
    }
  });

  it('answers a packet of 200 questions with one packet', async () => {
    const scene = new Scene();
    await scene.started(scene.machine('10.77.0.1'));
    const questions = Array.from({ length: 200 }, () => ({ name: INSTANCE, type: 'SRV', class: 'IN' }));
    expect(await scene.ask({ type: 'query', questions })).toHaveLength(1);
  });

  it('answers a QU question alone where all heard the record lately, and all where not', async () => {
    const scene = new Scene();
    await scene.started(scene.machine('10.77.0.1'));
    const [alone] = await scene.ask(question(INSTANCE, 'SRV', true));
    expect(alone).toMatchObject({ to: '10.77.0.66', toPort: 5353 });
    await scene.pass(31_000);
    const [all] = await scene.ask(question(INSTANCE, 'SRV', true));
    expect(all?.to).toBe('224.0.0.251');
  });

  it('answers a resolver that does not speak mDNS: id and question repeated, short life, no flush bit', async () => {
    const scene = new Scene();
    await scene.started(scene.machine('10.77.0.1'));
    const [answer] = await scene.ask({ ...question(HOST, 'A'), id: 4711 }, { port: 40_000 });
    expect(answer).toMatchObject({ to: '10.77.0.66', toPort: 40_000 });
    expect(answer?.message.id).toBe(4711);
    expect(answer?.message.questions).toEqual([{ name: HOST, type: 'A', unicast: false }]);
    expect(kinds(answer?.message.answers ?? [])).toEqual(['A 10']);
  });

  it('abuse 54: is silent to strangers, to privileged ports and to responses from other ports', async () => {
    const scene = new Scene();
    const responder = await scene.started(scene.machine('10.77.0.1'));
    const since = scene.clock.monotonic();
    scene.say(question(HOST, 'A'), '192.0.2.7');
    scene.say(question(HOST, 'A'), '10.77.0.66', 53);
    scene.say(rivalAddress(HOST, '10.77.0.66'), '10.77.0.66', 9999);
    await scene.pass(2000);
    expect(scene.said(since, '10.77.0.1')).toEqual([]);
    expect(responder.refused).toBe(3);
  });
});

describe('defending and leaving', () => {
  it('abuse 53: says again what a neighbour takes back, and keeps its name', async () => {
    const scene = new Scene();
    const responder = await scene.started(scene.machine('10.77.0.1'));
    const back = await scene.ask(rivalAddress(HOST, '10.77.0.1', 0));
    expect(back.flatMap(({ message }) => kinds(message.answers))).toEqual(['A 120 flush']);
    expect(responder.hostName).toBe(HOST);
  });

  it('abuse 53: answers a rival probe at once', async () => {
    const scene = new Scene();
    await scene.started(scene.machine('10.77.0.1'));
    const since = scene.clock.monotonic();
    const [answer] = await scene.ask({
      ...question(INSTANCE, 'ANY', true),
      authorities: [
        { name: INSTANCE, type: 'SRV', class: 'IN', ttl: 120, data: { port: 1, target: 'evil.local' } },
      ],
    });
    expect(answer?.at).toBe(since);
    expect(answer?.to).toBe('224.0.0.251');
    expect(kinds(answer?.message.answers ?? [])).toEqual(['SRV 120 flush', 'TXT 4500 flush']);
  });

  it('abuse 53: probes again after a conflict and is renamed only if the rival stays', async () => {
    const scene = new Scene();
    const responder = await scene.started(scene.machine('10.77.0.1'));
    scene.say(rivalAddress(HOST, '10.77.0.66'));
    await scene.pass(2000);
    expect(responder.hostName).toBe(HOST);
    expect(responder.isAnnounced).toBe(true);
    scene.say(rivalAddress(HOST, '10.77.0.66'));
    await scene.pass(100);
    scene.say(rivalAddress(HOST, '10.77.0.66'));
    await scene.pass(2000);
    expect(responder.hostName).toBe('pronto-1.local');
  });

  it('abuse 53: probes slowly under a hundred conflicts a second', async () => {
    const scene = new Scene();
    await scene.started(scene.machine('10.77.0.1'));
    const since = scene.clock.monotonic();
    for (let i = 0; i < 1000; i++) {
      scene.say(rivalAddress(HOST, '10.77.0.66'));
      await scene.pass(10);
    }
    const probes = scene.said(since, '10.77.0.1').filter(({ message }) => !message.response);
    expect(probes.length).toBeGreaterThan(3);
    expect(probes.length).toBeLessThan(60);
  });

  it('takes back its own records at the end, but not the type that others offer too', async () => {
    const scene = new Scene();
    const responder = await scene.started(scene.machine('10.77.0.1'));
    const since = scene.clock.monotonic();
    await responder.stop();
    const goodbyes = scene.said(since).flatMap(({ message }) => message.answers);
    expect(goodbyes.map(({ name, kind, ttl }) => [name, kind, ttl])).toEqual([
      [TYPE, 'PTR', 0],
      [INSTANCE, 'SRV', 0],
      [INSTANCE, 'TXT', 0],
      [HOST, 'A', 0],
    ]);
    expect(scene.clock.waiting()).toEqual([]);
  });

  it('stops in the middle of probing without a word and without a timer', async () => {
    const scene = new Scene();
    const responder = scene.responder(scene.machine('10.77.0.1'));
    const started = responder.start();
    await scene.pass(300);
    await responder.stop();
    await started;
    expect(scene.said().every(({ message }) => !message.response)).toBe(true);
    expect(scene.clock.waiting()).toEqual([]);
  });
});
