import { type Box, type Circle, isInBox, isInCircle } from './credential-area.js';
import { isInRange, type NetworkAddress, readRange } from './credential-network.js';
import { matchesMask } from './search.js';
import type { AccessRule } from './service.js';

/**
 * What must hold of a user so that a rule fits him. It holds where one of his credentials of that kind is so, and does
 * not where he has none. Nobody but the service has seen to it that the credentials are true.
 */
export type CredentialCondition =
  | { readonly kind: 'jid'; readonly jid: string }
  | { readonly kind: 'domain'; readonly domain: string }
  /** Each `*` stands for any text in a bare JID. */
  | { readonly kind: 'jid-mask'; readonly mask: string }
  /** An IPv4 or IPv6 address, or a range of them in CIDR notation. */
  | { readonly kind: 'ip'; readonly range: string }
  /** A name in lower case; `*.example.org` stands for all names below it. */
  | { readonly kind: 'host'; readonly name: string }
  /** A whole certificate, valid now, with this SHA-1 or SHA-256 thumbprint in hex. */
  | { readonly kind: 'certificate'; readonly thumbprint: string }
  /** The same, or the thumbprint alone. */
  | { readonly kind: 'thumbprint'; readonly thumbprint: string }
  | { readonly kind: 'user'; readonly name: string }
  /** Hex SHA-256 of a token of single sign on, which nobody is to read here. */
  | { readonly kind: 'sso'; readonly sha256: string }
  | { readonly kind: 'protocol'; readonly protocol: string }
  | ({ readonly kind: 'box' } & Box)
  | ({ readonly kind: 'circle' } & Circle)
  /** In metres, both ends included; an absent one is open. */
  | { readonly kind: 'altitude'; readonly min?: number; readonly max?: number };

/**
 * A user by what a service says of him, read for comparison. The hub has verified none of it: it is as true as the
 * service is careful [0324 3.6.2].
 */
export interface PresentedUser {
  /** Bare JIDs. */
  readonly jids: readonly string[];
  readonly addresses: readonly NetworkAddress[];
  /** In lower case, without a period at the end. */
  readonly hosts: readonly string[];
  /** Thumbprints, in hex by SHA-1 and by SHA-256, of whole certificates that are valid now. */
  readonly certificates: readonly string[];
  /** Thumbprints in hex that came without their certificates. */
  readonly thumbprints: readonly string[];
  readonly names: readonly string[];
  /** Hex SHA-256 of tokens of single sign on. */
  readonly sso: readonly string[];
  readonly protocols: readonly string[];
  /** In degrees, and in metres. */
  readonly latitude?: number;
  readonly longitude?: number;
  readonly altitude?: number;
}

/** The rule that decides whether a user may use a service: the first that fits. Without one he may not. */
export function decidingRule(rules: readonly AccessRule[], user: PresentedUser): AccessRule | undefined {
  return rules.find(({ conditions }) => conditions.every((condition) => holds(condition, user)));
}

/** Whether a condition holds of a user. */
export function holds(condition: CredentialCondition, user: PresentedUser): boolean {
  switch (condition.kind) {
    case 'jid':
      return user.jids.includes(condition.jid);
    case 'domain':
      return user.jids.some((jid) => jid.slice(jid.indexOf('@') + 1) === condition.domain);
    case 'jid-mask':
      return user.jids.some((jid) => matchesMask(jid, condition.mask, '*'));
    case 'ip':
      return addressHolds(condition.range, user.addresses);
    case 'host':
      return user.hosts.some((host) => hostHolds(condition.name, host));
    case 'certificate':
      return user.certificates.includes(condition.thumbprint);
    case 'thumbprint':
      return [...user.certificates, ...user.thumbprints].includes(condition.thumbprint);
    case 'user':
      return user.names.includes(condition.name);
    case 'sso':
      return user.sso.includes(condition.sha256);
    case 'protocol':
      return user.protocols.includes(condition.protocol);
    default:
      return placeHolds(condition, user);
  }
}

function addressHolds(text: string, addresses: readonly NetworkAddress[]): boolean {
  const range = addresses.length === 0 ? undefined : readRange(text);
  return range !== undefined && addresses.some((address) => isInRange(address, range));
}

function hostHolds(name: string, host: string): boolean {
  if (!name.startsWith('*.')) return host === name;
  return host.length > name.length - 1 && host.endsWith(name.slice(1));
}

function placeHolds(
  condition: Extract<CredentialCondition, { kind: 'box' | 'circle' | 'altitude' }>,
  { latitude, longitude, altitude }: PresentedUser,
): boolean {
  if (condition.kind === 'altitude') {
    const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = condition;
    return altitude !== undefined && min <= altitude && altitude <= max;
  }
  if (latitude === undefined || longitude === undefined) return false;
  const place = { latitude, longitude };
  return condition.kind === 'box' ? isInBox(place, condition) : isInCircle(place, condition);
}
