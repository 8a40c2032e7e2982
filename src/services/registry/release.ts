import { deviceAddress, formatAddress } from '../../domain/node-address.js';
import { KEY } from '../../domain/tag.js';
import type { Thing } from '../../domain/thing.js';
import { notices, things } from '../../storage/keys.js';
import type { Transaction } from '../../storage/store.js';
import type { Clock } from '../../system/clock.js';
import { base32, type Random } from '../../system/random.js';
import { appendAudit } from '../audit-trail.js';
import { announceChange } from '../provisioning/announce-change.js';
import type { Friendships } from '../provisioning/friendships.js';
import { addressOf, claimHash, relistClaims } from './claim-hash.js';
import { forgetDecisions } from './forget-decisions.js';

/** Random bytes of the KEY that nobody is to guess. */
const KEY_BYTES = 20;

/**
 * Makes an owned thing one without owner, once it has heard that it is disowned [0347 3.17]: its tags go, a random KEY
 * comes in their place until it registers anew, and nothing that was decided about it is left: it forgets its answers
 * and leaves the friends whom its owner had let in.
 */
export class ReleaseThing {
  private readonly friendships: Friendships;
  private readonly clock: Clock;
  private readonly random: Random;

  /** `friendships` finds whom the thing befriended that nobody allows any more. */
  constructor(friendships: Friendships, clock: Clock, random: Random) {
    this.friendships = friendships;
    this.clock = clock;
    this.random = random;
  }

  /** Releases the thing within the transaction; returns what it is now. */
  async run(transaction: Transaction, thing: Thing): Promise<Thing> {
    const now = this.clock.now();
    const address = addressOf(thing);
    const tags = [{ name: KEY, value: base32(this.random.bytes(KEY_BYTES)) }];
    const { generation, hub, registeredAt } = thing;
    const free = {
      ...address,
      tags,
      public: false,
      generation,
      hub,
      claimHash: claimHash(tags),
      registeredAt,
    };
    if (thing.disowning !== undefined) transaction.delete(notices, thing.disowning);
    relistClaims(transaction, thing, free);
    transaction.put(things, address, free);
    await forgetDecisions(transaction, thing);
    // The former owner is the thing's own to leave: it knows him from what it was told.
    const device = deviceAddress(thing.jid);
    const strangers = await this.friendships.ended(transaction, device, { kind: 'all' });
    await announceChange(transaction, address, { strangers }, now);
    await appendAudit(transaction, {
      at: now,
      what: 'disown',
      by: thing.owner ?? '',
      thing: formatAddress(address),
      outcome: 'done',
    });
    return free;
  }
}
