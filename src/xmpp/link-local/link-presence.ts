import { Jid } from '../../domain/jid.js';
import { sameAddress } from '../plain-address.js';

/** Somebody who is announced on the link now (XEP-0174 §3): where he listens. */
export interface LinkPresence {
  /** `user@machine`, as it was announced. */
  readonly instance: string;
  readonly port: number;
  /** Those to try first come first; link-local IPv6 addresses carry their zone. */
  readonly addresses: readonly string[];
}

/** A presence came, is reached otherwise than before, or went. */
export interface LinkPresenceChange {
  readonly kind: 'up' | 'changed' | 'down';
  readonly found: LinkPresence;
}

/** The presences that are announced now: what a browser of `_presence._tcp` knows. */
export interface LinkPresences {
  find(instance: string): LinkPresence | undefined;
  all(): readonly LinkPresence[];
  /** Nobody could be reached at what this one announces: whether it is still announced is to be found out. */
  doubt(instance: string): void;
  /** Calls the listener with each change from now on; returns what ends that. */
  onChange(listener: (change: LinkPresenceChange) => void): () => void;
}

/**
 * The address of a presence: its instance in lower case. `undefined` for a name that is no address, that another
 * spelling of an address becomes, or whose machine part has a dot: no presence looks like an account of a domain.
 */
export function jidOf(instance: string): Jid | undefined {
  const jid = Jid.tryParse(instance);
  if (jid === undefined || jid.local === '' || jid.full !== instance.toLowerCase()) return undefined;
  return jid.resource === '' && /^[a-z0-9-]+$/.test(jid.domain) ? jid : undefined;
}

/** Whether a connection from this address can be the presence's. */
export function isAt(presence: LinkPresence, address: string): boolean {
  return presence.addresses.some((one) => sameAddress(one, address));
}
