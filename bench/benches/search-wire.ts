import type { Figure } from '../figure.js';
import type { Lab } from '../lab.js';
import type { Pumped } from '../load/jobs.js';
import { startGenerator } from '../load/start-generator.js';
import { refuseFailures, toldLatency } from '../rates.js';
import { iqTemplate, searchPayloads } from '../registry/wire.js';
import { Filled } from '../servers/filled.js';
import { LoopDelay } from '../servers/loop-delay.js';

const CALLERS = 8;
const PASSWORD = 'searches of the bench';
const PING = "<ping xmlns='urn:xmpp:ping'/>";

/** Searches of all shapes over the wire, and what they do to the event loop; told only. */
export async function searchOverTheWire(lab: Lab, things: number): Promise<Figure[]> {
  const filled = await Filled.make(lab, things);
  const loop = await LoopDelay.prepare(lab);
  const hub = await filled.start({ env: loop.env, set: ['server.tls=optional'] });
  const generator = startGenerator(lab);
  await hub.addAccounts('seeker', CALLERS, PASSWORD);
  const target = { port: hub.ports.plain, domain: hub.domain, transport: 'plain' } as const;
  const who = { prefix: 'seeker', count: CALLERS, password: PASSWORD, parallel: 4 };
  await generator.run('open', { group: 'seekers', target, ...who });
  const measure = async (type: 'get' | 'set', payloads: readonly string[]): Promise<[Pumped, number]> => {
    await loop.take(hub.pid);
    const pumped = await generator.run('pump', {
      group: 'seekers',
      template: iqTemplate(hub.address, type),
      payloads,
      window: 1,
      expect: "type='result'",
      warmUpSeconds: 1,
      seconds: 4,
      pid: hub.pid,
    });
    return [pumped, await loop.take(hub.pid)];
  };
  const [pings, undisturbed] = await measure('get', [PING]);
  const [searches, disturbed] = await measure('get', searchPayloads(things, 64));
  refuseFailures('The hub', [pings, searches]);
  await generator.stop();
  await hub.stop();
  const count = things.toLocaleString('en');
  lab.note(
    `search, ${count} things, ${CALLERS} callers over the wire, all shapes: ${toldLatency([searches])}; pings ${toldLatency([pings])}.`,
  );
  const rate = ({ replies, seconds }: Pumped): number => replies / seconds;
  const rest = { bench: 'search', yardstick: 'pings of the same callers' };
  const what = `${count} things, ${CALLERS} callers over the wire`;
  return [
    { ...rest, what, hub: rate(searches), beside: rate(pings), unit: '/s' },
    { ...rest, what: `${what}, loop delay p99`, hub: disturbed, beside: undisturbed, unit: 'ms' },
  ];
}
