import type { SignatureAlgorithm } from './certificate.js';
import { HubError } from './errors.js';

/** Most bytes of a certificate: those of RSA-8192 with many names have 4000. */
export const MOST_CERTIFICATE_BYTES = 8192;

/** How deep a certificate's values nest, how many there are, and how long an object identifier is. */
const DEEPEST = 16;
const MOST_VALUES = 1000;
const LONGEST_OID = 64;

const SEQUENCE = 0x30;
const OID = 0x06;

/** Set in the tag of a value that holds values. */
const CONSTRUCTED = 0x20;

/** id-RSASSA-PSS (RFC 4055), whose parameters name the hash. */
const PSS = '2a864886f70d01010a';

/** Signature algorithms by the bytes of their object identifiers, in hex (RFC 3279, 4055, 5758, 8410). */
const ALGORITHMS: Readonly<Record<string, SignatureAlgorithm>> = {
  '2a864886f70d010102': { name: 'MD2 with RSA', broken: true },
  '2a864886f70d010103': { name: 'MD4 with RSA', broken: true },
  '2a864886f70d010104': { name: 'MD5 with RSA', broken: true },
  '2a864886f70d010105': { name: 'SHA-1 with RSA', broken: true },
  '2b0e03021d': { name: 'SHA-1 with RSA', broken: true },
  '2a864886f70d01010e': { name: 'SHA-224 with RSA', broken: false },
  '2a864886f70d01010b': { name: 'SHA-256 with RSA', broken: false },
  '2a864886f70d01010c': { name: 'SHA-384 with RSA', broken: false },
  '2a864886f70d01010d': { name: 'SHA-512 with RSA', broken: false },
  '2a8648ce380403': { name: 'SHA-1 with DSA', broken: true },
  '2a8648ce3d0401': { name: 'SHA-1 with ECDSA', broken: true },
  '2a8648ce3d040301': { name: 'SHA-224 with ECDSA', broken: false },
  '2a8648ce3d040302': { name: 'SHA-256 with ECDSA', broken: false },
  '2a8648ce3d040303': { name: 'SHA-384 with ECDSA', broken: false },
  '2a8648ce3d040304': { name: 'SHA-512 with ECDSA', broken: false },
  '2b6570': { name: 'Ed25519', broken: false },
  '2b6571': { name: 'Ed448', broken: false },
};

/** Hashes that RSASSA-PSS may name: SHA-256, SHA-384, SHA-512. Without a name it is SHA-1. */
const PSS_HASHES: ReadonlySet<string> = new Set([
  '608648016503040201',
  '608648016503040202',
  '608648016503040203',
]);

const NONE = 'This is no X.509 certificate in DER.';

/** One value of DER: its tag, and where its content begins and ends. */
interface Value {
  readonly tag: number;
  readonly begin: number;
  readonly end: number;
}

/**
 * Walks through the DER of a certificate before any library does: what nests too deep, has too many values or too long
 * identifiers is refused without a call on the stack for each level. Returns how it is signed, `undefined` for an
 * algorithm that is not known. Throws bad-request with the reason.
 */
export function certificateShape(der: Uint8Array): SignatureAlgorithm | undefined {
  if (der.length > MOST_CERTIFICATE_BYTES)
    throw refuse(`The certificate is larger than ${MOST_CERTIFICATE_BYTES} bytes.`);
  const whole = valueAt(der, 0, der.length);
  if (whole.tag !== SEQUENCE || whole.end !== der.length)
    throw refuse('This is no X.509 certificate in DER.');
  walk(der, whole);
  return algorithm(der, whole);
}

function walk(der: Uint8Array, whole: Value): void {
  const ends = [whole.end];
  let at = whole.begin;
  for (let count = 1; ; count++) {
    while (at === ends.at(-1)) ends.pop();
    const end = ends.at(-1);
    if (end === undefined) return;
    if (count > MOST_VALUES) throw refuse('The certificate has too many parts.');
    const value = valueAt(der, at, end);
    if (value.tag === OID && value.end - value.begin > LONGEST_OID)
      throw refuse('The certificate has an object identifier that is too long.');
    if ((value.tag & CONSTRUCTED) === 0) {
      at = value.end;
      continue;
    }
    if (ends.length >= DEEPEST) throw refuse('The parts of the certificate are nested too deep.');
    ends.push(value.end);
    at = value.begin;
  }
}

/** The certificate's second part: its signature's algorithm (RFC 5280 §4.1.1.2). */
function algorithm(der: Uint8Array, whole: Value): SignatureAlgorithm | undefined {
  const signed = taggedAt(der, whole.begin, whole.end, SEQUENCE);
  const identifier = taggedAt(der, signed.end, whole.end, SEQUENCE);
  const id = taggedAt(der, identifier.begin, identifier.end, OID);
  const name = hex(der, id);
  if (name !== PSS) return Object.hasOwn(ALGORITHMS, name) ? ALGORITHMS[name] : undefined;
  const hash = pssHash(der, { ...identifier, begin: id.end });
  return hash !== undefined && PSS_HASHES.has(hash)
    ? { name: 'RSASSA-PSS', broken: false }
    : { name: 'RSASSA-PSS with SHA-1', broken: true };
}

/** The identifier of the hash in the parameters of RSASSA-PSS (RFC 4055 §3.1): SEQUENCE { [0] SEQUENCE { OID } }. */
function pssHash(der: Uint8Array, parameters: Value): string | undefined {
  let value = parameters;
  for (const tag of [SEQUENCE, 0xa0, SEQUENCE, OID]) {
    if (value.begin >= value.end) return undefined;
    value = valueAt(der, value.begin, value.end);
    if (value.tag !== tag) return undefined;
  }
  return hex(der, value);
}

function taggedAt(der: Uint8Array, at: number, end: number, tag: number): Value {
  const value = valueAt(der, at, end);
  if (value.tag !== tag) throw refuse(NONE);
  return value;
}

/** The value that begins at `at` and ends before or at `end`. */
function valueAt(der: Uint8Array, at: number, end: number): Value {
  const tag = der[at];
  const first = der[at + 1];
  if (tag === undefined || first === undefined || at + 2 > end) throw refuse('The certificate is cut off.');
  // Neither long tags nor lengths without an end are DER of a certificate.
  if ((tag & 0x1f) === 0x1f || first === 0x80) throw refuse('The certificate is not in DER.');
  let begin = at + 2;
  let length = first;
  if (first > 0x80) {
    const bytes = first & 0x7f;
    if (bytes > 3) throw refuse('The certificate is cut off.');
    length = 0;
    for (let i = 0; i < bytes; i++) length = length * 256 + (der[begin + i] ?? 0);
    begin += bytes;
  }
  if (begin + length > end) throw refuse('The certificate is cut off.');
  return { tag, begin, end: begin + length };
}

function hex(der: Uint8Array, { begin, end }: Value): string {
  return Buffer.from(der.subarray(begin, end)).toString('hex');
}

function refuse(reason: string): HubError {
  return new HubError('bad-request', reason);
}
