import type { World } from '../../system/world.js';
import { Thing } from '../thing.js';
import { ownTags, type SimulatedOptions } from './simulated-options.js';

const DAY = 86_400_000;

/** A thermometer: 18 °C in the small hours, 24 °C in the afternoon. */
export function temperature(options: SimulatedOptions, world: World): Thing {
  return new Thing(
    {
      ...options,
      kind: 'temperature',
      tags: ownTags(options),
      fields: [
        { name: 'Temperature', unit: '°C', decimals: 1, read: () => temperatureAt(world.clock.now()) },
      ],
    },
    world,
  );
}

/** Degrees Celsius at a time, in milliseconds since 1970; warmest at 15 h UTC. */
export function temperatureAt(time: number): number {
  return 21 + 3 * Math.cos(((time % DAY) / DAY - 15 / 24) * 2 * Math.PI);
}
