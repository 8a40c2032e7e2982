import { createHash, generateKeyPair, type KeyObject, sign } from 'node:crypto';

/** A certificate and its private key, both in PEM. */
export interface CertificatePair {
  /** X.509. For tokens with an RSA key of at least 2048 bits: challenges are encrypted with it [0324 3.1.3]. */
  readonly certificate: string;
  /** The private key. That of tokens serves nothing else: whoever is sent a token may have things decrypted by it. */
  readonly key: string;
}

const BITS = 2048;

/** Tags of DER. */
const INTEGER = 0x02;
const UTF8 = 0x0c;
const BIT_STRING = 0x03;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;
const SET = 0x31;
const SEQUENCE = 0x30;

/** SHA-256 with RSA (RFC 4055) and with ECDSA (RFC 5758 §3.2), and a common name (X.520), as DER. */
const SIGNATURES = {
  rsa: Buffer.from('300d06092a864886f70d01010b0500', 'hex'),
  ec: Buffer.from('300a06082a8648ce3d040302', 'hex'),
};
const COMMON_NAME = Buffer.from('0603550403', 'hex');

/**
 * From before any such thing was made to the end that RFC 5280 §4.1.2.5 has for no end: the clock of a thing that was
 * just switched on is not to be believed.
 */
const VALIDITY = sequence(
  value(UTC_TIME, Buffer.from('200101000000Z')),
  value(GENERALIZED_TIME, Buffer.from('99991231235959Z')),
);

/** A kind of key: RSA encrypts too, the one on a curve (P-256) is made in no time. */
type KeyKind = keyof typeof SIGNATURES;

interface Keys {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** Makes a key, RSA if nothing is said, and a certificate that it signs itself (RFC 5280), for a thing of this name. */
export async function makeOwnCertificate(name: string, kind: KeyKind = 'rsa'): Promise<CertificatePair> {
  const keys = await makeKeys(kind);
  const der = certificateOf(name, kind, keys);
  const { privateKey } = keys;
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { certificate: toPem(der), key };
}

function makeKeys(kind: KeyKind): Promise<Keys> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, publicKey: KeyObject, privateKey: KeyObject): void => {
      if (error === null) resolve({ publicKey, privateKey });
      else reject(error);
    };
    if (kind === 'rsa') generateKeyPair('rsa', { modulusLength: BITS }, done);
    else generateKeyPair('ec', { namedCurve: 'P-256' }, done);
  });
}

function certificateOf(name: string, kind: KeyKind, { publicKey, privateKey }: Keys): Buffer {
  const algorithm = SIGNATURES[kind];
  const info = publicKey.export({ type: 'spki', format: 'der' });
  const holder = sequence(value(SET, sequence(COMMON_NAME, value(UTF8, Buffer.from(name)))));
  // The key is random, so a number from its hash is as good as a random one.
  const serial = Buffer.from(createHash('sha256').update(info).digest().subarray(0, 16));
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const body = sequence(value(INTEGER, serial), algorithm, holder, VALIDITY, holder, info);
  const signature = sign('sha256', body, privateKey);
  return sequence(body, algorithm, value(BIT_STRING, Buffer.concat([Buffer.of(0), signature])));
}

function sequence(...values: readonly Uint8Array[]): Buffer {
  return value(SEQUENCE, Buffer.concat(values));
}

/** A value of DER: tag, length, content of up to 65535 bytes. */
function value(tag: number, content: Uint8Array): Buffer {
  const { length } = content;
  const head =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), content]);
}

function toPem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
