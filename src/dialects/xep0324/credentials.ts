import { HubError } from '../../domain/errors.js';
import { bareJid } from '../../domain/jid.js';
import type { Credential, CredentialKind } from '../../domain/service-commands.js';
import { numberValue } from '../../domain/tag.js';
import { type Element, element } from '../../xmpp/element.js';
import { base64Text } from '../base64.js';
import { filled, required } from '../read.js';
import { ip6Of, isIp4 } from './ip-address.js';
import { MAX_CERTIFICATE } from './tokens.js';

/** Longest value of a credential that is no certificate, in characters. */
const MAX_VALUE = 3071;

/** The protocols of the schema. */
const PROTOCOLS = ['XMPP', 'HTTP', 'HTTPS', 'TcpSocket', 'UdpSocket', 'Queue', 'Internal', 'Other'];

/** What a listing writes as `type`, which the XEP gives three of. An address of the network tells itself which it is. */
const TYPES: Readonly<Record<CredentialKind, string>> = {
  jid: 'Jid',
  ip4: 'IpAddress',
  ip6: 'IpAddress',
  hostName: 'HostName',
  x509Certificate: 'X509Certificate',
  x509CertificateThumbprint: 'X509CertificateThumbprint',
  userName: 'UserName',
  longitude: 'Longitude',
  latitude: 'Latitude',
  altitude: 'Altitude',
  sso: 'Sso',
  protocol: 'Protocol',
};

const kinds = Object.keys(TYPES) as CredentialKind[];

/** By type in lower case: the XEP says nowhere how types are spelt. Names of the schema are read as types too. */
const byType: ReadonlyMap<string, CredentialKind> = new Map([
  ...kinds.flatMap((kind) => [
    [TYPES[kind].toLowerCase(), kind] as const,
    [kind.toLowerCase(), kind] as const,
  ]),
  ['ssotoken', 'sso'],
]);

/** How each kind is checked, and what becomes of it; `undefined` where it is not such a value. */
const CHECKS: Readonly<Record<CredentialKind, (value: string) => string | undefined>> = {
  jid: bareJid,
  ip4: (value) => (isIp4(value) ? value : undefined),
  ip6: ip6Of,
  hostName: (value) => (value.length <= 253 && /^[^\s/@:]+$/.test(value) ? value : undefined),
  x509Certificate: (value) => base64Text(value, 'certificate', MAX_CERTIFICATE),
  x509CertificateThumbprint: (value) => base64Text(value, 'thumbprint', MAX_VALUE),
  userName: (value) => value,
  longitude: (value) => numberWithin(value, 180),
  latitude: (value) => numberWithin(value, 90),
  altitude: (value) => numberWithin(value, Number.MAX_VALUE),
  sso: (value) => value,
  protocol: (value) => (PROTOCOLS.includes(value) ? value : undefined),
};

/**
 * A child `credentials` with type and value, as the listings have it [0324 3.6.2]. An unknown type is refused with
 * bad-request: who sends it wants it to count, and nothing would tell him that it does not.
 */
export function readListed(child: Element): Credential {
  const type = required(child, 'type');
  const named = byType.get(type.toLowerCase());
  if (named === undefined) throw new HubError('bad-request', `There are no credentials of type "${type}".`);
  const value = filled(child, 'value', longest(named));
  if (type.toLowerCase() === 'ipaddress') return checked(isIp4(value) ? 'ip4' : 'ip6', value);
  return checked(named, value);
}

/** A child named for what it is, as the schema has it; `undefined` where the name is none of the schema's. */
export function readTyped(child: Element): Credential | undefined {
  const kind = kinds.find((name) => name === child.name);
  return kind && checked(kind, filled(child, attributeOf(kind), longest(kind)));
}

/** A credential as a listing has it, or as the schema does. */
export function writeCredential({ kind, value }: Credential, listed: boolean, ns: string): Element {
  if (listed) return element('credentials', ns, { type: TYPES[kind], value });
  return element(kind, ns, { [attributeOf(kind)]: value });
}

function checked(kind: CredentialKind, text: string): Credential {
  const value = CHECKS[kind](text);
  if (value === undefined)
    throw new HubError('bad-request', `The value of the credential "${kind}" is malformed.`);
  return { kind, value };
}

function numberWithin(text: string, bound: number): string | undefined {
  return Math.abs(numberValue(text)) <= bound ? text : undefined;
}

function attributeOf(kind: CredentialKind): 'base64' | 'value' {
  return kind.startsWith('x509') ? 'base64' : 'value';
}

function longest(kind: CredentialKind): number {
  return kind === 'x509Certificate' ? MAX_CERTIFICATE : MAX_VALUE;
}
