import type { Caller, Unregister } from '../../domain/command.js';
import { deviceAddress, formatAddress, type NodeAddress } from '../../domain/node-address.js';
import type { Thing } from '../../domain/thing.js';
import { questions, rules, things } from '../../storage/keys.js';
import type { Store, Transaction } from '../../storage/store.js';
import { joinKey } from '../../storage/table.js';
import type { Clock } from '../../system/clock.js';
import { appendAudit } from '../audit-trail.js';
import { withdrawQuestion } from '../provisioning/withdraw-question.js';
import { addressOf, unlistClaim } from './claim-hash.js';

/**
 * A thing leaves the registry [0347 3.16]. Whatever was decided about it goes too: who claims it next decides anew.
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
      await forgetDecisions(transaction, thing);
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

/**
 * Forgets what was decided about a thing, and about the device it stands behind, once nothing there is of the owner who
 * decided any more.
 */
async function forgetDecisions(transaction: Transaction, gone: Thing): Promise<void> {
  let alone = true;
  for await (const [, other] of transaction.scan(things, { prefix: `${joinKey([gone.jid])}\u0000` })) {
    if (other.owner === gone.owner) return forgetAbout(transaction, addressOf(gone), () => true);
    alone = false;
  }
  await forgetAbout(transaction, addressOf(gone), () => true);
  await forgetAbout(transaction, deviceAddress(gone.jid), (owner) => alone || owner === gone.owner);
}

async function forgetAbout(
  transaction: Transaction,
  thing: NodeAddress,
  decidedBy: (owner: string) => boolean,
): Promise<void> {
  const prefix = `${things.encode(thing)}\u0000`;
  for await (const [key, rule] of transaction.scan(rules, { prefix })) {
    if (decidedBy(rule.by)) transaction.delete(rules, key);
  }
  for await (const [, question] of transaction.scan(questions, { prefix })) {
    if (decidedBy(question.owner)) await withdrawQuestion(transaction, question);
  }
}
