import { HubError } from '../../domain/errors.js';

/** Most steps of one search: at the very worst half a second, on a Raspberry Pi 4. */
export const MAX_STEPS = 20_000_000;

/**
 * What a search may cost, in steps that do not depend on the machine or on the time: one per tag that is looked at, and
 * what a regular expression takes per character.
 */
export class Budget {
  private left: number;

  constructor(steps: number) {
    this.left = steps;
  }

  /** Counts steps. Refuses with search-too-costly when there are too many. */
  spend(steps: number): void {
    this.left -= steps;
    if (this.left < 0) throw new HubError('search-too-costly');
  }
}
