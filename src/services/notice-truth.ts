import type { NoticeBody } from '../domain/notice.js';
import type { ThingIndex } from '../storage/indexes/thing-index.js';
import type { Friendships } from './provisioning/friendships.js';

/**
 * Whether a notice that waited is still true: a thing that left the registry meanwhile must not hear that it is
 * claimed, nor befriend somebody whom no rule allows any more.
 */
export class NoticeTruth {
  private readonly things: ThingIndex;
  private readonly friendships: Friendships;

  constructor(things: ThingIndex, friendships: Friendships) {
    this.things = things;
    this.friendships = friendships;
  }

  /** Whether it is worth saying now. */
  holds(body: NoticeBody): boolean {
    switch (body.operation) {
      case 'claimed':
        return this.things.get(body.thing)?.owner === body.owner;
      case 'friend':
        return this.friendships.decide(body.thing.jid, body.jid).result === 'yes';
      case 'unfriend':
        return this.friendships.decide(body.thing.jid, body.jid).result !== 'yes';
      default:
        return true;
    }
  }
}
