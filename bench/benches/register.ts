import type { Bench } from '../bench.js';
import { type Bar, type Figure, median } from '../figure.js';
import type { Lab } from '../lab.js';
import type { Pumped } from '../load/jobs.js';
import { registrationTemplate } from '../load/registration.js';
import { type Generator, startGenerator } from '../load/start-generator.js';
import { medianRate, refuseFailures, toldLatency } from '../rates.js';
import { Child } from '../servers/child.js';
import { Hub } from '../servers/hub.js';
import { slowSync } from '../servers/slow-sync.js';

const CALLERS = [1, 16, 64];
const ROUNDS = 3;
const TOLD_ROUNDS = 2;
const WARM_UP = 1;
const SECONDS = 3;
const PASSWORD = 'register of the bench';

/** How long a sync takes on the SD card that the library stands for, in microseconds. */
const DELAY = 20_000;

/** What registrations must reach under the delayed sync. */
const BAR: Bar = { kind: 'at-least', ratio: 0.7 };

/** The hub's own limits would end the bench; every one of them that registrations meet is out of the way. */
const LIMITS = ['thingRegistrationsPerMinute', 'thingsPerAccount', 'things'].map(
  (limit) => `limits.${limit}=1000000`,
);

/** Durable registrations over the wire beside the bare group commit of the same keys. */
export const register: Bench = {
  name: 'register',
  about: `durable registrations of ${CALLERS.join(', ')} callers, beside a bare group commit of the same four keys`,
  run: async (lab) => {
    const slow = await slowSync(lab, DELAY);
    const figures: Figure[] = [];
    if (slow !== undefined) {
      const delayed = { disk: `syncs delayed by ${DELAY / 1000} ms`, ...slow, bar: BAR };
      figures.push(...(await measureAll(lab, delayed)));
    }
    figures.push(...(await measureAll(lab, { disk: "the disk's own syncs", env: {}, counting: {} })));
    return figures;
  },
};

/** What the processes write to. */
interface Disk {
  readonly disk: string;
  readonly env: NodeJS.ProcessEnv;
  /** The same for the process whose syncs are counted. */
  readonly counting: NodeJS.ProcessEnv;
  /** The file that counts them. */
  readonly count?: string;
  readonly bar?: Bar;
}

async function measureAll(lab: Lab, disk: Disk): Promise<Figure[]> {
  const data = await lab.folder('register');
  const hub = await Hub.start(lab, { data, env: disk.counting, set: ['server.tls=optional', ...LIMITS] });
  const generator = startGenerator(lab);
  await hub.addAccounts('gateway', Math.max(...CALLERS), PASSWORD);
  const figures: Figure[] = [];
  for (const callers of CALLERS) figures.push(...(await measure(lab, hub, generator, callers, disk)));
  await generator.stop();
  await hub.stop();
  return figures;
}

async function measure(
  lab: Lab,
  hub: Hub,
  generator: Generator,
  callers: number,
  { disk, env, count, bar }: Disk,
): Promise<Figure[]> {
  const target = { port: hub.ports.plain, domain: hub.domain, transport: 'plain' } as const;
  const group = `${callers} gateways`;
  await generator.run('open', {
    group,
    target,
    prefix: 'gateway',
    count: callers,
    password: PASSWORD,
    parallel: 8,
  });
  const hubRounds: Pumped[] = [];
  const bareRounds: number[] = [];
  for (let round = 0; round < (bar === undefined ? TOLD_ROUNDS : ROUNDS); round++) {
    const load = {
      group,
      template: registrationTemplate(hub.address),
      window: 1,
      expect: "type='result'",
      warmUpSeconds: WARM_UP,
      seconds: SECONDS,
      pid: hub.pid,
      ...(count !== undefined && { growing: count }),
    };
    hubRounds.push(await generator.run('pump', load));
    bareRounds.push(await bareCommit(lab, callers, env));
  }
  await generator.run('close', { group });
  refuseFailures('The hub', hubRounds);
  const what = `${callers} ${callers === 1 ? 'caller' : 'callers'}, ${disk}`;
  lab.note(`register, ${what}: hub ${toldLatency(hubRounds)}.`);
  const figure: Figure = {
    bench: 'register',
    what: `registrations, ${what}`,
    hub: medianRate(hubRounds),
    beside: median(bareRounds),
    unit: '/s',
    yardstick: 'bare group commit of the same keys',
    ...(bar !== undefined && { bar }),
  };
  return count === undefined ? [figure] : [figure, syncs(callers, hubRounds)];
}

/** How many syncs so many registrations share. */
function syncs(callers: number, rounds: readonly Pumped[]): Figure {
  return {
    bench: 'register',
    what: `syncs per 1,000 registrations, ${callers} ${callers === 1 ? 'caller' : 'callers'}`,
    hub: median(rounds.map(({ grown, replies }) => (1000 * grown) / replies)),
    beside: 1000,
    unit: '',
    yardstick: 'a sync for each',
    ...(callers === Math.max(...CALLERS) && { bar: { kind: 'at-most', ratio: 1 / 16 } }),
  };
}

/** Registrations a second. */
async function bareCommit(lab: Lab, callers: number, env: NodeJS.ProcessEnv): Promise<number> {
  const args = [await lab.folder('commit'), callers, WARM_UP, SECONDS].map(String);
  const child = lab.keep(new Child(process.execPath, [lab.program('bare-commit'), ...args], env));
  const { registrations, seconds } = JSON.parse(await child.line());
  await child.stop();
  return registrations / seconds;
}
