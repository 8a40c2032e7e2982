import { mayActAsOwner } from '../../domain/assurance.js';
import type { Caller } from '../../domain/command.js';
import { HubError } from '../../domain/errors.js';
import { formatAddress, type NodeAddress } from '../../domain/node-address.js';
import type { Thing } from '../../domain/thing.js';
import { things } from '../../storage/keys.js';
import type { Store, Transaction } from '../../storage/store.js';
import type { AuditRepeats } from '../audit-repeats.js';
import type { Owners } from '../owner/owners.js';

/**
 * What owners do with things of theirs. Whoever names a thing that is not there or not his gets item-not-found, the
 * same for both [0347 3.10, 3.14, 3.17], and a line in the audit.
 */
export class OwnedThings {
  private readonly store: Store;
  private readonly owners: Owners;
  private readonly repeats: AuditRepeats;

  constructor(store: Store, owners: Owners, repeats: AuditRepeats) {
    this.store = store;
    this.owners = owners;
    this.repeats = repeats;
  }

  /** Runs `act` on the caller's thing in one transaction. Refuses with item-not-found. */
  async transact<T>(
    what: string,
    address: NodeAddress,
    caller: Caller,
    act: (transaction: Transaction, thing: Thing) => Promise<T>,
  ): Promise<T> {
    const outcome = await this.store.transact(async (transaction) => {
      const thing = await transaction.get(things, address);
      if (thing === undefined || !this.owns(caller, thing)) return undefined;
      return { done: await act(transaction, thing) };
    });
    if (outcome !== undefined) return outcome.done;
    this.refuse(what, address, caller);
  }

  /** Refuses as for a thing that is not there, or with another code. */
  refuse(
    what: string,
    address: NodeAddress,
    caller: Caller,
    error: HubError = new HubError('item-not-found'),
  ): never {
    this.repeats.note(what, caller.jid, formatAddress(address), error.code);
    throw error;
  }

  /** Who changes a thing of his own may be a thing of the link, which is nobody's owner. */
  private owns(caller: Caller, { owner, jid }: Thing): boolean {
    if (owner === undefined || !mayActAsOwner(caller.assurance)) return false;
    // What owns itself is nobody else's, whoever owns the hub.
    return owner === jid ? caller.jid === jid : this.owners.actsFor(caller.jid, owner);
  }
}
