import type { World } from '../../system/world.js';
import type { Description } from '../options.js';
import { Thing } from '../thing.js';
import { ownTags, type SimulatedOptions } from './simulated-options.js';

/** Watts at full brightness. */
const POWER = 9;

/** A lamp that can be switched and dimmed; it begins dark. */
export function lamp(options: SimulatedOptions, world: World): Thing {
  return new Thing({ ...options, ...lampDescription(), tags: ownTags(options) }, world);
}

/** What a lamp is, whether it is alone or behind a concentrator. */
export function lampDescription(): Pick<Description, 'fields' | 'parameters'> & { readonly kind: string } {
  let on = false;
  let brightness = 100;
  return {
    kind: 'lamp',
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
  };
}
