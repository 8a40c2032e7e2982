import type { LabProcess } from '../../test/lan/lab-process.js';
import type { Bench } from '../bench.js';
import { type Figure, median } from '../figure.js';
import { type Lab, pause } from '../lab.js';
import { type Responder, Responders } from '../servers/responders.js';
import { bonjourHour, idleHour } from './mdns-idle.js';

/** A quarter of a second of each start is chance. RFC 6762 §8.1 */
const STARTS = 7;
const ROUNDS = 20;

/** Milliseconds after which a responder has said all that it says of itself. */
const SETTLED = 4000;

/** What is asked of the hub, in milliseconds; shared answers wait 20 to 120. RFC 6762 §6 */
const ALLOWED = { announced: 1100, unique: 5, soonest: 20, latest: 120 };

/** How soon the hub's responder is announced and answers, and what it says when nobody asks. */
export const mdns: Bench = {
  name: 'mdns',
  about: 'mDNS: first announcement, answers, idle packets, beside avahi and bonjour-service',
  run: async (lab) => {
    const responders = await Responders.make(lab);
    const listener = await responders.ask();
    const starts: number[][] = [];
    for (const responder of responders.all) starts.push(await startsOf(responder, listener));
    const silent = await idle(responders, listener);
    await listener.kill();
    const times = await answers(responders, lab);
    return [...announced(starts), ...answered(times), ...silent];
  },
};

/** Milliseconds from the start of the program to its first response; with goodbyes in between. */
async function startsOf(responder: Responder, listener: LabProcess): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < STARTS; round++) {
    const begin = performance.timeOrigin + performance.now();
    const program = responder.start();
    const find = () => heardFrom(responder, listener).find((at) => at > begin);
    times.push((await listener.waitUntil(find, `${responder.name} is heard`)) - begin);
    await program.kill();
  }
  return times;
}

/** When its responses were heard. */
function heardFrom({ host }: Responder, listener: LabProcess): number[] {
  const lines = listener.stdout.matchAll(/^heard (\S+) (\S+)$/gm);
  return [...lines].filter(([, from]) => from === host.address).map(([, , at]) => Number(at));
}

/** What one responder took to answer, in milliseconds; `null` where no answer came. */
interface Times {
  readonly unique: readonly (number | null)[];
  readonly shared: readonly (number | null)[];
}

async function answers(responders: Responders, lab: Lab): Promise<Times[]> {
  const programs = responders.all.map((responder) => responder.start());
  await Promise.all(responders.all.map((responder, i) => ready(responder, programs[i])));
  const targets = responders.all.map(({ host, service, type }) => `${host.address} ${service} ${type}`);
  const asking = await responders.ask(String(ROUNDS), ...targets);
  const { stdout } = await asking.ended;
  await Promise.all(programs.map((program) => program.kill()));
  const times: Times[] = JSON.parse(stdout.slice(stdout.indexOf('[')));
  for (const [i, { name }] of responders.all.entries()) {
    const lost = [...(times[i]?.unique ?? []), ...(times[i]?.shared ?? [])].filter((taken) => taken === null);
    if (lost.length > 0)
      lab.note(`mdns: ${name} left ${lost.length} of ${2 * ROUNDS} questions without answer.`);
  }
  return times;
}

/** Starts are noisy: what is said once more two seconds later must be over. */
async function ready({ settle }: Responder, program: LabProcess | undefined): Promise<void> {
  await program?.waitFor(/^ready$|Server startup complete/m);
  await settle();
  await pause(SETTLED);
}

function answered([hub, avahi, bonjour]: readonly Times[]): Figure[] {
  const unique = { bench: 'mdns', what: 'unique record, median', hub: middle(hub?.unique), unit: 'ms' };
  const shared = { bench: 'mdns', what: 'shared record, median', hub: middle(hub?.shared), unit: 'ms' };
  const delays = given(hub?.shared);
  const allowed = { bench: 'mdns', unit: 'ms', yardstick: 'allowed' };
  return [
    { ...unique, beside: ALLOWED.unique, yardstick: 'allowed', bar: { kind: 'at-most', ratio: 1 } },
    { ...unique, beside: middle(avahi?.unique), yardstick: 'avahi' },
    { ...unique, beside: middle(bonjour?.unique), yardstick: 'bonjour-service' },
    {
      ...{ ...allowed, what: 'shared record, soonest', hub: Math.min(...delays), beside: ALLOWED.soonest },
      bar: { kind: 'at-least', ratio: 1 },
    },
    {
      ...{ ...allowed, what: 'shared record, nine of ten', hub: ninth(delays), beside: ALLOWED.latest },
      bar: { kind: 'at-most', ratio: 1 },
    },
    { ...shared, beside: middle(avahi?.shared), yardstick: 'avahi' },
    { ...shared, beside: middle(bonjour?.shared), yardstick: 'bonjour-service' },
  ];
}

function given(times: Times['unique'] = []): number[] {
  return times.filter((taken) => taken !== null);
}

/** What nine of ten stay within: the last one is as late as this machine is busy. */
function ninth(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.9) - 1] ?? Number.NaN;
}

/** Not a number where there was no answer at all. */
function middle(times: Times['unique'] | undefined): number {
  const all = given(times);
  return all.length === 0 ? Number.NaN : median(all);
}

async function idle({ all }: Responders, listener: LabProcess): Promise<Figure[]> {
  const bonjour = all.find(({ name }) => name === 'bonjour-service');
  if (bonjour === undefined) return [];
  const beside = await bonjourHour(bonjour, () => heardFrom(bonjour, listener).length);
  const rest = { bench: 'mdns', beside, unit: 'packets', yardstick: 'bonjour-service' };
  return [
    { ...rest, what: 'an idle hour, announced', hub: await idleHour({ browses: false }) },
    { ...rest, what: 'an idle hour, looking for presences too', hub: await idleHour({ browses: true }) },
  ];
}

function announced([hub = [], avahi = [], bonjour = []]: readonly number[][]): Figure[] {
  const rest = { bench: 'mdns', what: 'first announcement, median', hub: median(hub), unit: 'ms' };
  return [
    { ...rest, beside: ALLOWED.announced, yardstick: 'allowed', bar: { kind: 'at-most', ratio: 1 } },
    { ...rest, beside: median(avahi), yardstick: 'avahi' },
    { ...rest, beside: median(bonjour), yardstick: 'bonjour-service' },
  ];
}
