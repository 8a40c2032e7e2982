import type { Caller, Claim, ClaimAnswer } from '../../domain/command.js';
import { HubError } from '../../domain/errors.js';
import { formatAddress, type NodeAddress } from '../../domain/node-address.js';
import { publicTags } from '../../domain/tag.js';
import type { Thing } from '../../domain/thing.js';
import { notices, things } from '../../storage/keys.js';
import type { Store, Transaction } from '../../storage/store.js';
import type { Clock } from '../../system/clock.js';
import { appendAudit } from '../audit-trail.js';
import { notify } from '../notices.js';
import type { Owners } from '../owner/owners.js';
import { rememberManner } from '../owner/remember-manner.js';
import type { ClaimGuard } from './claim-guard.js';
import { addressOf, claimHash, findClaimed, relistClaims } from './claim-hash.js';
import { forgetOthers } from './forget-decisions.js';

/**
 * An owner claims the thing that registered with exactly these tags [0347 3.9]. Whatever the reason, a claim that
 * fails says item-not-found, later and later for one who keeps guessing; after twenty misses nothing he claims
 * succeeds for a while, and the hub's owners are told. A claim that succeeds takes no miss back, or whoever owns one
 * thing could claim it again between guesses.
 */
export class ClaimThing {
  private readonly store: Store;
  private readonly owners: Owners;
  private readonly guard: ClaimGuard;
  private readonly clock: Clock;

  constructor(store: Store, owners: Owners, guard: ClaimGuard, clock: Clock) {
    this.store = store;
    this.owners = owners;
    this.guard = guard;
    this.clock = clock;
  }

  /** Claims for the caller; resolves when that, and what the thing must be told, is on the disk. */
  async run(command: Claim, caller: Caller): Promise<ClaimAnswer> {
    const hash = claimHash(command.tags);
    if (caller.assurance === 'local') return this.attempt(hash, command, caller, true);
    return this.guard.inTurn(caller.jid, () => this.attempt(hash, command, caller, false));
  }

  /**
   * An owner claims a thing of his by its address: that makes it public or private, and brings back one that he removed.
   * Refuses with item-not-found.
   */
  async again(thing: NodeAddress, isPublic: boolean, caller: Caller): Promise<ClaimAnswer> {
    return this.store.transact(async (transaction) => {
      const own = await transaction.get(things, thing);
      if (own === undefined || own.owner !== caller.jid) throw new HubError('item-not-found');
      return this.repeat(transaction, own, { tags: [], public: isPublic }, caller);
    });
  }

  private async attempt(hash: string, command: Claim, caller: Caller, local: boolean): Promise<ClaimAnswer> {
    const welcome = this.owners.mayOwn(caller.jid) && (local || !this.guard.closed(caller.jid));
    const answer = await this.store.transact((transaction) =>
      welcome ? this.claim(transaction, hash, command, caller) : undefined,
    );
    if (answer !== undefined) return answer;
    await this.refuse(caller, local);
    throw new HubError('item-not-found');
  }

  private async claim(
    transaction: Transaction,
    hash: string,
    command: Claim,
    caller: Caller,
  ): Promise<ClaimAnswer | undefined> {
    const free = await findClaimed(transaction, hash, undefined);
    if (free !== undefined) return this.take(transaction, free, command, caller);
    const own = await findClaimed(transaction, hash, caller.jid);
    return own && this.repeat(transaction, own, command, caller);
  }

  /**
   * The owner claims what is his: it becomes public or private as he says now, comes back if he removed it, and stays
   * his if he began to give it up.
   */
  private async repeat(
    transaction: Transaction,
    own: Thing,
    command: Claim,
    caller: Caller,
  ): Promise<ClaimAnswer> {
    const { removed, disowning, ...kept } = own;
    if (own.public === command.public && !removed && disowning === undefined)
      return { thing: addressOf(own), public: own.public };
    if (disowning !== undefined) transaction.delete(notices, disowning);
    return this.put(transaction, { ...kept, public: command.public }, caller);
  }

  private async take(
    transaction: Transaction,
    thing: Thing,
    command: Claim,
    caller: Caller,
  ): Promise<ClaimAnswer> {
    const claimedAt = this.clock.now();
    // The owner has the KEY and nobody else needs it any more.
    const tags = publicTags(thing.tags);
    const owned = { ...thing, tags, owner: caller.jid, public: command.public, claimedAt };
    rememberManner(transaction, caller);
    await forgetOthers(transaction, addressOf(thing), caller.jid);
    relistClaims(transaction, thing, owned);
    const answer = await this.put(transaction, owned, caller);
    await notify(transaction, {
      to: thing.jid,
      body: { operation: 'clear-cache', thing: answer.thing },
      createdAt: claimedAt,
    });
    return answer;
  }

  private async put(transaction: Transaction, thing: Thing, caller: Caller): Promise<ClaimAnswer> {
    const at = this.clock.now();
    const address = addressOf(thing);
    transaction.put(things, address, thing);
    await notify(transaction, {
      to: thing.jid,
      body: { operation: 'claimed', thing: address, owner: caller.jid, public: thing.public },
      createdAt: at,
    });
    await appendAudit(transaction, {
      at,
      what: 'claim',
      by: caller.jid,
      thing: formatAddress(thing),
      outcome: thing.public ? 'done, public' : 'done, private',
    });
    return { thing: address, public: thing.public };
  }

  /** The machine's own administrator is not slowed: the codes he mistypes are in his hand. */
  private async refuse(caller: Caller, local: boolean): Promise<void> {
    const misses = local ? 0 : this.guard.miss(caller.jid);
    await this.store.transact(async (transaction) => {
      const at = this.clock.now();
      await appendAudit(transaction, { at, what: 'claim', by: caller.jid, outcome: 'item-not-found' });
      if (misses !== this.guard.limit) return;
      const text = `${caller.jid} tried ${misses} wrong claim codes. What it claims in the next 15 minutes is refused.`;
      for (const owner of this.owners.local()) {
        await notify(transaction, { to: owner, body: { operation: 'tell', text }, createdAt: at });
      }
    });
    if (!local) await this.guard.slow(caller.jid);
  }
}
