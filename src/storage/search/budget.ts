import { HubError } from '../../domain/errors.js';

/** Most steps of one search: half a second on a small machine. */
export const MAX_STEPS = 20_000_000;

/**
 * What a search may cost, in steps that do not depend on the machine: one per tag that is looked at, one per character
 * and instruction of a regular expression.
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
