import type { Caller, OwnerCommand } from '../../domain/command.js';
import { formatAddress } from '../../domain/node-address.js';
import { things } from '../../storage/keys.js';
import type { Clock } from '../../system/clock.js';
import { appendAudit } from '../audit-trail.js';
import { notify } from '../notices.js';
import { addressOf } from './claim-hash.js';
import type { OwnedThings } from './owned-things.js';

/**
 * An owner takes a thing of his out of the registry [0347 3.10]: no search finds it, and it is told to update its tags
 * no more. It stays his, with all that he allowed; a claim with the same tags brings it back. Done twice it is done.
 */
export class RemoveThing {
  private readonly owned: OwnedThings;
  private readonly clock: Clock;

  constructor(owned: OwnedThings, clock: Clock) {
    this.owned = owned;
    this.clock = clock;
  }

  /** Resolves when that, and what the thing must be told, is on the disk. Refuses with item-not-found. */
  async run(command: OwnerCommand, caller: Caller): Promise<undefined> {
    await this.owned.transact('remove', command.thing, caller, async (transaction, thing) => {
      if (thing.removed) return;
      const address = addressOf(thing);
      const at = this.clock.now();
      transaction.put(things, address, { ...thing, removed: true });
      await notify(transaction, {
        to: thing.jid,
        body: { operation: 'removed', thing: address, owner: thing.owner ?? caller.jid },
        createdAt: at,
      });
      const name = formatAddress(address);
      await appendAudit(transaction, { at, what: 'remove', by: caller.jid, thing: name, outcome: 'done' });
    });
    return undefined;
  }
}
