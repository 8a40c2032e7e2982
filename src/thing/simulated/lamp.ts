import type { World } from '../../system/world.js';
import { Thing } from '../thing.js';
import type { SimulatedOptions } from './simulated-options.js';

/** Watts at full brightness. */
const POWER = 9;

/** A lamp that can be switched and dimmed; it begins dark. */
export function lamp(options: SimulatedOptions, world: World): Thing {
  let on = false;
  let brightness = 100;
  return new Thing(
    {
      ...options,
      kind: 'lamp',
      tags: { MAN: 'hearth', MODEL: 'simulated', ...options.tags },
      fields: [
        { name: 'Output', read: () => on },
        { name: 'Brightness', unit: '%', read: () => brightness },
        { name: 'Power', unit: 'W', decimals: 1, read: () => (on ? (POWER * brightness) / 100 : 0) },
      ],
      parameters: [
        {
          name: 'Output',
          type: 'boolean',
          label: 'On',
          get: () => on,
          set: (value) => {
            on = value;
          },
        },
        {
          name: 'Brightness',
          type: 'int',
          label: 'Brightness (%)',
          min: 0,
          max: 100,
          get: () => brightness,
          set: (value) => {
            brightness = value;
          },
        },
      ],
    },
    world,
  );
}
