import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import type { CertificateFacts } from '../../domain/certificate.js';
import { certificateShape, MOST_CERTIFICATE_BYTES } from '../../domain/certificate-shape.js';
import { HubError } from '../../domain/errors.js';

/** A certificate that was read: what it says, its key ready to encrypt, and its DER as base64 text. */
export interface ReadCertificate {
  readonly facts: CertificateFacts;
  readonly key: KeyObject;
  readonly der: string;
}

/** How many certificates are kept ready; reading one and importing its key costs ten times a challenge. */
const READY = 256;

/** Characters of base64 text, with line breaks. */
const MOST_TEXT = Math.ceil((MOST_CERTIFICATE_BYTES * 4) / 3) + 1000;

/** Characters kept of a name. */
const LONGEST_NAME = 256;

/** Reads certificates of strangers, and keeps those that come often ready for challenges. */
export class CertificateReader {
  private readonly ready = new Map<string, ReadCertificate>();
  private readonly authorities: readonly X509Certificate[];

  /** `authorities`: those that the configuration trusts to issue certificates; none is fine. */
  constructor(authorities: readonly X509Certificate[]) {
    this.authorities = authorities;
  }

  /** Reads DER in base64 text. Refuses with bad-request, and a reason, what is no certificate. */
  read(text: string): ReadCertificate {
    if (text.length > MOST_TEXT)
      throw new HubError('bad-request', `The certificate is larger than ${MOST_CERTIFICATE_BYTES} bytes.`);
    const bytes = Buffer.from(text, 'base64');
    const der = bytes.toString('base64');
    // Buffer skips what is not base64; what it wrote back must be what came, but for line breaks.
    if (der === '' || (der !== text && der !== text.replaceAll(/\s+/g, '')))
      throw new HubError('bad-request', 'The certificate is not in base64.');
    const fingerprint = createHash('sha256').update(bytes).digest('hex');
    const known = this.kept(fingerprint);
    if (known !== undefined) return known;
    const read = { ...this.parse(bytes, fingerprint), der };
    this.keep(fingerprint, read);
    return read;
  }

  /** One that was read lately, by its fingerprint. */
  kept(fingerprint: string): ReadCertificate | undefined {
    const known = this.ready.get(fingerprint);
    if (known === undefined) return undefined;
    this.ready.delete(fingerprint);
    this.ready.set(fingerprint, known);
    return known;
  }

  private keep(fingerprint: string, read: ReadCertificate): void {
    if (this.ready.size >= READY) this.ready.delete(this.ready.keys().next().value ?? '');
    this.ready.set(fingerprint, read);
  }

  private parse(bytes: Buffer, fingerprint: string): Omit<ReadCertificate, 'der'> {
    const signature = certificateShape(bytes);
    try {
      const certificate = new X509Certificate(bytes);
      const key = certificate.publicKey;
      const until = this.vouchedUntil(certificate);
      const facts: CertificateFacts = {
        fingerprint,
        subject: nameOf(certificate),
        notBefore: timeOf(certificate.validFrom),
        notAfter: timeOf(certificate.validTo),
        keyType: key.asymmetricKeyType ?? 'unknown',
        keyBits: key.asymmetricKeyDetails?.modulusLength ?? 0,
        exponent: key.asymmetricKeyDetails?.publicExponent ?? 0n,
        signature,
        selfSigned: certificate.subject === certificate.issuer,
        ...(until !== undefined && { vouchedUntil: until }),
      };
      return { facts, key };
    } catch (cause) {
      throw new HubError('bad-request', 'This is no X.509 certificate that the hub can read.', { cause });
    }
  }

  /** The latest end of the trusted authorities that issued it, or that it is one of. */
  private vouchedUntil(certificate: X509Certificate): number | undefined {
    const ends = this.authorities
      .filter((authority) => authority.raw.equals(certificate.raw) || isIssuedBy(certificate, authority))
      .map((authority) => timeOf(authority.validTo));
    return ends.length === 0 ? undefined : Math.max(...ends);
  }
}

function isIssuedBy(certificate: X509Certificate, authority: X509Certificate): boolean {
  return authority.ca && certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
}

/** The holder's name on one line. */
function nameOf({ subject }: X509Certificate): string {
  return (subject ?? '').replaceAll('\n', ', ').slice(0, LONGEST_NAME);
}

/** Reads OpenSSL's form of a time, such as `Jan  1 00:00:00 2026 GMT`. Throws a RangeError for what is none. */
function timeOf(text: string): number {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new RangeError(`"${text}" is no time.`);
  return at;
}
