import type { Found, Search } from '../../domain/command.js';
import type { ThingIndex } from '../../storage/indexes/thing-index.js';
import { addressOf } from './claim-hash.js';

/** Somebody looks for things: claimed, public ones only, and never by or with KEY [0347 3.15]. */
export class SearchThings {
  private readonly index: ThingIndex;

  constructor(index: ThingIndex) {
    this.index = index;
  }

  /**
   * One page of what was found, from memory. Refuses with bad-request a regular expression that is none, and with
   * search-too-costly what would hold up everybody else.
   */
  run(command: Search): Found | Promise<Found> {
    const needsMore = command.operators.some(({ kind }) => kind === 'strRegEx');
    if (!needsMore) return this.find(command);
    return this.index.prepare(command.operators).then(() => this.find(command));
  }

  private find(command: Search): Found {
    const { things, more } = this.index.find(command.operators, command.offset, command.maxCount);
    return {
      more,
      things: things.map((thing) => ({
        thing: addressOf(thing),
        owner: thing.owner ?? '',
        tags: thing.tags,
      })),
    };
  }
}
