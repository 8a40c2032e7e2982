import { HubError } from '../domain/errors.js';
import { formatAddress, type NodeAddress } from '../domain/node-address.js';
import type { KnownThing } from '../domain/thing.js';
import type { Admin } from './admin.js';

/** What the administrator reads where no thing has the address. */
export function noSuchThing(): HubError {
  return new HubError('item-not-found', 'There is no such thing. See: hearth things');
}

/** The thing at an address. Refuses with item-not-found. */
export function knownThing({ things }: Admin, address: NodeAddress): KnownThing {
  const thing = things.get(address);
  if (thing === undefined) throw noSuchThing();
  return thing;
}

/** A thing that somebody owns, and in whose name the administrator acts on it. */
export interface ActingOn {
  readonly thing: KnownThing;
  /** Bare JID of an owner. */
  readonly owner: string;
}

/**
 * The thing at an address, and in whose name the administrator acts: the owner named, the thing's own, or the only one
 * of the hub. Refuses with item-not-found for one that nobody owns, and as `Owners.actingOwner`.
 */
export function actingOn(admin: Admin, address: NodeAddress, named: string | undefined): ActingOn {
  const thing = knownThing(admin, address);
  const { owner } = thing;
  if (owner === undefined) {
    const text = `Nobody owns ${formatAddress(address)} yet. Claim it first: hearth claim CODE`;
    throw new HubError('item-not-found', text);
  }
  if (owner === thing.jid)
    throw new HubError('owner-only', `${formatAddress(address)} owns itself: only it can do that.`);
  const its = admin.owners.mayOwn(owner) ? owner : undefined;
  return { thing, owner: admin.owners.actingOwner(named ?? its) };
}
