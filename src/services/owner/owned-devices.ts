import type { Caller, Found } from '../../domain/command.js';
import { HubError } from '../../domain/errors.js';
import { deviceAddress, formatAddress, type NodeAddress, sameAddress } from '../../domain/node-address.js';
import type { ListDevices, OwnedDevices } from '../../domain/owner-commands.js';
import type { Rule } from '../../domain/rule.js';
import type { KnownThing } from '../../domain/thing.js';
import type { ThingIndex } from '../../storage/indexes/thing-index.js';
import { rules } from '../../storage/keys.js';
import type { Store, Transaction } from '../../storage/store.js';
import { joinKey } from '../../storage/table.js';
import type { Clock } from '../../system/clock.js';
import { appendAudit } from '../audit-trail.js';
import { announceChange } from '../provisioning/announce-change.js';
import type { Friendships } from '../provisioning/friendships.js';
import { addressOf } from '../registry/claim-hash.js';

/** What an owner does with all of his devices, or with one: lists them, clears their caches, takes his rules back. */
export class DevicesOfOwner {
  private readonly store: Store;
  private readonly things: ThingIndex;
  private readonly friendships: Friendships;
  private readonly clock: Clock;

  constructor(store: Store, things: ThingIndex, friendships: Friendships, clock: Clock) {
    this.store = store;
    this.things = things;
    this.friendships = friendships;
    this.clock = clock;
  }

  /** One page of what the caller owns, private and removed things too. */
  list({ offset, maxCount }: ListDevices, caller: Caller): Found {
    const all = this.owned(caller);
    const page = all.slice(offset, offset + maxCount);
    return {
      more: all.length > offset + page.length,
      things: page.map((thing) => ({ thing: addressOf(thing), owner: caller.jid, tags: thing.tags })),
    };
  }

  /** Tells devices to forget what they cached. Refuses with item-not-found a device that is not his. */
  async clearCache(command: OwnedDevices, caller: Caller): Promise<undefined> {
    const devices = this.chosen(command, caller);
    await this.store.transact(async (transaction) => {
      for (const device of devices) await announceChange(transaction, device, {}, this.clock.now());
    });
    return undefined;
  }

  /** Takes back his rules about devices: whoever comes next raises a question anew. Refuses as `clearCache`. */
  async deleteRules(command: OwnedDevices, caller: Caller): Promise<undefined> {
    const devices = this.chosen(command, caller);
    await this.store.transact(async (transaction) => {
      for (const device of devices) await this.forget(transaction, device, caller);
    });
    return undefined;
  }

  private owned(caller: Caller): readonly KnownThing[] {
    return this.things.ownedBy(caller.jid);
  }

  /** The addresses that are meant: a node, a device with all behind it, or everything that is his. */
  private chosen({ device, node }: OwnedDevices, caller: Caller): readonly NodeAddress[] {
    const owned = this.owned(caller);
    if (device === undefined) return distinct(owned.map(({ jid }) => deviceAddress(jid)));
    const address = { jid: device, ...node };
    const whole = sameAddress(address, deviceAddress(device));
    if (!owned.some((thing) => (whole ? thing.jid === device : sameAddress(thing, address))))
      throw new HubError('item-not-found');
    return [address];
  }

  private async forget(transaction: Transaction, address: NodeAddress, caller: Caller): Promise<void> {
    const at = this.clock.now();
    const whole = sameAddress(address, deviceAddress(address.jid));
    const gone: Rule[] = [];
    for await (const [key, rule] of transaction.scan(rules, { prefix: `${joinKey([address.jid])}\u0000` })) {
      if (rule.by !== caller.jid || !(whole || sameAddress(rule.thing, address))) continue;
      transaction.delete(rules, key);
      gone.push(rule);
    }
    const device = deviceAddress(address.jid);
    const friends = gone.filter(({ kind, allow }) => kind === 'friend' && allow);
    const strangers = new Set<string>();
    for (const { subject } of friends) {
      for (const jid of await this.friendships.ended(transaction, device, subject)) strangers.add(jid);
    }
    await announceChange(transaction, address, { strangers: [...strangers] }, at);
    await appendAudit(transaction, {
      at,
      what: 'delete-rules',
      by: caller.jid,
      thing: formatAddress(address),
      outcome: `done (${gone.length} rules)`,
    });
  }
}

function distinct(addresses: readonly NodeAddress[]): NodeAddress[] {
  return [...new Map(addresses.map((address) => [address.jid, address])).values()];
}
