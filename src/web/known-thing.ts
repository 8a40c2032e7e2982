import { HubError } from '../domain/errors.js';
import { formatAddress, type NodeAddress } from '../domain/node-address.js';
import type { KnownThing } from '../domain/thing.js';
import type { Admin } from './admin.js';

/** Nodes that a message names. */
const NAMED = 3;

/** What the administrator reads where no thing has the address: which one he may have meant, where that is clear. */
export function noSuchThing(
  { things }: { readonly things: Pick<Admin['things'], 'of'> },
  address: NodeAddress,
): HubError {
  return new HubError('item-not-found', `${missing(things.of(address.jid), address)} See: hearth things`);
}

function missing(behind: readonly KnownThing[], address: NodeAddress): string {
  if (behind.length === 0) return 'There is no such thing.';
  const [first, ...more] = behind.filter(({ nodeId }) => nodeId === address.nodeId);
  if (first !== undefined && more.length === 0)
    return `There is no ${formatAddress(address)}. Is it ${formatAddress(first)}?`;
  const named = behind.slice(0, NAMED).map(formatAddress).join(', ');
  const rest = behind.length > NAMED ? ` and ${behind.length - NAMED} more` : '';
  if (address.nodeId === '') return `Behind ${address.jid} are ${named}${rest}.`;
  return `There is no ${formatAddress(address)}, but ${named}${rest}.`;
}

/** The thing at an address. Refuses with item-not-found. */
export function knownThing(admin: Admin, address: NodeAddress): KnownThing {
  const thing = admin.things.get(address);
  if (thing === undefined) throw noSuchThing(admin, address);
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
