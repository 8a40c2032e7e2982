import type { Caller, OwnerCommand } from '../../domain/command.js';
import { HubError } from '../../domain/errors.js';
import type { NodeAddress } from '../../domain/node-address.js';
import type { Thing } from '../../domain/thing.js';
import { notices, things } from '../../storage/keys.js';
import type { Store, Transaction } from '../../storage/store.js';
import type { Clock } from '../../system/clock.js';
import { notify, type Outbox } from '../notices.js';
import { addressOf } from './claim-hash.js';
import type { OwnedThings } from './owned-things.js';

/** How long an owner waits for the thing's acknowledgement, in milliseconds: less than clients wait for an answer. */
const PATIENCE = 20_000;

const AWAY =
  'The thing is not connected, and could not be claimed again if it were disowned now. Switch it on and try again.';
const SILENT =
  'The thing did not acknowledge that it is disowned, so it stays yours. Restart it and try again.';

/**
 * An owner gives a thing up [0347 3.17]. The thing is told first; only once it has acknowledged that is it without
 * owner. One that is away, refuses or keeps silent cannot be disowned: not-allowed. What was begun outlives a restart:
 * the notice waits for the thing, and its acknowledgement, or its next registration, ends the ownership.
 */
export class DisownThing {
  private readonly store: Store;
  private readonly owned: OwnedThings;
  private readonly outbox: Pick<Outbox, 'settled' | 'reachable'>;
  private readonly reached: (jid: string) => boolean;
  private readonly clock: Clock;

  /** `reached` says whether the thing (bare JID) could be told something now. */
  constructor(
    store: Store,
    owned: OwnedThings,
    outbox: Pick<Outbox, 'settled' | 'reachable'>,
    reached: (jid: string) => boolean,
    clock: Clock,
  ) {
    this.store = store;
    this.owned = owned;
    this.outbox = outbox;
    this.reached = reached;
    this.clock = clock;
  }

  /** Resolves when the thing is without owner, on the disk. */
  async run(command: OwnerCommand, caller: Caller): Promise<undefined> {
    const begun = await this.owned.transact('disown', command.thing, caller, (transaction, thing) =>
      this.begin(transaction, thing, caller),
    );
    const { seq, thing } = begun ?? this.refuse(command.thing, caller, AWAY);
    await this.waitFor(seq, thing.jid);
    if (await this.store.transact((transaction) => this.takeBack(transaction, thing, seq)))
      this.refuse(command.thing, caller, SILENT);
    return undefined;
  }

  /** Waits until the thing has answered, or does not any more. */
  private async waitFor(seq: number, jid: string): Promise<void> {
    // What an earlier request began waits for its next try: this is it.
    this.outbox.reachable(jid);
    await new Promise<void>((resolve) => {
      const timer = this.clock.after(PATIENCE, resolve, 'disown acknowledgement');
      void this.outbox.settled(seq).then(() => {
        timer.cancel();
        resolve();
      });
    });
  }

  /** Tells the thing, once; `undefined` where it cannot be told. */
  private async begin(
    transaction: Transaction,
    thing: Thing,
    caller: Caller,
  ): Promise<{ readonly seq: number; readonly thing: Thing } | undefined> {
    if (!this.reached(thing.jid)) return undefined;
    if (thing.disowning !== undefined) return { seq: thing.disowning, thing };
    const address = addressOf(thing);
    const seq = await notify(transaction, {
      to: thing.jid,
      body: { operation: 'disowned', thing: address, owner: thing.owner ?? caller.jid },
      createdAt: this.clock.now(),
    });
    transaction.put(things, address, { ...thing, disowning: seq });
    return { seq, thing };
  }

  /**
   * Ends what the thing did not acknowledge in time; whether it is still owned. It may have heard, so it is told who its
   * owner is.
   */
  private async takeBack(transaction: Transaction, before: Thing, seq: number): Promise<boolean> {
    const address = addressOf(before);
    const thing = await transaction.get(things, address);
    if (thing === undefined || thing.owner !== before.owner || thing.claimedAt !== before.claimedAt)
      return false;
    if (thing.disowning !== seq || thing.owner === undefined) return true;
    transaction.delete(notices, seq);
    const { disowning: _, ...kept } = thing;
    transaction.put(things, address, kept);
    const body = {
      operation: 'claimed',
      thing: address,
      owner: thing.owner,
      public: thing.public && !thing.removed,
    } as const;
    await notify(transaction, { to: thing.jid, body, createdAt: this.clock.now() });
    return true;
  }

  private refuse(thing: NodeAddress, caller: Caller, why: string): never {
    return this.owned.refuse('disown', thing, caller, new HubError('not-allowed', why));
  }
}
