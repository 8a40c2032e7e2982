import type { Notice, NoticeBody } from '../domain/notice.js';
import type { ThingIndex } from '../storage/indexes/thing-index.js';
import { things } from '../storage/keys.js';
import type { Transaction } from '../storage/store.js';
import type { Answer, Meaning } from './notices.js';
import type { Friendships } from './provisioning/friendships.js';
import type { ReleaseThing } from './registry/release.js';

/**
 * What the notices mean. One that waited may not be true any more: a thing that left the registry meanwhile must not hear
 * that it is claimed, nor befriend somebody whom no rule allows any more. And a thing that acknowledges that it is
 * disowned is without owner from then on.
 */
export class NoticeTruth implements Meaning {
  private readonly things: ThingIndex;
  private readonly friendships: Friendships;
  private readonly release: ReleaseThing;

  constructor(things: ThingIndex, friendships: Friendships, release: ReleaseThing) {
    this.things = things;
    this.friendships = friendships;
    this.release = release;
  }

  holds(body: NoticeBody): boolean {
    switch (body.operation) {
      case 'claimed':
      case 'disowned':
        return this.things.get(body.thing)?.owner === body.owner;
      case 'removed': {
        const thing = this.things.get(body.thing);
        return thing?.removed === true && thing.owner === body.owner;
      }
      // A device that left has its cache cleared when somebody claims it again; of one that is here, any node counts.
      case 'clear-cache':
        return this.things.countOf(body.thing.jid) > 0;
      case 'friend':
        return this.friendships.decide(body.thing.jid, body.jid).result === 'yes';
      case 'unfriend':
        return this.friendships.decide(body.thing.jid, body.jid).result !== 'yes';
      default:
        return true;
    }
  }

  async answered(transaction: Transaction, { seq, body }: Notice, answer: Answer): Promise<void> {
    if (body.operation !== 'disowned') return;
    const thing = await transaction.get(things, body.thing);
    if (thing?.disowning !== seq) return;
    if (answer === 'acknowledged') {
      await this.release.run(transaction, thing);
      return;
    }
    const { disowning: _, ...kept } = thing;
    transaction.put(things, body.thing, kept);
  }
}
