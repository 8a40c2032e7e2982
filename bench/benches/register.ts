import type { Bench } from '../bench.js';
import { type Figure, median } from '../figure.js';
import type { Lab } from '../lab.js';
import type { Pumped } from '../load/jobs.js';
import { registrationTemplate } from '../load/registration.js';
import { startGenerator } from '../load/start-generator.js';
import { medianRate, refuseFailures, toldLatency } from '../rates.js';
import { Child } from '../servers/child.js';
import { Hub } from '../servers/hub.js';
import { slowSync } from '../servers/slow-sync.js';

const CALLERS = 64;
const ROUNDS = 3;
const WARM_UP = 1;
const SECONDS = 4;

/** How long a sync takes on the SD card that the library stands for, in microseconds. */
const DELAY = 20_000;

/** The hub's own limits would end the bench; every one of them that registrations meet is out of the way. */
const LIMITS = ['thingRegistrationsPerMinute', 'thingsPerAccount', 'things'].map(
  (limit) => `limits.${limit}=1000000`,
);

/** Durable registrations over the wire beside the bare group commit of the same keys. */
export const register: Bench = {
  name: 'register',
  about: `durable registrations of ${CALLERS} callers, beside a bare group commit of the same four keys`,
  run: async (lab) => {
    const slow = await slowSync(lab, DELAY);
    const figures = [];
    if (slow !== undefined) {
      const measured = await measure(lab, `syncs delayed by ${DELAY / 1000} ms`, slow);
      figures.push({ ...measured, bar: { kind: 'at-least', ratio: 0.5 } } as const);
    }
    figures.push(await measure(lab, "the disk's own syncs", {}));
    return figures;
  },
};

async function measure(lab: Lab, what: string, env: NodeJS.ProcessEnv): Promise<Figure> {
  const data = await lab.folder('register');
  const hub = await Hub.start(lab, { data, env, set: ['server.tls=optional', ...LIMITS] });
  const generator = startGenerator(lab);
  const password = 'register of the bench';
  await hub.addAccounts('gateway', CALLERS, password);
  const target = { port: hub.ports.plain, domain: hub.domain, transport: 'plain' } as const;
  const group = { group: 'gateways', target, prefix: 'gateway', count: CALLERS, password, parallel: 8 };
  await generator.run('open', group);
  const hubRounds: Pumped[] = [];
  const bareRounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const load = {
      group: 'gateways',
      template: registrationTemplate(hub.address),
      window: 1,
      expect: "type='result'",
      warmUpSeconds: WARM_UP,
      seconds: SECONDS,
      pid: hub.pid,
    };
    hubRounds.push(await generator.run('pump', load));
    bareRounds.push(await bareCommit(lab, env));
  }
  refuseFailures('The hub', hubRounds);
  lab.note(`register, ${what}: hub ${toldLatency(hubRounds)}.`);
  await generator.stop();
  await hub.stop();
  return {
    bench: 'register',
    what: `registrations, ${CALLERS} callers, ${what}`,
    hub: medianRate(hubRounds),
    beside: median(bareRounds),
    unit: '/s',
    yardstick: 'bare group commit of the same keys',
  };
}

/** Registrations a second. */
async function bareCommit(lab: Lab, env: NodeJS.ProcessEnv): Promise<number> {
  const args = [await lab.folder('commit'), CALLERS, WARM_UP, SECONDS].map(String);
  const child = lab.keep(new Child(process.execPath, [lab.program('bare-commit'), ...args], env));
  const { registrations, seconds } = JSON.parse(await child.line());
  await child.stop();
  return registrations / seconds;
}
