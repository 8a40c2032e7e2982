import { constants, generateKeyPairSync, type KeyObject, privateDecrypt, X509Certificate } from 'node:crypto';
import forge from 'node-forge';

/** What a test certificate says; what is absent is ordinary. */
export interface CertificateWish {
  readonly name?: string;
  readonly bits?: number;
  readonly exponent?: number;
  readonly notBefore?: number;
  readonly notAfter?: number;
  readonly hash?: 'md5' | 'sha1' | 'sha256' | 'sha512';
  /** Whose certificate stands above it; absent for one that it signs itself. */
  readonly issuer?: TestCertificate;
  /** Another key than that of the others of this size. */
  readonly key?: KeyObject;
}

const DAY = 86_400_000;
const keys = new Map<string, KeyObject>();
let serial = 0;

/** A private RSA key; tests share those of one size, for making them takes long. */
export function rsaKey(bits = 2048, exponent = 65_537): KeyObject {
  const name = `${bits} ${exponent}`;
  const known = keys.get(name);
  if (known !== undefined) return known;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: bits, publicExponent: exponent });
  keys.set(name, privateKey);
  return privateKey;
}

/** A key that no other certificate of a test has. */
export function ownKey(bits = 2048): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength: bits }).privateKey;
}

/** A certificate of a test with its private key, made by node-forge. Times are around the ManualClock's start. */
export class TestCertificate {
  readonly key: KeyObject;
  readonly forged: forge.pki.Certificate;

  constructor(wish: CertificateWish = {}) {
    this.key = wish.key ?? rsaKey(wish.bits, wish.exponent);
    this.forged = forge.pki.createCertificate();
    const private_ = forgeKey(this.key);
    this.forged.publicKey = forge.pki.setRsaPublicKey(private_.n, private_.e);
    serial += 1;
    this.forged.serialNumber = `01${serial.toString(16).padStart(6, '0')}`;
    const start = Date.UTC(2026, 0, 1);
    this.forged.validity.notBefore = new Date(wish.notBefore ?? start - DAY);
    this.forged.validity.notAfter = new Date(wish.notAfter ?? start + 365 * DAY);
    this.forged.setSubject([{ name: 'commonName', value: wish.name ?? `Thing ${serial}` }]);
    this.forged.setIssuer((wish.issuer?.forged ?? this.forged).subject.attributes);
    this.forged.setExtensions([{ name: 'basicConstraints', cA: true, critical: true }]);
    const signer = forgeKey(wish.issuer?.key ?? this.key);
    this.forged.sign(signer, forge.md[wish.hash ?? 'sha256'].create());
  }

  /** DER. */
  get der(): Buffer {
    const asn1 = forge.pki.certificateToAsn1(this.forged);
    return Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'latin1');
  }

  /** DER as base64 text. */
  get text(): string {
    return this.der.toString('base64');
  }

  /** As node:crypto sees it. */
  get x509(): X509Certificate {
    return new X509Certificate(this.der);
  }

  /** SHA-256 of the DER, in hex. */
  get fingerprint(): string {
    return this.x509.fingerprint256.replaceAll(':', '').toLowerCase();
  }

  /** Answers a challenge, both base64 text. */
  answer(challenge: string, padding: 'oaep' | 'pkcs1' = 'pkcs1'): string {
    // Node refuses to decrypt the old padding.
    if (padding === 'pkcs1') {
      const plain = forgeKey(this.key).decrypt(forge.util.decode64(challenge), 'RSAES-PKCS1-V1_5');
      return forge.util.encode64(plain);
    }
    const options = { key: this.key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' };
    return privateDecrypt(options, Buffer.from(challenge, 'base64')).toString('base64');
  }
}

function forgeKey(key: KeyObject): forge.pki.rsa.PrivateKey {
  return forge.pki.privateKeyFromPem(key.export({ type: 'pkcs1', format: 'pem' }).toString());
}
