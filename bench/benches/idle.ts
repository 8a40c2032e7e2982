import type { Bench } from '../bench.js';
import { median } from '../figure.js';
import { pause } from '../lab.js';
import { Child, residentMemory } from '../servers/child.js';
import { Hub } from '../servers/hub.js';

const ROUNDS = 3;

/** Milliseconds after which a process that does nothing has settled. */
const SETTLING = 14_000;

/** Memory of the hub that serves nobody, beside a Node that does nothing. */
export const idle: Bench = {
  name: 'idle',
  about: 'resident memory with nobody connected, beside a bare Node process',
  run: async (lab) => {
    const ours: number[] = [];
    const bare: number[] = [];
    const data = await lab.folder('idle');
    await (await Hub.start(lab, { data })).stop();
    for (let round = 0; round < ROUNDS; round++) {
      const node = lab.keep(new Child(process.execPath, ['-e', 'setInterval(() => {}, 1e8)']));
      const hub = await Hub.start(lab, { data });
      await pause(SETTLING);
      ours.push(residentMemory(hub.pid) / 1024);
      bare.push(residentMemory(node.pid) / 1024);
      await hub.stop();
      await node.stop();
    }
    lab.note('idle: all services of the hub are on but mDNS, which the bench never starts.');
    return [
      {
        bench: 'idle',
        what: 'resident memory, nobody connected',
        hub: median(ours),
        beside: median(bare),
        unit: 'MB',
        yardstick: 'bare Node',
        bar: { kind: 'at-most', ratio: 2 },
      },
    ];
  },
};
