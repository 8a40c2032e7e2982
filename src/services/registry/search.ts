import type { Found, Search } from '../../domain/command.js';
import { publicTags } from '../../domain/tag.js';
import type { ThingIndex } from '../../storage/indexes/thing-index.js';
import { addressOf } from './claim-hash.js';

/** Somebody looks for things: claimed, public ones only, and never by or with KEY [0347 3.15]. */
export class SearchThings {
  private readonly index: ThingIndex;

  constructor(index: ThingIndex) {
    this.index = index;
  }

  /** One page of what was found, from memory. */
  run(command: Search): Found {
    const found = this.index.find(command.operators);
    const end = command.offset + command.maxCount;
    const things = found.slice(command.offset, end).map((thing) => ({
      thing: addressOf(thing),
      owner: thing.owner ?? '',
      tags: publicTags(thing.tags),
    }));
    return { more: found.length > end, things };
  }
}
