import type { Caller, Unregister } from '../../domain/command.js';
import { formatAddress, type NodeAddress } from '../../domain/node-address.js';
import { questions, rules, things } from '../../storage/keys.js';
import type { Store, Transaction } from '../../storage/store.js';
import type { Clock } from '../../system/clock.js';
import { appendAudit } from '../audit-trail.js';
import { unlistClaim } from './claim-hash.js';

/**
 * A thing leaves the registry [0347 3.14]. Whatever was decided about it goes too: who claims it next decides anew.
 * The answer is empty also where there was no such thing.
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
      await unlistClaim(transaction, thing.claimHash, address);
      transaction.delete(things, address);
      await forgetDecisions(transaction, address);
      await appendAudit(transaction, {
        at: this.clock.now(),
        what: 'unregister',
        by: caller.jid,
        thing: formatAddress(address),
        outcome: 'done',
      });
    });
    return undefined;
  }
}

async function forgetDecisions(transaction: Transaction, thing: NodeAddress): Promise<void> {
  const prefix = `${things.encode(thing)}\u0000`;
  for await (const [key] of transaction.scan(rules, { prefix })) transaction.delete(rules, key);
  for await (const [key] of transaction.scan(questions, { prefix })) transaction.delete(questions, key);
}
