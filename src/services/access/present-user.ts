import { createHash } from 'node:crypto';
import type { CertificateFacts } from '../../domain/certificate.js';
import { isPlace } from '../../domain/credential-area.js';
import type { PresentedUser } from '../../domain/credential-condition.js';
import { readAddress } from '../../domain/credential-network.js';
import { HubError } from '../../domain/errors.js';
import { bareJid } from '../../domain/jid.js';
import type { Credential, CredentialKind } from '../../domain/service-commands.js';
import { numberValue } from '../../domain/tag.js';

/** Reads certificates, as base64 text of their DER. Throws bad-request for what is none. */
export interface CertificateReading {
  read(text: string): {
    readonly facts: Pick<CertificateFacts, 'fingerprint' | 'notBefore' | 'notAfter'>;
    readonly der: string;
  };
}

/** Most certificates of one user: reading one takes as long as a hundred of the other credentials. */
const MOST_CERTIFICATES = 4;

/** Bytes of a thumbprint by SHA-1, and by SHA-256. */
const THUMBPRINTS: ReadonlySet<number> = new Set([20, 32]);

/**
 * Reads what a service says of a user. Refuses with bad-request what is malformed, and a position that is given twice.
 * A certificate that is not valid `now`, in milliseconds since 1970, is as if it had not been presented; where the hub
 * does not know the time (`undefined`) none is valid.
 */
export function presentUser(
  credentials: readonly Credential[],
  certificates: CertificateReading,
  now: number | undefined,
): PresentedUser {
  const values = (kind: CredentialKind) =>
    credentials.filter((credential) => credential.kind === kind).map(({ value }) => value);
  const whole = values('x509Certificate');
  if (whole.length > MOST_CERTIFICATES)
    throw new HubError('bad-request', `A user has at most ${MOST_CERTIFICATES} certificates.`);
  return {
    jids: values('jid').map(bareJid),
    addresses: [...values('ip4'), ...values('ip6')].map(addressOf),
    hosts: values('hostName').map(hostOf),
    certificates: whole.flatMap((text) => validThumbprints(text, certificates, now)),
    thumbprints: values('x509CertificateThumbprint').map(thumbprintOf),
    names: values('userName'),
    sso: values('sso').map(hashSso),
    protocols: values('protocol'),
    ...positionOf(values),
  };
}

/** What a rule keeps of a token of single sign on, and a presented one is compared by: hex SHA-256. */
export function hashSso(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function addressOf(text: string) {
  const address = readAddress(text);
  if (address === undefined) throw malformed('an address of the network');
  return address;
}

/** Names of hosts end with a period, written or not (RFC 1034 §3.1). */
function hostOf(text: string): string {
  return text.toLowerCase().replace(/\.$/, '');
}

function validThumbprints(text: string, reader: CertificateReading, now: number | undefined): string[] {
  const { facts, der } = reader.read(text);
  if (now === undefined || now < facts.notBefore || now > facts.notAfter) return [];
  const sha1 = createHash('sha1').update(Buffer.from(der, 'base64')).digest('hex');
  return [sha1, facts.fingerprint];
}

function thumbprintOf(text: string): string {
  const bytes = Buffer.from(text, 'base64');
  if (!THUMBPRINTS.has(bytes.length)) throw malformed('a thumbprint by SHA-1 or SHA-256, as base64 text');
  return bytes.toString('hex');
}

function positionOf(
  values: (kind: CredentialKind) => string[],
): Pick<PresentedUser, 'latitude' | 'longitude' | 'altitude'> {
  const latitude = only(values('latitude'));
  const longitude = only(values('longitude'));
  const altitude = only(values('altitude'));
  if (!isPlace({ latitude: latitude ?? 0, longitude: longitude ?? 0 })) throw malformed('a place in degrees');
  return {
    ...(latitude !== undefined && { latitude }),
    ...(longitude !== undefined && { longitude }),
    ...(altitude !== undefined && { altitude }),
  };
}

/** Of two positions nobody knows which is meant. */
function only(texts: readonly string[]): number | undefined {
  const [text, ...more] = texts;
  if (more.length > 0) throw new HubError('bad-request', 'A user is in one place.');
  return text === undefined ? undefined : numberValue(text);
}

function malformed(expected: string): HubError {
  return new HubError('bad-request', `A credential is malformed: it must be ${expected}.`);
}
