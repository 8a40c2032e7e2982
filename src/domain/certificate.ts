import type { Dialect } from './generation.js';

/** What a certificate says of itself, read once. Times in milliseconds since 1970. */
export interface CertificateFacts {
  /** SHA-256 of its DER, in hex: the identity that rules name. */
  readonly fingerprint: string;
  /** The holder's name, as `CN=…, O=…`; shortened. */
  readonly subject: string;
  readonly notBefore: number;
  readonly notAfter: number;
  /** The key's type, by OpenSSL's names: `rsa`, `ec`, `ed25519`, … */
  readonly keyType: string;
  /** Size of an RSA key, in bits; 0 for others. */
  readonly keyBits: number;
  /** Public exponent of an RSA key; 0 for others. */
  readonly exponent: bigint;
  /** The signature's algorithm, as `SHA-256 with RSA`; `undefined` for one that is not known. */
  readonly signature: SignatureAlgorithm | undefined;
  /** Whether its own key signed it. */
  readonly selfSigned: boolean;
  /** Until when the trusted authority that issued it is valid itself; absent where none did. */
  readonly vouchedUntil?: number;
}

/** How a certificate is signed. */
export interface SignatureAlgorithm {
  readonly name: string;
  /** Whether somebody could make another certificate that the same signature fits. */
  readonly broken: boolean;
}

/** A certificate behind tokens, as the hub keeps it under its fingerprint. */
export interface CertificateRecord {
  /** DER, as base64 text. */
  readonly der: string;
  readonly subject: string;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly keyBits: number;
  /** How many tokens stand for it; it is forgotten with the last, unless it is revoked. */
  readonly tokens: number;
  readonly firstSeen: number;
  readonly revoked?: { readonly at: number; readonly by: string };
  /** It is past its end, and the things that have rules about it were told so. */
  readonly lapsed?: true;
}

/** A token that the hub gave out, as it is kept under its hash. Whether a service or a device has it shows in its use. */
export interface TokenRecord {
  /** Bare JID of the one who got it. */
  readonly by: string;
  /** The certificate behind it. */
  readonly fingerprint: string;
  readonly issuedAt: number;
  /** The dialect in which it was asked for: its holder decrypts challenges as that dialect says. */
  readonly generation: Dialect;
}

/**
 * Whether a certificate speaks for anybody now, in milliseconds since 1970; `undefined` where the hub does not know the
 * time: then those that were good when it last did stay so.
 */
export function isInForce(
  certificate: Pick<CertificateRecord, 'notBefore' | 'notAfter' | 'revoked' | 'lapsed'>,
  now: number | undefined,
): boolean {
  if (certificate.revoked !== undefined) return false;
  if (now === undefined) return certificate.lapsed === undefined;
  return certificate.notBefore <= now && now <= certificate.notAfter;
}
