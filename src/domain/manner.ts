import type { Dialect } from './generation.js';

/** How a thing, or an owner's program, talks: its dialect, and the address of the hub that it knows. */
export interface Manner {
  readonly generation: Dialect;
  readonly hub: string;
}
