import { deviceAddress } from '../../domain/node-address.js';
import { guards } from '../../storage/keys.js';
import type { Store } from '../../storage/store.js';
import type { Clock } from '../../system/clock.js';
import { appendAudit } from '../audit-trail.js';
import type { RuleBook } from './rule-book.js';

/** An owner decides whether the hub itself keeps strangers away from a device of his. */
export class SetGuard {
  private readonly store: Store;
  private readonly book: RuleBook;
  private readonly clock: Clock;

  constructor(store: Store, book: RuleBook, clock: Clock) {
    this.store = store;
    this.book = book;
    this.clock = clock;
  }

  /** `guarded` undefined leaves it to the configuration. Refuses with item-not-found what is not his. */
  async run(device: string, guarded: boolean | undefined, owner: string): Promise<void> {
    await this.store.transact(async (transaction) => {
      await this.book.mustOwn(transaction, deviceAddress(device), owner);
      if (guarded === undefined) transaction.delete(guards, device);
      else transaction.put(guards, device, guarded);
      const outcome = guarded === undefined ? 'as configured' : guarded ? 'on' : 'off';
      await appendAudit(transaction, {
        at: this.clock.now(),
        what: 'guard',
        by: owner,
        thing: device,
        outcome,
      });
    });
  }
}
