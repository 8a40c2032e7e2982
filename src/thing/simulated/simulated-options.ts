import type { ThingOptions } from '../options.js';

/** What a simulated thing is told: where it keeps its state, and where the hub is if not found by mDNS. */
export type SimulatedOptions = Pick<ThingOptions, 'folder' | 'server' | 'generation'> & {
  /** More tags, such as SN or ROOM. */
  readonly tags?: ThingOptions['tags'];
};
