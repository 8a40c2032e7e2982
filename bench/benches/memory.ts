import type { Bench } from '../bench.js';
import { type Figure, median } from '../figure.js';
import type { Lab } from '../lab.js';
import { anonymousMemory, Child, residentMemory } from '../servers/child.js';
import { Filled, idleOf } from '../servers/filled.js';

const ROUNDS = 2;

/** How many things, and how often bare Node's memory the hub may take. */
const SIZES = [
  { things: 10_000, ratio: 2.6 },
  { things: 100_000, ratio: 4 },
];

/** Memory of a hub with many things that serves nobody, beside a Node that does nothing. */
export const memory: Bench = {
  name: 'memory',
  about: 'resident memory of an idle hub with 10,000 and 100,000 things, beside a bare Node process',
  run: async (lab) => {
    const { things } = lab.options;
    const sizes = things === undefined ? SIZES : [{ things, ratio: undefined }];
    const figures: Figure[] = [];
    for (const { things, ratio } of sizes) {
      const filled = await Filled.make(lab, things);
      for (const snapshot of [false, true]) {
        const bar = ratio === undefined ? {} : { bar: { kind: 'at-most', ratio } as const };
        figures.push(...(await measure(lab, filled, snapshot)).map((figure) => ({ ...figure, ...bar })));
      }
    }
    return figures;
  },
};

async function measure(lab: Lab, filled: Filled, snapshot: boolean): Promise<Figure[]> {
  const ours: number[] = [];
  const anonymous: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    if (snapshot) await filled.needSnapshot();
    else await filled.forgetSnapshots();
    const node = lab.keep(new Child(process.execPath, ['-e', 'setInterval(() => {}, 1e8)']));
    const hub = await filled.start();
    await idleOf(hub.pid);
    ours.push(residentMemory(hub.pid) / 1024);
    anonymous.push(anonymousMemory(hub.pid) / 1024);
    bare.push(residentMemory(node.pid) / 1024);
    await hub.stop();
    await node.stop();
  }
  const count = filled.things.toLocaleString('en');
  const how = snapshot ? 'started from the snapshot' : 'started without a snapshot';
  lab.note(`memory, ${count} things, ${how}: anonymous ${median(anonymous).toFixed(1)} MB.`);
  return [
    {
      bench: 'memory',
      what: `resident memory, ${count} things, ${how}`,
      hub: median(ours),
      beside: median(bare),
      unit: 'MB',
      yardstick: 'bare Node',
    },
  ];
}
