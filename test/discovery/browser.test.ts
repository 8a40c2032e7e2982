import { describe, expect, it } from 'vitest';
import { MemoryLan } from '../world/memory-lan.js';
import { Browsing, goodbye, leap, PRESENCE, records, response, sayOn } from './browsing.js';
import { question, Scene } from './scene.js';

describe('LanBrowser: what is known', () => {
  it('tells of an instance once its service, text and address are known, in whatever packets and order', async () => {
    const orders = [
      [0, 1, 2, 3],
      [3, 2, 1, 0],
      [2, 0, 3, 1],
      [1, 3, 0, 2],
    ];
    for (const order of orders) {
      const scene = new Scene();
      const browsing = await Browsing.started(scene);
      const all = records('peter@mac');
      for (const i of order) {
        expect(browsing.told()).toEqual([]);
        const record = all[i];
        if (record !== undefined) scene.say(response(record));
        await scene.settle();
      }
      expect(browsing.told()).toEqual(['up peter@mac']);
      expect(browsing.browser.find('Peter@MAC')).toEqual({
        instance: 'peter@mac',
        host: 'mac.local',
        port: 5298,
        addresses: ['10.77.0.66'],
        txt: new Map([['txtvers', '1']]),
      });
    }
  });

  it('keeps names with dots, spaces and other scripts whole', async () => {
    const scene = new Scene();
    const browsing = await Browsing.started(scene);
    for (const name of ['peter.saint@mac', 'Jürgen Müller@mac', 'a\\b.c@mac']) {
      scene.say(response(...records(name)));
    }
    await scene.settle();
    expect(browsing.known()).toEqual(['Jürgen Müller@mac', 'a\\b.c@mac', 'peter.saint@mac']);
    expect(browsing.browser.find('peter.saint@mac')?.instance).toBe('peter.saint@mac');
    expect(browsing.browser.find('JÜRGEN MÜLLER@mac')?.instance).toBe('Jürgen Müller@mac');
    expect(browsing.browser.find('saint@mac')).toBeUndefined();
  });

  it('tells when port, host, address or text change, the new address first, then alone', async () => {
    const scene = new Scene();
    const browsing = await Browsing.started(scene);
    scene.say(response(...records('peter@mac')));
    await leap(scene, 5);
    browsing.told();
    const steps = [{ port: 5299 }, { port: 5299, host: 'imac.local' }, { port: 5299, txt: ['status=dnd'] }];
    for (const step of steps) {
      scene.say(response(...records('peter@mac', step)));
      await scene.settle();
      expect(browsing.told()).toEqual(['changed peter@mac']);
      await leap(scene, 3);
      expect(browsing.told()).toEqual([]);
    }
    const [, , , moved] = records('peter@mac', { address: '10.77.0.65' });
    scene.say(response(moved));
    await scene.settle();
    expect(browsing.browser.all()[0]?.addresses).toEqual(['10.77.0.65', '10.77.0.66']);
    await leap(scene, 2);
    expect(browsing.browser.all()[0]?.addresses).toEqual(['10.77.0.65']);
    expect(browsing.told()).toEqual(['changed peter@mac', 'changed peter@mac']);
  });

  it('takes the last of three texts and ports that come within a second', async () => {
    const scene = new Scene();
    const browsing = await Browsing.started(scene);
    for (const [i, status] of ['avail', 'away', 'dnd', 'avail'].entries()) {
      scene.say(response(...records('peter@mac', { port: 5000 + i, txt: [`status=${status}`] })));
      await scene.pass(100);
    }
    await leap(scene, 5);
    expect(browsing.browser.all()[0]).toMatchObject({ port: 5003, txt: new Map([['status', 'avail']]) });
  });

  it('lets a device go a second after its goodbye, unless it speaks again', async () => {
    const scene = new Scene();
    const browsing = await Browsing.started(scene);
    const all = records('peter@mac');
    scene.say(response(...all));
    await scene.pass(100);
    scene.say(goodbye(all[0]));
    await scene.pass(500);
    scene.say(response(all[0]));
    await scene.pass(2000);
    expect(browsing.told()).toEqual(['up peter@mac']);
    scene.say(goodbye(...all));
    await scene.pass(900);
    expect(browsing.told()).toEqual([]);
    await scene.pass(200);
    expect(browsing.told()).toEqual(['down peter@mac']);
    expect(browsing.browser.size).toBe(0);
  });

  it('lets a device that was switched off go when its service lapses, whatever its pointer says', async () => {
    const scene = new Scene();
    const browsing = await Browsing.started(scene);
    scene.say(response(...records('peter@mac')));
    await leap(scene, 119);
    expect(browsing.told()).toEqual(['up peter@mac']);
    await leap(scene, 2);
    expect(browsing.told()).toEqual(['down peter@mac']);
    expect(browsing.browser.size).toBe(1);
    await leap(scene, 4500);
    expect(browsing.browser.size).toBe(0);
  });

  it('says nothing of what was never announced, and asks nothing about it', async () => {
    const scene = new Scene();
    const browsing = await Browsing.started(scene);
    const [, service, text, address] = records('peter@mac');
    scene.say(response(service, text, address));
    await leap(scene, 130);
    expect(browsing.told()).toEqual([]);
    expect(browsing.questions().every((asked) => asked === `PTR ${PRESENCE}`)).toBe(true);
  });

  it('keeps nothing and waits for nothing once it is stopped', async () => {
    const scene = new Scene();
    const browsing = await Browsing.started(scene);
    scene.say(response(...records('peter@mac')));
    await scene.settle();
    await browsing.stop();
    expect(browsing.told()).toEqual(['up peter@mac']);
    expect(browsing.browser.all()).toEqual([]);
    expect(scene.clock.waiting()).toEqual([]);
  });

  it('may be stopped by what it tells', async () => {
    const scene = new Scene();
    const browsing = await Browsing.started(scene);
    browsing.browser.onChange(() => browsing.browser.stop());
    scene.say(response(...records('peter@mac'), ...records('anna@mac')));
    await scene.pass(3000);
    expect(browsing.told()).toEqual(['up peter@mac']);
    expect(scene.clock.waiting()).toEqual(['mdns interfaces']);
  });
});

describe('LanBrowser: several LANs', () => {
  async function twoLans() {
    const scene = new Scene();
    const other = new MemoryLan(scene.clock);
    const machine = scene.machine('10.77.0.2').plug(other, 'wlan0', '10.78.0.2');
    const browsing = await Browsing.started(scene, machine);
    return { scene, other, machine, browsing };
  }

  it('shows an instance once, with the addresses of all of them', async () => {
    const { scene, other, machine, browsing } = await twoLans();
    scene.say(response(...records('peter@mac')));
    sayOn(other, response(...records('peter@mac', { address: '10.78.0.66' })), '10.78.0.66');
    await scene.settle();
    expect(browsing.told()).toEqual(['up peter@mac', 'changed peter@mac']);
    expect(browsing.browser.all()[0]?.addresses).toEqual(['10.77.0.66', '10.78.0.66']);
    machine.unplug('eth0');
    await scene.pass(2500);
    expect(browsing.browser.all()[0]?.addresses).toEqual(['10.78.0.66']);
    machine.unplug('wlan0');
    await scene.pass(2500);
    expect(browsing.told()).toEqual(['changed peter@mac', 'down peter@mac']);
  });

  it('shows the first where two devices of two LANs have one name, and the other when that is gone', async () => {
    const { scene, other, browsing } = await twoLans();
    scene.say(response(...records('peter@mac')));
    const second = { address: '10.78.0.9', port: 7, host: 'mac-2.local' };
    sayOn(other, response(...records('peter@mac', second)), '10.78.0.9');
    await scene.settle();
    expect(browsing.browser.all()).toMatchObject([{ port: 5298, addresses: ['10.77.0.66'] }]);
    scene.say(goodbye(...records('peter@mac')));
    await scene.pass(1100);
    expect(browsing.browser.all()).toMatchObject([{ port: 7, addresses: ['10.78.0.9'] }]);
    expect(browsing.told()).toEqual(['up peter@mac', 'changed peter@mac']);
  });

  it('looks at addresses again when the interface gets or loses the subnet that they are of', async () => {
    const scene = new Scene();
    const machine = scene.machine('10.77.0.2');
    const browsing = await Browsing.started(scene, machine);
    scene.say(response(...records('peter@mac', { address: '10.99.0.66' })));
    await scene.pass(2500);
    expect(browsing.told()).toEqual([]);
    machine.plug(scene.lan, 'eth0', '10.99.0.2');
    await scene.pass(2500);
    expect(browsing.told()).toEqual(['up peter@mac']);
    machine.addresses.pop();
    await scene.pass(2500);
    expect(browsing.told()).toEqual(['down peter@mac']);
  });

  it('asks at once on an interface that comes, and again on one that comes back', async () => {
    const scene = new Scene();
    const machine = scene.machine('10.77.0.2');
    const browsing = await Browsing.started(scene, machine);
    await leap(scene, 600);
    machine.unplug('eth0');
    await leap(scene, 4);
    const since = scene.clock.monotonic();
    machine.plug(scene.lan, 'eth0', '10.77.0.2');
    await scene.pass(2500);
    expect(browsing.questions(since)).toContain(`PTR ${PRESENCE}`);
  });
});

describe('LanBrowser: IPv6', () => {
  const machine = (scene: Scene) =>
    ['fe80::2', 'fd00:77::2', '2001:db8:77::2'].reduce(
      (on, address) => on.plug(scene.lan, 'eth0', address),
      scene.machine('10.77.0.2'),
    );

  it('puts IPv4 first, then unique local, global of this LAN, and link-local with the zone', async () => {
    const scene = new Scene();
    const browsing = await Browsing.started(scene, machine(scene));
    const six = ['fe80::66', '2001:db8:77::66', '2001:db8:99::66', 'fd00:77::66', '::1', 'ff02::1'];
    const more = six.map((address) => records('peter@mac', { address })[3]);
    scene.say(response(...more, ...records('peter@mac')), 'fe80::66');
    await scene.settle();
    expect(browsing.told()).toEqual(['up peter@mac']);
    expect(browsing.browser.all()[0]?.addresses).toEqual([
      '10.77.0.66',
      'fd00:77::66',
      '2001:db8:77::66',
      'fe80::66%eth0',
    ]);
  });

  it('knows a neighbour that speaks by both families once, and one that has IPv6 only', async () => {
    const scene = new Scene();
    const browsing = await Browsing.started(scene, machine(scene));
    for (const from of ['10.77.0.66', 'fe80::66']) scene.say(response(...records('peter@mac')), from);
    scene.say(response(...records('anna@ipad', { host: 'ipad.local', address: 'fe80::67' })), 'fe80::67');
    await scene.settle();
    expect(browsing.told()).toEqual(['up peter@mac', 'up anna@ipad']);
    expect(browsing.browser.find('anna@ipad')?.addresses).toEqual(['fe80::67%eth0']);
    const [from4, from6] = ['10.77.0.2', 'fe80::2'].map((from) => browsing.asked(0, from).length);
    expect([from4, from6]).toEqual([1, 1]);
  });
});

describe('LanBrowser: other speakers', () => {
  it('leaves a question to one who has just asked it, once', async () => {
    const scene = new Scene();
    const browsing = await Browsing.started(scene);
    await scene.pass(800); // The second query is due at 1020 ms.
    scene.say(question(PRESENCE, 'PTR'));
    await scene.pass(1000);
    expect(browsing.asked()).toHaveLength(1);
    await scene.pass(1000);
    scene.say(question(PRESENCE, 'PTR')); // The third is due at 3020 ms.
    await scene.pass(1000);
    expect(browsing.asked()).toHaveLength(2);
  });

  it('does not rely on one who asks for unicast answers, or who knows what it does not', async () => {
    const scene = new Scene();
    const browsing = await Browsing.started(scene);
    await scene.pass(850);
    scene.say(question(PRESENCE, 'PTR', true));
    const [pointer] = records('anna@mac');
    scene.say({ ...question(PRESENCE, 'PTR'), answers: [pointer] });
    await scene.pass(500);
    expect(browsing.asked()).toHaveLength(2);
  });

  it('does not rely on a resolver that does not speak mDNS, for that is answered alone', async () => {
    const scene = new Scene();
    const browsing = await Browsing.started(scene);
    await scene.pass(800);
    scene.say(question(PRESENCE, 'PTR'), '10.77.0.66', 40_000);
    await scene.pass(500);
    expect(browsing.asked()).toHaveLength(2);
  });

  it('lets one go that others asked for twice in vain, and asks for it again', async () => {
    const scene = new Scene();
    const browsing = await Browsing.started(scene);
    const all = records('peter@mac');
    const [pointer, service] = all;
    const asked = question(service.name, 'SRV');
    const ask = (message = asked, port = 5353, from = '10.77.0.5') => scene.say(message, from, port);
    scene.say(response(...all));
    await scene.pass(2000);
    const harmless = [
      () => ask(question(service.name, 'SRV', true)),
      () => ask({ ...asked, flags: 1 << 9 }),
      () => ask({ ...asked, answers: [service] }),
      () => ask({ ...asked, authorities: [service] }),
      () => ask(asked, 40_000),
      () => ask(asked, 5353, 'fe80::5'),
      () => ask(question(PRESENCE, 'PTR')),
    ];
    for (const once of harmless) {
      for (let i = 0; i < 3; i++) {
        once();
        await scene.pass(1100);
      }
    }
    ask();
    ask(); // The same question by two ways is one.
    await scene.pass(11_000);
    expect(browsing.told()).toEqual(['up peter@mac']);
    ask();
    await scene.pass(5000);
    scene.say(response(pointer, service));
    await scene.pass(6000);
    expect(browsing.told()).toEqual([]);
    for (let i = 0; i < 2; i++) {
      ask();
      await scene.pass(1100);
    }
    await scene.pass(8800);
    expect(browsing.told()).toEqual([]);
    const since = scene.clock.monotonic();
    await scene.pass(1000);
    expect(browsing.told()).toEqual(['down peter@mac']);
    expect(browsing.questions(since)).toContain(`SRV ${service.name}`);
    scene.say(response(service));
    await scene.pass(100);
    expect(browsing.told()).toEqual(['up peter@mac']);
    await browsing.stop();
    expect(scene.clock.waiting()).toEqual([]);
  });

  it('asks for unicast answers in its first question only, and only where they reach it', async () => {
    for (const unicast of [true, false]) {
      const scene = new Scene();
      const browsing = await Browsing.started(scene, scene.machine('10.77.0.2'), unicast);
      scene.say(response(records('peter@mac')[0]));
      await scene.pass(4000);
      const all = browsing.asked().flatMap(({ message }) => message.questions);
      expect(all.length).toBeGreaterThan(4);
      expect(all.map((asked) => asked.unicast)).toEqual(all.map((_, i) => unicast && i === 0));
    }
  });
});
