import { describe, expect, it } from 'vitest';
import { Browsing, leap, PRESENCE, records, response } from './browsing.js';
import { Scene } from './scene.js';

const BROWSE = `PTR ${PRESENCE}`;
const NAME = `peter@mac.${PRESENCE}`;

/** The seconds at which a machine asked this, in tenths. */
function times(browsing: Browsing, asked: string): number[] {
  const fits = browsing
    .asked()
    .filter(({ message }) => message.questions.some(({ type, name }) => `${type} ${name}` === asked));
  return fits.map(({ at }) => Math.round(at / 100) / 10);
}

describe('LanBrowser: what it asks', () => {
  it('asks after 1, 2, 4 s and so on up to an hour, by one timer', async () => {
    const scene = new Scene();
    const browsing = await Browsing.started(scene);
    await leap(scene, 3 * 3600);
    const at = times(browsing, BROWSE).map(Math.floor);
    expect(at).toEqual([0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 1023, 2047, 4095, 7695]);
    expect(scene.clock.waiting().sort()).toEqual(['mdns browse', 'mdns interfaces']);
  });

  it('asks for what answers leave out soon, then less and less often', async () => {
    const scene = new Scene();
    const browsing = await Browsing.started(scene);
    const [pointer, service, text, address] = records('peter@mac');
    scene.say(response(pointer));
    await scene.pass(10_000);
    const seconds = [0.2, 1.2, 3.2, 7.2];
    expect(times(browsing, `SRV ${NAME}`)).toEqual(seconds);
    expect(times(browsing, `TXT ${NAME}`)).toEqual(seconds);
    scene.say(response(service, text));
    await scene.pass(500);
    expect(browsing.questions().slice(-2)).toEqual(['A mac.local', 'AAAA mac.local']);
    scene.say(response(address));
    await scene.settle();
    expect(browsing.told()).toEqual(['up peter@mac']);
    const since = scene.clock.monotonic();
    await leap(scene, 60);
    expect(browsing.questions(since).filter((asked) => asked !== BROWSE)).toEqual([]);
  });

  it('asks for the other family where no address of the one can be used', async () => {
    const scene = new Scene();
    const browsing = await Browsing.started(scene);
    scene.say(response(...records('peter@mac', { address: '192.0.2.9' })));
    await scene.pass(500);
    expect(browsing.questions().filter((asked) => asked !== BROWSE)).toEqual(['AAAA mac.local']);
    expect(browsing.told()).toEqual([]);
  });

  it('asks again at 80, 85, 90 and 95 % of the time of what is known, and not once it is answered', async () => {
    const scene = new Scene();
    const browsing = await Browsing.started(scene);
    const all = records('peter@mac');
    scene.say(response(...all)); // At 100 ms.
    await scene.settle();
    await leap(scene, 97);
    expect(times(browsing, 'A mac.local')).toEqual([96.6]);
    scene.say(response(...all)); // At 97.1 s.
    await scene.settle();
    await leap(scene, 121);
    for (const asked of ['A mac.local', `SRV ${NAME}`]) {
      expect(times(browsing, asked).slice(0, 5)).toEqual([96.6, 193.6, 199.6, 205.6, 211.6]);
    }
    expect(browsing.told()).toEqual(['up peter@mac', 'down peter@mac']);
    expect(times(browsing, `TXT ${NAME}`)).toEqual([]);
  });

  it('asks at once about one that could not be reached, and gives it up after ten seconds of silence', async () => {
    const scene = new Scene();
    const browsing = await Browsing.started(scene);
    scene.say(response(...records('peter@mac')));
    await scene.pass(500);
    for (const name of ['Peter@mac', 'peter@mac', 'nobody@mac']) browsing.browser.doubt(name);
    await scene.pass(10_400);
    expect(times(browsing, `SRV ${NAME}`)).toEqual([1.2, 2.1, 4.1, 8.1]); // It has just spoken.
    expect(browsing.told()).toEqual(['up peter@mac']);
    await scene.pass(200);
    expect(browsing.told()).toEqual(['down peter@mac']);
  });

  it('keeps one that could not be reached and says that it is there', async () => {
    const scene = new Scene();
    const browsing = await Browsing.started(scene);
    const all = records('peter@mac');
    scene.say(response(...all));
    await scene.pass(2000);
    browsing.browser.doubt('peter@mac');
    await scene.pass(500);
    scene.say(response(...all));
    await scene.settle();
    await leap(scene, 60);
    expect(times(browsing, `SRV ${NAME}`)).toEqual([2.1]);
    expect(browsing.told()).toEqual(['up peter@mac']);
  });

  it('asks for all that lapses together in one packet', async () => {
    const scene = new Scene();
    const browsing = await Browsing.started(scene);
    for (let i = 0; i < 10; i++) {
      const host = { host: `m${i}.local`, address: `10.77.0.${100 + i}` };
      scene.say(response(...records(`p${i}@m${i}`, host)), `10.77.0.${100 + i}`);
    }
    await leap(scene, 98);
    const packets = browsing.asked(90_000);
    expect(packets).toHaveLength(1);
    expect(packets[0]?.message.questions).toHaveLength(20);
  });

  it('says what it knows for more than half of its time still', async () => {
    const scene = new Scene();
    const browsing = await Browsing.started(scene);
    scene.say(response(...records('peter@mac', { ttl: 100 }), ...records('anna@mac', { ttl: 1000 })));
    await leap(scene, 64);
    const known = browsing.asked().map(({ message }) => message.answers.map(({ ttl }) => ttl));
    expect(known).toEqual([[], [99, 999], [97, 997], [93, 993], [85, 985], [69, 969], [937]]);
  });

  it('spreads what it knows over packets that fit, all but the last marked', async () => {
    const scene = new Scene();
    const browsing = await Browsing.started(scene);
    for (let from = 0; from < 4; from++) {
      const all = Array.from({ length: 20 }, (_, i) => records(`person-${from}-${i}@machine`)[0]);
      scene.say(response(...all), `10.77.0.${60 + from}`);
    }
    const since = scene.clock.monotonic();
    await scene.pass(1000);
    const packets = browsing.asked(since).filter(({ message }) => message.answers.length > 0);
    expect(packets.length).toBeGreaterThan(2);
    expect(packets.flatMap(({ message }) => message.answers)).toHaveLength(80);
    expect(packets.map(({ message }) => message.truncated)).toEqual(
      packets.map((_, i) => i < packets.length - 1),
    );
    expect(packets.map(({ message }) => message.questions.some(({ type }) => type === 'PTR'))).toEqual(
      packets.map((_, i) => i === 0),
    );
    for (const { bytes } of packets) expect(bytes.length).toBeLessThanOrEqual(1440);
  });

  it('is answered once, and not with what it says it knows; a refresh is answered with what was asked', async () => {
    const scene = new Scene();
    const presence = {
      type: '_presence._tcp',
      user: 'hub',
      port: 5298,
      txt: [['txtvers', '1']],
    } as const;
    await scene.started(scene.machine('10.77.0.1'), { services: [presence] });
    const browsing = await Browsing.started(scene);
    await scene.pass(30_000);
    expect(browsing.told()).toEqual(['up hub@pronto']);
    expect(browsing.asked().length).toBeGreaterThan(4);
    const said = () => scene.said(5000, '10.77.0.1').filter(({ message }) => message.response);
    expect(said()).toHaveLength(1);
    await leap(scene, 75);
    expect(said()).toHaveLength(2);
    await leap(scene, 3600);
    expect(browsing.told()).toEqual([]);
  });
});
