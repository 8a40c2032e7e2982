import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto';
import type forgeTypes from 'node-forge';
import type { AlternativeName } from './certificate-names.js';

type Asn1 = forgeTypes.asn1.Asn1;

/** What a certificate says. */
export interface CertificateRequest {
  /** Common name of the holder; cut to the 64 characters that X.520 allows. */
  readonly subject: string;
  /** Common name of the signer: the same for a certificate authority that signs itself. */
  readonly issuer: string;
  /** The holder's private key (P-256); only its public half goes into the certificate. */
  readonly key: KeyObject;
  /** The signer's private key (P-256). */
  readonly signer: KeyObject;
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** Sixteen random bytes. */
  readonly serial: Buffer;
  /** What a server speaks for; absent for an authority. */
  readonly names?: readonly AlternativeName[];
}

const OID = {
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  commonName: '2.5.4.3',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
} as const;

/** From here on X.509 writes years with four digits (RFC 5280 §4.1.2.5). */
const GENERALIZED_FROM = Date.UTC(2050, 0, 1);

/**
 * Makes an X.509 v3 certificate (RFC 5280) signed with ECDSA and SHA-256; returns it in PEM. The ASN.1 writer is loaded
 * only here: most starts of the hub make no certificate.
 */
export async function makeCertificate(request: CertificateRequest): Promise<string> {
  const { default: forge } = await import('node-forge');
  return new CertificateWriter(forge).write(request);
}

/** Writes the parts of a certificate in the order of RFC 5280 §4.1. */
class CertificateWriter {
  private readonly asn1: typeof forgeTypes.asn1;

  constructor(forge: typeof forgeTypes) {
    this.asn1 = forge.asn1;
  }

  write(request: CertificateRequest): string {
    const publicKey = publicKeyOf(request.key);
    const body = this.sequence(
      this.context(0, this.primitive('INTEGER', '\x02')),
      this.primitive('INTEGER', serialNumber(request.serial)),
      this.algorithm(),
      this.commonName(request.issuer),
      this.sequence(this.time(request.notBefore), this.time(request.notAfter)),
      this.commonName(request.subject),
      this.asn1.fromDer(publicKey.toString('latin1')),
      this.context(3, this.sequence(...this.extensions(request, publicKey))),
    );
    const signature = sign('sha256', Buffer.from(this.der(body), 'latin1'), request.signer);
    const whole = this.sequence(body, this.algorithm(), this.bits('\x00', signature.toString('latin1')));
    const base64 = Buffer.from(this.der(whole), 'latin1').toString('base64');
    const lines = base64.match(/.{1,64}/g) ?? [];
    return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
  }

  private extensions({ names, signer }: CertificateRequest, publicKey: Buffer): Asn1[] {
    const own = this.extension(
      OID.subjectKeyIdentifier,
      this.primitive('OCTETSTRING', keyIdentifier(publicKey)),
    );
    if (names === undefined) {
      return [
        this.extension(OID.basicConstraints, this.sequence(this.primitive('BOOLEAN', '\xff')), true),
        // keyCertSign and cRLSign
        this.extension(OID.keyUsage, this.bits('\x01', '\x06'), true),
        own,
      ];
    }
    const authority = this.tagged(0, keyIdentifier(publicKeyOf(signer)));
    return [
      this.extension(OID.basicConstraints, this.sequence(), true),
      // digitalSignature
      this.extension(OID.keyUsage, this.bits('\x07', '\x80'), true),
      this.extension(OID.extendedKeyUsage, this.sequence(this.oid(OID.serverAuth))),
      own,
      this.extension(OID.authorityKeyIdentifier, this.sequence(authority)),
      this.extension(OID.subjectAltName, this.sequence(...names.map((name) => this.alternativeName(name)))),
    ];
  }

  private extension(id: string, value: Asn1, critical = false): Asn1 {
    const content = this.primitive('OCTETSTRING', this.der(value));
    return critical
      ? this.sequence(this.oid(id), this.primitive('BOOLEAN', '\xff'), content)
      : this.sequence(this.oid(id), content);
  }

  private alternativeName(name: AlternativeName): Asn1 {
    return 'dns' in name ? this.tagged(2, name.dns) : this.tagged(7, name.ip.toString('latin1'));
  }

  private commonName(text: string): Asn1 {
    const value = Buffer.from([...text].slice(0, 64).join('')).toString('latin1');
    const attribute = this.sequence(this.oid(OID.commonName), this.primitive('UTF8', value));
    const { Class, Type } = this.asn1;
    return this.sequence(this.asn1.create(Class.UNIVERSAL, Type.SET, true, [attribute]));
  }

  private time(at: number): Asn1 {
    const date = new Date(at);
    return at < GENERALIZED_FROM
      ? this.primitive('UTCTIME', this.asn1.dateToUtcTime(date))
      : this.primitive('GENERALIZEDTIME', this.asn1.dateToGeneralizedTime(date));
  }

  private algorithm(): Asn1 {
    return this.sequence(this.oid(OID.ecdsaWithSha256));
  }

  private oid(id: string): Asn1 {
    return this.primitive('OID', this.asn1.oidToDer(id).getBytes());
  }

  /** A bit string: how many bits of the last byte are unused, and the bytes. */
  private bits(unused: string, bytes: string): Asn1 {
    return this.primitive('BITSTRING', unused + bytes);
  }

  private sequence(...values: Asn1[]): Asn1 {
    const { Class, Type } = this.asn1;
    return this.asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, values);
  }

  private context(tag: number, value: Asn1): Asn1 {
    return this.asn1.create(this.asn1.Class.CONTEXT_SPECIFIC, tag, true, [value]);
  }

  private tagged(tag: number, bytes: string): Asn1 {
    return this.asn1.create(this.asn1.Class.CONTEXT_SPECIFIC, tag, false, bytes);
  }

  private primitive(type: keyof typeof forgeTypes.asn1.Type, bytes: string): Asn1 {
    return this.asn1.create(this.asn1.Class.UNIVERSAL, this.asn1.Type[type], false, bytes);
  }

  private der(value: Asn1): string {
    return this.asn1.toDer(value).getBytes();
  }
}

function publicKeyOf(key: KeyObject): Buffer {
  return createPublicKey(key).export({ type: 'spki', format: 'der' });
}

/** SHA-1 of the public key's point (RFC 5280 §4.2.1.2): a P-256 point without compression ends its structure. */
function keyIdentifier(publicKey: Buffer): string {
  return createHash('sha1').update(publicKey.subarray(-65)).digest().toString('latin1');
}

/** A positive number of at most 16 bytes that does not begin with a zero byte. */
function serialNumber(random: Buffer): string {
  const bytes = Buffer.from(random);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('latin1');
}
