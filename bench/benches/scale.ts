import type { Bench } from '../bench.js';
import { type Figure, median } from '../figure.js';
import type { Lab } from '../lab.js';
import { type Generator, startGenerator } from '../load/start-generator.js';
import { refuseFailures, toldLatency } from '../rates.js';
import { jidOf, unclaimedThing } from '../registry/lamp.js';
import { claimPayload, iqTemplate, searchPayloads } from '../registry/wire.js';
import { anonymousMemory, residentMemory } from '../servers/child.js';
import { Filled } from '../servers/filled.js';
import type { Hub } from '../servers/hub.js';
import { type MemoryLimit, memoryLimit } from '../servers/memory-limit.js';

const THINGS = 1_000_000;

/** Things among them that nobody has claimed yet. */
const UNCLAIMED = 500;

/** Megabytes that the hub may use, its share of the page cache included. */
const LIMIT = 768;

const CALLERS = 4;
const PASSWORD = 'scale of the bench';

/** A hub with a million things within a limit of memory. Takes minutes. */
export const scale: Bench = {
  name: 'scale',
  about: `a million things opened, searched and claimed within ${LIMIT} MB of memory; takes minutes`,
  onlyNamed: true,
  run: async (lab) => {
    const limit = memoryLimit(lab, LIMIT);
    const things = lab.options.things ?? THINGS;
    const filled = await Filled.make(lab, things - UNCLAIMED, UNCLAIMED);
    lab.tell('starting without a snapshot');
    await filled.forgetSnapshots();
    const without = await used(lab, filled, limit, 'without a snapshot', UNCLAIMED / 2);
    if (!(await filled.hasSnapshot())) {
      lab.note('scale: the hub wrote no column snapshot when it stopped.');
      return without.figures;
    }
    lab.tell('starting from the snapshot');
    const using = await used(lab, filled, limit, 'from the snapshot', 0);
    const ready: Figure = {
      bench: 'scale',
      what: `${filled.things.toLocaleString('en')} things, ready from the snapshot`,
      hub: using.seconds,
      beside: without.seconds,
      unit: 's',
      yardstick: 'ready without it',
    };
    return [...without.figures, ...using.figures, ready];
  },
};

/** Starts a hub within the limit, searches and claims, and stops it cleanly. */
async function used(
  lab: Lab,
  filled: Filled,
  limit: MemoryLimit,
  how: string,
  claimed: number,
): Promise<{ readonly seconds: number; readonly figures: readonly Figure[] }> {
  await filled.forgetPages();
  const begin = performance.now();
  const hub = await filled.start({ under: limit.under, set: ['server.tls=optional'] });
  const seconds = (performance.now() - begin) / 1000;
  lab.tell(`ready in ${seconds.toFixed(1)} s; searching and claiming`);
  const generator = startGenerator(lab);
  await openCallers(hub, generator);
  const searched = await search(lab, hub, generator, filled.things, how);
  const claims = await claim(lab, hub, generator, filled.things, claimed, how);
  const [resident, anonymous] = [residentMemory(hub.pid) / 1024, anonymousMemory(hub.pid) / 1024];
  const peak = limit.peak(hub.pid);
  const memory = `resident ${resident.toFixed(0)} MB, anonymous ${anonymous.toFixed(0)} MB, peak of the group ${peak.toFixed(0)} MB`;
  lab.note(`scale, ${how}, ${limit.kind}: ready in ${seconds.toFixed(1)} s, ${memory}.`);
  await generator.stop();
  await hub.stop();
  const rest = { bench: 'scale', bar: { kind: 'at-most', ratio: 1 } } as const;
  const what = `${filled.things.toLocaleString('en')} things ${how}`;
  const figures: Figure[] = [
    {
      ...rest,
      what: `${what}, anonymous memory`,
      hub: anonymous,
      beside: LIMIT,
      unit: 'MB',
      yardstick: 'the limit',
    },
    { bench: 'scale', what: `${what}, search`, ...searched },
    { bench: 'scale', what: `${what}, claim`, ...claims },
  ];
  return { seconds, figures };
}

async function openCallers(hub: Hub, generator: Generator): Promise<void> {
  const { accounts } = await hub.ask('accounts', {});
  if (accounts.length === 0) {
    await hub.ask('accounts-add', { name: 'owner0', password: PASSWORD, owner: true });
    await hub.addAccounts('caller', CALLERS, PASSWORD);
  }
  const target = { port: hub.ports.plain, domain: hub.domain, transport: 'plain' } as const;
  const who = { password: PASSWORD, parallel: 1 };
  await generator.run('open', { group: 'owner', target, prefix: 'owner', count: 1, ...who });
  await generator.run('open', { group: 'callers', target, prefix: 'caller', count: CALLERS, ...who });
}

type Measured = Pick<Figure, 'hub' | 'beside' | 'unit' | 'yardstick'>;

async function search(
  lab: Lab,
  hub: Hub,
  generator: Generator,
  things: number,
  how: string,
): Promise<Measured> {
  const pumped = await generator.run('pump', {
    group: 'callers',
    template: iqTemplate(hub.address, 'get'),
    payloads: searchPayloads(things - UNCLAIMED, 64),
    window: 1,
    expect: "type='result'",
    warmUpSeconds: 2,
    seconds: 8,
    pid: hub.pid,
  });
  refuseFailures('The hub', [pumped]);
  lab.note(`scale, ${how}, searches of ${CALLERS} callers, all shapes: ${toldLatency([pumped])}.`);
  return { hub: pumped.p99, beside: pumped.p50, unit: 'ms p99', yardstick: 'p50' };
}

/** Claims the second half of the unclaimed things, from the `from`th on: each start has its own. */
async function claim(
  lab: Lab,
  hub: Hub,
  generator: Generator,
  things: number,
  from: number,
  how: string,
): Promise<Measured> {
  const numbers = Array.from({ length: UNCLAIMED / 2 }, (_, i) => things - UNCLAIMED + from + i);
  const times = await generator.run('line', {
    group: 'owner',
    template: iqTemplate(hub.address, 'set'),
    payloads: numbers.map((number) => claimPayload(unclaimedThing(number).tags)),
    expect: '<claimed ',
  });
  const detail = await hub.ask('things-show', { address: jidOf(numbers[0] ?? 0) });
  if (detail.owner !== `owner0@${hub.domain}`) throw new Error('A claimed thing does not know its owner.');
  const sorted = [...times].sort((a, b) => a - b);
  const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN;
  lab.note(
    `scale, ${how}, ${times.length} claims one by one: p50 ${median(times).toFixed(2)} ms, p99 ${p99.toFixed(2)} ms.`,
  );
  return { hub: p99, beside: median(times), unit: 'ms p99', yardstick: 'p50' };
}
