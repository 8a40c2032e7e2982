import type { CodeReport } from '../../domain/admin.js';
import { encodeClaimCode } from '../../domain/claim-code.js';
import { encodeDirectUri } from '../../domain/direct-uri.js';
import { HubError } from '../../domain/errors.js';
import { formatAddress, type NodeAddress } from '../../domain/node-address.js';
import { things } from '../../storage/keys.js';
import type { Store } from '../../storage/store.js';
import type { Clock } from '../../system/clock.js';
import { appendAudit } from '../audit-trail.js';

/**
 * What the QR code of a thing says: while nobody owns it what its claim needs, KEY and R among that, then the address
 * alone. This is the one way by which a KEY leaves the hub, so it is audited.
 */
export class ShowClaimCode {
  private readonly store: Store;
  private readonly hub: string;
  private readonly clock: Clock;

  constructor(store: Store, hub: string, clock: Clock) {
    this.store = store;
    this.hub = hub;
    this.clock = clock;
  }

  /** The code of the thing, shown to `by`. Refuses with item-not-found. */
  async run(address: NodeAddress, by: string): Promise<CodeReport> {
    const thing = await this.store.get(things, address);
    if (thing === undefined)
      throw new HubError('item-not-found', 'There is no such thing. See: hearth things');
    if (thing.owner !== undefined) return { kind: 'direct', code: encodeDirectUri(address, this.hub) };
    const at = this.clock.now();
    await this.store.transact((transaction) =>
      appendAudit(transaction, {
        at,
        what: 'claim-code',
        by,
        thing: formatAddress(address),
        outcome: 'shown',
      }),
    );
    return { kind: 'claim', code: encodeClaimCode(thing.tags, this.hub) };
  }
}
