import { checkUnclaimed } from '../../domain/assurance.js';
import type { Caller, Update, UpdateAnswer } from '../../domain/command.js';
import { HubError } from '../../domain/errors.js';
import { formatAddress, type NodeAddress } from '../../domain/node-address.js';
import type { Tag } from '../../domain/tag.js';
import type { Thing } from '../../domain/thing.js';
import { things } from '../../storage/keys.js';
import type { Store, Transaction } from '../../storage/store.js';
import { type Clock, delay } from '../../system/clock.js';
import { appendAudit } from '../audit-trail.js';
import type { RateLimit } from '../rate-limit.js';
import { addressOf } from './claim-hash.js';
import type { OwnedThings } from './owned-things.js';
import { checkTagCount } from './tag-limit.js';

/** How long who updates too often waits for his error, in milliseconds. */
const REFUSAL_DELAY = 2000;

/**
 * A thing changes its tags [0347 3.13], or its owner does [0347 3.14]. Tags that are not named stay; an empty text takes
 * one away. A thing without owner is told that it is disowned, and nothing changes; one that was removed, or is not
 * there, or is another's, is item-not-found. What claims the thing stays what it registered with. Refuses with
 * too-many-requests, after a while, with limit-reached, and with certificate-needed one known by name alone, once the
 * thing is claimed.
 */
export class UpdateThing {
  private readonly store: Store;
  private readonly owned: OwnedThings;
  private readonly rate: RateLimit;
  private readonly tagsPerThing: number;
  private readonly clock: Clock;

  constructor(store: Store, owned: OwnedThings, rate: RateLimit, tagsPerThing: number, clock: Clock) {
    this.store = store;
    this.owned = owned;
    this.rate = rate;
    this.tagsPerThing = tagsPerThing;
    this.clock = clock;
  }

  /** Resolves when the change is on the disk. */
  async run(command: Update, caller: Caller): Promise<UpdateAnswer> {
    if (caller.assurance !== 'local' && !this.rate.take(caller.jid)) {
      await delay(this.clock, REFUSAL_DELAY, 'update refusal');
      throw new HubError('too-many-requests');
    }
    const address: NodeAddress = { ...command.node, jid: command.jid ?? caller.jid };
    const found =
      address.jid === caller.jid ? this.own(address, command, caller) : this.owners(address, command, caller);
    return (await found) ?? this.owned.refuse('update', address, caller);
  }

  private own(address: NodeAddress, command: Update, caller: Caller): Promise<UpdateAnswer | undefined> {
    return this.store.transact(async (transaction) => {
      const thing = await transaction.get(things, address);
      if (thing === undefined) return undefined;
      checkUnclaimed('update', caller, thing.owner);
      return thing.owner === undefined
        ? { disowned: true }
        : this.change(transaction, thing, command, caller);
    });
  }

  private owners(address: NodeAddress, command: Update, caller: Caller): Promise<UpdateAnswer | undefined> {
    return this.owned.transact('update', address, caller, (transaction, thing) =>
      this.change(transaction, thing, command, caller),
    );
  }

  private async change(
    transaction: Transaction,
    thing: Thing,
    command: Update,
    caller: Caller,
  ): Promise<UpdateAnswer | undefined> {
    if (thing.removed) return undefined;
    const tags = mergeTags(thing.tags, command.tags);
    checkTagCount(tags, this.tagsPerThing);
    transaction.put(things, addressOf(thing), { ...thing, tags });
    await appendAudit(transaction, {
      at: this.clock.now(),
      what: 'update',
      by: caller.jid,
      thing: formatAddress(thing),
      outcome: 'done',
    });
    return { disowned: false };
  }
}

/** The tags after a change: named ones are replaced in their place or added behind, empty texts taken away. */
function mergeTags(tags: readonly Tag[], changes: readonly Tag[]): readonly Tag[] {
  const merged = new Map(tags.map((tag) => [tag.name, tag]));
  for (const tag of changes) {
    if (tag.value === '') merged.delete(tag.name);
    else merged.set(tag.name, tag);
  }
  return [...merged.values()];
}
