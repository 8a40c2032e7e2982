import type { World } from '../../system/world.js';
import type { Thing } from '../thing.js';
import { concentrator } from './concentrator.js';
import { lamp } from './lamp.js';
import type { SimulatedOptions } from './simulated-options.js';
import { temperature } from './temperature.js';

/** Makes a simulated thing; `start` then resolves once it is online, and its `claimCode` is known. */
export type SimulatedThing = (options: SimulatedOptions, world: World) => Thing;

/** The simulated things, by the word that `hearth thing` takes. */
export const simulatedKinds: ReadonlyMap<string, SimulatedThing> = new Map([
  ['temperature', temperature],
  ['lamp', lamp],
  ['concentrator', concentrator],
]);
