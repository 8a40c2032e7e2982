import type { Figure } from './figure.js';
import type { Lab } from './lab.js';

/** One bench: what it measures, and how. */
export interface Bench {
  readonly name: string;
  /** A line for the list of benches. */
  readonly about: string;
  /** Takes long: runs only where it is named. */
  readonly onlyNamed?: true;
  /** Measures. Ends what it started, also when it rejects; `lab` ends what is left. */
  run(lab: Lab): Promise<readonly Figure[]>;
}

/** A bench cannot be run here; the message says what is missing and how to get it. */
export class CannotRun extends Error {}
