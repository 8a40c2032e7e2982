import type { Caller, Register, RegisterAnswer } from '../../domain/command.js';
import { HubError } from '../../domain/errors.js';
import { formatAddress, type NodeAddress } from '../../domain/node-address.js';
import type { Thing } from '../../domain/thing.js';
import type { ThingIndex } from '../../storage/indexes/thing-index.js';
import { things } from '../../storage/keys.js';
import type { Store, Transaction } from '../../storage/store.js';
import { type Clock, delay } from '../../system/clock.js';
import { appendAudit } from '../audit-trail.js';
import type { RateLimit } from '../rate-limit.js';
import { claimHash, listClaim, unlistClaim } from './claim-hash.js';

/** How much the registry takes. */
export interface RegistryLimits {
  readonly tagsPerThing: number;
  readonly thingsPerAccount: number;
  readonly things: number;
}

/** How long a thing that registers too often waits for its error, in milliseconds: some retry at once, for ever. */
const REFUSAL_DELAY = 2000;

/**
 * A thing tells who it is [0347 3.5 to 3.7]. All of its earlier tags go. A claimed thing changes nothing of that and
 * learns its owner; a self-owned one is claimed by itself and public at once. Refuses with too-many-requests, after a while,
 * and with limit-reached.
 */
export class RegisterThing {
  private readonly store: Store;
  private readonly index: ThingIndex;
  private readonly rate: RateLimit;
  private readonly limits: RegistryLimits;
  private readonly clock: Clock;
  /** Registrations on their way to the disk, by account: memory does not know their things yet. */
  private readonly coming = new Map<string, number>();
  private allComing = 0;

  constructor(store: Store, index: ThingIndex, rate: RateLimit, limits: RegistryLimits, clock: Clock) {
    this.store = store;
    this.index = index;
    this.rate = rate;
    this.limits = limits;
    this.clock = clock;
  }

  /** Registers the caller, or a node behind it; resolves when that is on the disk. */
  async run(command: Register, caller: Caller): Promise<RegisterAnswer> {
    if (!this.rate.take(caller.jid)) {
      await delay(this.clock, REFUSAL_DELAY, 'register refusal');
      throw new HubError('too-many-requests');
    }
    if (command.tags.length > this.limits.tagsPerThing) {
      throw new HubError('limit-reached', `A thing has at most ${this.limits.tagsPerThing} tags.`);
    }
    const address: NodeAddress = { jid: caller.jid, ...command.node };
    this.comes(caller.jid, 1);
    try {
      return await this.store.transact((transaction) => this.register(transaction, address, command, caller));
    } finally {
      this.comes(caller.jid, -1);
    }
  }

  private comes(jid: string, change: 1 | -1): void {
    const count = (this.coming.get(jid) ?? 0) + change;
    if (count === 0) this.coming.delete(jid);
    else this.coming.set(jid, count);
    this.allComing += change;
  }

  private async register(
    transaction: Transaction,
    address: NodeAddress,
    command: Register,
    caller: Caller,
  ): Promise<RegisterAnswer> {
    const known = await transaction.get(things, address);
    const audit = { at: this.clock.now(), what: 'register', by: caller.jid, thing: formatAddress(address) };
    if (known?.owner !== undefined && known.owner !== caller.jid) {
      // How it speaks, and to which address of the hub, is the thing's own affair even then.
      if (known.generation !== command.generation || known.hub !== caller.hub)
        transaction.put(things, address, { ...known, generation: command.generation, hub: caller.hub });
      await appendAudit(transaction, { ...audit, about: known.owner, outcome: 'already claimed' });
      return { owner: known.owner, public: known.public && !known.removed, node: command.node };
    }
    if (known === undefined) this.checkRoom(caller.jid);
    const thing = this.describe(address, command, caller, known);
    if (known !== undefined && known.claimHash !== thing.claimHash)
      await unlistClaim(transaction, known.claimHash, address);
    if (known?.claimHash !== thing.claimHash) await listClaim(transaction, thing.claimHash, address);
    transaction.put(things, address, thing);
    await appendAudit(transaction, { ...audit, outcome: command.selfOwned ? 'done, owns itself' : 'done' });
    return undefined;
  }

  private describe(address: NodeAddress, command: Register, caller: Caller, known: Thing | undefined): Thing {
    const now = this.clock.now();
    const ownership = command.selfOwned ? { owner: caller.jid, claimedAt: known?.claimedAt ?? now } : {};
    return {
      ...address,
      ...ownership,
      tags: command.tags,
      public: command.selfOwned,
      generation: command.generation,
      hub: caller.hub,
      claimHash: claimHash(command.tags),
      registeredAt: now,
    };
  }

  private checkRoom(jid: string): void {
    // This registration is one of those that come.
    const coming = (this.coming.get(jid) ?? 1) - 1;
    if (this.index.of(jid).length + coming >= this.limits.thingsPerAccount) {
      throw new HubError('limit-reached', `An account has at most ${this.limits.thingsPerAccount} things.`);
    }
    if (this.index.count + this.allComing - 1 >= this.limits.things) throw new HubError('limit-reached');
  }
}
