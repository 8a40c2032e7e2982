import { type Bench, CannotRun } from '../bench.js';
import { type Figure, median } from '../figure.js';
import type { Lab } from '../lab.js';
import { Child } from '../servers/child.js';
import { Filled } from '../servers/filled.js';
import { firstFeatures } from './first-features.js';

const ROUNDS = 5;
const THINGS = 100_000;

/** Starts: of an empty hub beside Prosody, and of one with many things beside a bare scan of its database. */
export const start: Bench = {
  name: 'start',
  about:
    'process start to first stream features, beside Prosody; ready with 100,000 things, beside a bare scan',
  run: async (lab) => {
    const figures = await readyWithThings(lab, lab.options.things ?? THINGS);
    try {
      return [...(await firstFeatures(lab)), ...figures];
    } catch (error) {
      if (!(error instanceof CannotRun)) throw error;
      lab.note(`start, first features were not measured: ${error.message}`);
      return figures;
    }
  },
};

/** From the start of the process to `ready`, without and with the column snapshot. */
async function readyWithThings(lab: Lab, things: number): Promise<Figure[]> {
  const filled = await Filled.make(lab, things);
  await (await filled.start()).stop();
  const [without, using, bare]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < ROUNDS; round++) {
    await filled.forgetSnapshots();
    without.push(await filled.timeStart());
    bare.push(await bareScan(lab, filled.store));
    // The stop of the hub before wrote it.
    await filled.needSnapshot();
    using.push(await filled.timeStart());
  }
  await (await filled.start()).stop();
  const count = things.toLocaleString('en');
  const rest = { bench: 'start', unit: 'ms', yardstick: 'bare scan and JSON.parse', beside: median(bare) };
  const what = `ready with ${count} things`;
  return [
    { ...rest, what: `${what}, no snapshot`, hub: median(without), bar: { kind: 'at-most', ratio: 1.4 } },
    { ...rest, what: `${what}, column snapshot`, hub: median(using), bar: { kind: 'at-most', ratio: 0.4 } },
  ];
}

/** Milliseconds that the process takes, all in all. */
async function bareScan(lab: Lab, store: string): Promise<number> {
  const begin = performance.now();
  const scan = lab.keep(new Child(process.execPath, [lab.program('bare-scan'), store]));
  await scan.line();
  const taken = performance.now() - begin;
  await scan.stop();
  return taken;
}
