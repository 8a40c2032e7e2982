import type { DeviceSetting } from '../../domain/device-settings.js';
import { deviceAddress } from '../../domain/node-address.js';
import { deviceSettings } from '../../storage/keys.js';
import type { Store } from '../../storage/store.js';
import type { Clock } from '../../system/clock.js';
import { appendAudit } from '../audit-trail.js';
import { announceChange } from '../provisioning/announce-change.js';
import type { RuleBook } from './rule-book.js';

/** An owner decides for one device of his what the configuration decides for all. */
export class SetDevice {
  private readonly store: Store;
  private readonly book: RuleBook;
  private readonly clock: Clock;

  constructor(store: Store, book: RuleBook, clock: Clock) {
    this.store = store;
    this.book = book;
    this.clock = clock;
  }

  /** `value` undefined leaves it to the configuration again. Refuses with item-not-found what is not his. */
  async run(
    device: string,
    setting: DeviceSetting,
    value: boolean | undefined,
    owner: string,
  ): Promise<void> {
    await this.store.transact(async (transaction) => {
      const address = deviceAddress(device);
      await this.book.mustOwn(transaction, address, owner);
      const { [setting]: _, ...others } = (await transaction.get(deviceSettings, device)) ?? {};
      const settings = value === undefined ? others : { ...others, [setting]: value };
      if (Object.keys(settings).length === 0) transaction.delete(deviceSettings, device);
      else transaction.put(deviceSettings, device, settings);
      const at = this.clock.now();
      // What it keeps says whether it may trust others.
      if (setting === 'secondaryTrust') await announceChange(transaction, address, {}, at);
      const outcome = value === undefined ? 'as configured' : value ? 'on' : 'off';
      await appendAudit(transaction, { at, what: setting, by: owner, thing: device, outcome });
    });
  }
}
