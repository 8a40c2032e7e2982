import type { Caller, Register, RegisterAnswer } from '../../domain/command.js';
import { HubError } from '../../domain/errors.js';
import { formatAddress, type NodeAddress } from '../../domain/node-address.js';
import type { Thing } from '../../domain/thing.js';
import type { ThingIndex } from '../../storage/indexes/thing-index.js';
import { things } from '../../storage/keys.js';
import type { Store, Transaction } from '../../storage/store.js';
import { type Clock, delay } from '../../system/clock.js';
import { appendAudit } from '../audit-trail.js';
import { notify } from '../notices.js';
import type { RateLimit } from '../rate-limit.js';
import type { LinkRegistrations } from '../trust/link-registrations.js';
import { claimHash, relistClaims } from './claim-hash.js';
import type { ReleaseThing } from './release.js';
import { checkTagCount } from './tag-limit.js';

/** How much the registry takes. */
export interface RegistryLimits {
  readonly tagsPerThing: number;
  readonly thingsPerAccount: number;
  readonly things: number;
}

/** Whether a bare JID was an account of the hub and is none any more, or is being removed. */
export type AccountCheck = (jid: string) => boolean;

/** How long a thing that registers too often waits for its error, in milliseconds: some retry at once, for ever. */
const REFUSAL_DELAY = 2000;

const NO_SELF_OWNER =
  'By its name alone nobody is an owner, its own neither. Register over TLS with a certificate, or log in to an account of this hub.';

/**
 * A thing tells who it is [0347 3.6 to 3.8]. All of its earlier tags go. A claimed thing changes nothing of that and
 * learns its owner; a self-owned one is claimed by itself and public at once. One that is being disowned has heard of
 * it: real things register anew before they acknowledge. Refuses with too-many-requests, after a while, with limit-reached,
 * with forbidden where the account is removed, and with certificate-needed one who owns itself by its name alone.
 */
export class RegisterThing {
  private readonly store: Store;
  private readonly index: ThingIndex;
  private readonly rate: RateLimit;
  private readonly limits: RegistryLimits;
  private readonly release: ReleaseThing;
  private readonly link: LinkRegistrations;
  private readonly isGone: AccountCheck;
  private readonly clock: Clock;
  /** New things on their way to the disk, which memory does not know yet. */
  private readonly coming = new Set<NodeAddress>();

  constructor(
    store: Store,
    index: ThingIndex,
    rate: RateLimit,
    limits: RegistryLimits,
    release: ReleaseThing,
    link: LinkRegistrations,
    isGone: AccountCheck,
    clock: Clock,
  ) {
    this.store = store;
    this.index = index;
    this.rate = rate;
    this.limits = limits;
    this.release = release;
    this.link = link;
    this.isGone = isGone;
    this.clock = clock;
  }

  /** Registers the caller, or a node behind it; resolves when that is on the disk. */
  async run(command: Register, caller: Caller): Promise<RegisterAnswer> {
    if (!this.rate.take(caller.jid) || !this.link.welcomes(caller)) {
      await delay(this.clock, REFUSAL_DELAY, 'register refusal');
      throw new HubError('too-many-requests');
    }
    checkTagCount(command.tags, this.limits.tagsPerThing);
    const address: NodeAddress = { jid: caller.jid, ...command.node };
    try {
      const answer = await this.store.transact(async (transaction) =>
        this.register(transaction, address, command, await this.link.pin(transaction, caller)),
      );
      this.link.report(caller);
      return answer;
    } finally {
      this.coming.delete(address);
    }
  }

  private async register(
    transaction: Transaction,
    address: NodeAddress,
    command: Register,
    caller: Caller,
  ): Promise<RegisterAnswer> {
    const known = await this.heardOfDisown(transaction, await transaction.get(things, address));
    const audit = { at: this.clock.now(), what: 'register', by: caller.jid, thing: formatAddress(address) };
    const byName = caller.assurance === 'unverified';
    if (known?.owner !== undefined && (known.owner !== caller.jid || byName)) {
      // How it speaks, and to which address of the hub, is the thing's own affair even then.
      if (known.generation !== command.generation || known.hub !== caller.hub)
        transaction.put(things, address, { ...known, generation: command.generation, hub: caller.hub });
      await appendAudit(transaction, { ...audit, about: known.owner, outcome: 'already claimed' });
      if (command.generation === 'siot') await this.tellOwner(transaction, address, known.owner);
      return { owner: known.owner, public: known.public && !known.removed, node: command.node };
    }
    if (byName && command.selfOwned) throw new HubError('certificate-needed', NO_SELF_OWNER);
    if (known === undefined) {
      // What its last session still had under way would stay for ever.
      if (this.isGone(caller.jid)) throw new HubError('forbidden');
      this.checkRoom(address);
      this.coming.add(address);
    }
    const thing = this.describe(address, command, caller, known);
    relistClaims(transaction, known, thing);
    transaction.put(things, address, thing);
    await this.link.note(transaction, thing, caller);
    await appendAudit(transaction, { ...audit, outcome: command.selfOwned ? 'done, owns itself' : 'done' });
    return undefined;
  }

  private describe(address: NodeAddress, command: Register, caller: Caller, known: Thing | undefined): Thing {
    const { tags, otherTags = [], selfOwned, generation } = command;
    const now = this.clock.now();
    const { jid, nodeId, sourceId, cacheType } = address;
    const thing: Thing = {
      jid,
      nodeId,
      sourceId,
      cacheType,
      tags,
      public: selfOwned,
      generation,
      hub: caller.hub,
      claimHash: claimHash(tags),
      registeredAt: now,
    };
    if (otherTags.length === 0 && !selfOwned) return thing;
    return {
      ...thing,
      ...(otherTags.length > 0 && { otherHashes: otherTags.map(claimHash) }),
      ...(selfOwned && { owner: caller.jid, claimedAt: known?.claimedAt ?? now }),
    };
  }

  private async heardOfDisown(
    transaction: Transaction,
    known: Thing | undefined,
  ): Promise<Thing | undefined> {
    if (known?.disowning === undefined) return known;
    return this.release.run(transaction, known);
  }

  /** The answer of Simple IoT has no room for the owner: he is told of beside it. */
  private async tellOwner(transaction: Transaction, thing: NodeAddress, owner: string): Promise<void> {
    const body = { operation: 'claimed', thing, owner, public: false } as const;
    await notify(transaction, { to: thing.jid, body, createdAt: this.clock.now() });
  }

  private checkRoom(address: NodeAddress): void {
    const { jid } = address;
    // What comes is walked through only where it could matter.
    const { things, thingsPerAccount } = this.limits;
    const near = Math.min(thingsPerAccount - this.index.countOf(jid), things - this.index.count);
    if (this.coming.size < near) return;
    const coming = [...this.coming].filter((other) => this.index.get(other) === undefined);
    const own = coming.filter((other) => other.jid === jid);
    if (this.index.countOf(jid) + own.length >= thingsPerAccount) {
      throw new HubError('limit-reached', `An account has at most ${thingsPerAccount} things.`);
    }
    if (this.index.count + coming.length >= things) throw new HubError('limit-reached');
  }
}
