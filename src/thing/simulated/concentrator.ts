import type { World } from '../../system/world.js';
import type { Description, NodeOptions } from '../options.js';
import { Thing } from '../thing.js';
import { lampDescription } from './lamp.js';
import { ownTags, type SimulatedOptions } from './simulated-options.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Watts that the house draws by day and night, on average and around it. */
const MEAN = 400;
const SWING = 250;

/** A cupboard with a meter, a lamp and a valve, each a thing of its own behind one account. */
export function concentrator(options: SimulatedOptions, world: World): Thing {
  const { tags: _tags, selfOwned, ...rest } = options;
  const node = (nodeId: string, description: Description): NodeOptions => ({
    nodeId,
    sourceId: 'cupboard',
    ...description,
    tags: { ...ownTags(options), SN: nodeId },
    ...(selfOwned === undefined ? {} : { selfOwned }),
  });
  const begun = world.clock.now();
  return new Thing(
    {
      ...rest,
      kind: 'concentrator',
      nodes: [
        node(
          'meter-1',
          meter(() => world.clock.now(), begun),
        ),
        node('lamp-1', lampDescription()),
        node('valve-1', valve()),
      ],
    },
    world,
  );
}

/** A meter that counts since `begun`. Times in milliseconds since 1970. */
function meter(now: () => number, begun: number): Description {
  return {
    kind: 'meter',
    fields: [
      { name: 'Power', unit: 'W', decimals: 0, read: () => powerAt(now()) },
      { name: 'Energy', unit: 'kWh', decimals: 3, read: () => energyBetween(begun, now()) },
    ],
  };
}

/** Watts at a time: most at 18 h UTC. */
export function powerAt(time: number): number {
  return MEAN + SWING * Math.cos((time / DAY - 18 / 24) * 2 * Math.PI);
}

/** Kilowatt-hours from one time to another. */
export function energyBetween(from: number, to: number): number {
  const turn = (2 * Math.PI) / DAY;
  const sum = (time: number) => MEAN * time + (SWING / turn) * Math.sin(turn * time - 1.5 * Math.PI);
  return (sum(to) - sum(from)) / HOUR / 1000;
}

/** A valve that opens as far as it is told; it begins shut. */
function valve(): Description {
  let opening = 0;
  return {
    kind: 'valve',
    fields: [{ name: 'Opening', unit: '%', read: () => opening }],
    parameters: [
      {
        name: 'Opening',
        type: 'int',
        label: 'Opening (%)',
        min: 0,
        max: 100,
        get: () => opening,
        set: (value) => {
          opening = value;
        },
      },
    ],
  };
}
