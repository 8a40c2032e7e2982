import { HubError } from '../../domain/errors.js';
import type { Store } from '../../storage/store.js';
import type { Clock } from '../../system/clock.js';
import { appendAudit } from '../audit-trail.js';
import type { Owners } from './owners.js';

/** How devices (bare JIDs) are reached. */
export interface BefriendPorts {
  readonly connected: (device: string) => boolean;
  /** Sends the hub's request for friendship. Refuses with account-not-found. */
  readonly ask: (device: string) => void;
}

/** The hub asks a device for its friendship, so that its installer delegates trust to the hub by a button [0324 3.1.1]. */
export class BefriendDevice {
  private readonly store: Store;
  private readonly owners: Owners;
  private readonly ports: BefriendPorts;
  private readonly clock: Clock;

  constructor(store: Store, owners: Owners, ports: BefriendPorts, clock: Clock) {
    this.store = store;
    this.owners = owners;
    this.ports = ports;
    this.clock = clock;
  }

  /**
   * `device` and `owner` are bare JIDs. Resolves when it is asked. Refuses with owner-only, account-not-found, and with
   * recipient-unavailable a device that is away: nobody would see its LED.
   */
  async run(device: string, owner: string): Promise<void> {
    if (!this.owners.mayOwn(owner)) throw new HubError('owner-only');
    if (!this.ports.connected(device))
      throw new HubError(
        'recipient-unavailable',
        `${device} is not connected now. Switch it on, and try again.`,
      );
    await this.store.transact((transaction) =>
      appendAudit(transaction, {
        at: this.clock.now(),
        what: 'befriend',
        by: owner,
        thing: device,
        outcome: 'asked',
      }),
    );
    this.ports.ask(device);
  }
}
