import { checkUnclaimed } from '../../domain/assurance.js';
import type { Caller, Unregister } from '../../domain/command.js';
import { formatAddress, type NodeAddress } from '../../domain/node-address.js';
import { things } from '../../storage/keys.js';
import type { Store } from '../../storage/store.js';
import type { Clock } from '../../system/clock.js';
import { appendAudit } from '../audit-trail.js';
import { leaveRegistry } from './leave-registry.js';

/**
 * A thing leaves the registry [0347 3.16]. Whatever was decided about it goes too: who claims it next decides anew.
 * The answer is empty also where there was no such thing. Refuses with certificate-needed one known by name alone, once
 * the thing is claimed.
 */
export class UnregisterThing {
  private readonly store: Store;
  private readonly clock: Clock;

  constructor(store: Store, clock: Clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Takes the caller, or a node behind it, out; resolves when that is on the disk. */
  async run(command: Unregister, caller: Caller): Promise<undefined> {
    const address: NodeAddress = { jid: caller.jid, ...command.node };
    await this.store.transact(async (transaction) => {
      const thing = await transaction.get(things, address);
      if (thing === undefined) return;
      checkUnclaimed('unregister', caller, thing.owner);
      const at = this.clock.now();
      await leaveRegistry(transaction, thing, at);
      await appendAudit(transaction, {
        at,
        what: 'unregister',
        by: caller.jid,
        thing: formatAddress(address),
        outcome: 'done',
      });
    });
    return undefined;
  }
}
