import type { TagValues, ThingOptions } from '../options.js';

/** What a simulated thing is told: where it keeps its state, where the hub is if not found by mDNS, what it speaks. */
export type SimulatedOptions = Pick<
  ThingOptions,
  'folder' | 'server' | 'dhcp' | 'linkLocal' | 'generation' | 'selfOwned'
> & {
  /** More tags, such as SN or ROOM. */
  readonly tags?: TagValues;
};

/** The tags of a simulated thing. */
export function ownTags({ tags }: SimulatedOptions): TagValues {
  return { MAN: 'hearth', MODEL: 'simulated', ...tags };
}
