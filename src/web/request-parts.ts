import { decodeDirectUri } from '../domain/direct-uri.js';
import { discoveryKind } from '../domain/discovery-kind.js';
import { bareJid } from '../domain/jid.js';
import { type NodeAddress, parseAddress } from '../domain/node-address.js';
import type { Arguments } from './arguments.js';

/** Lines of the audit and things of a page where the caller names no number. */
export const PAGE = 100;

/** The most of them in one answer: more would keep things waiting. */
export const MAX_PAGE = 10_000;

/** Who acts here, in the audit: the administrator of the machine. */
export const LOCAL = 'local';

/** An operation without arguments. */
export function nothing(): Readonly<Record<string, never>> {
  return {};
}

/** A part of an object that is there only where its value is. */
export function optional<Name extends string>(
  name: Name,
  value: string | undefined,
): { readonly [N in Name]?: string } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [N in Name]?: string };
}

/** In whose name: a bare JID, normalised. */
export function byOwner(body: Arguments): { readonly owner?: string } {
  const named = body.optionalText('owner');
  return optional('owner', named === undefined ? undefined : bareJid(named));
}

/** The address of a thing, as `formatAddress` writes it or as a direct URI. Throws bad-request and jid-malformed. */
export function addressOf(text: string): NodeAddress {
  if (discoveryKind(text.trim()) !== undefined) return decodeDirectUri(text.trim()).address;
  const address = parseAddress(text);
  return { ...address, jid: bareJid(address.jid) };
}
