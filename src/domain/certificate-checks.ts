import type { CertificateFacts } from './certificate.js';

/** Which certificates the hub takes, beyond what its challenge needs. */
export interface CertificatePolicy {
  /** Whether one may vouch for itself. Who has its key is all that a token says, and rules name one certificate. */
  readonly selfSigned: boolean;
  /** Whether an authority of the hub's configuration must have issued it. */
  readonly issued: boolean;
}

/** RSA keys below this are weak, those above cost too long to encrypt for; in bits. */
const LEAST_BITS = 2048;
const MOST_BITS = 8192;

/** The largest public exponent: the cost of a challenge grows with it. */
const MOST_EXPONENT = 0xffff_ffffn;

interface Check {
  readonly name: string;
  /** Why this check refuses the certificate at this time, and what to do about it; `undefined` if it does not. */
  refuses(facts: CertificateFacts, policy: CertificatePolicy, now: number): string | undefined;
}

/** What is checked of a certificate before it gets a challenge [0324 3.1.3], in this order. */
export const certificateChecks: readonly Check[] = [
  {
    name: 'key-type',
    refuses: ({ keyType }) =>
      keyType === 'rsa'
        ? undefined
        : `The certificate's key is of type ${keyType}. A challenge is encrypted with the certificate's key, ` +
          `which only RSA keys can do: use a certificate with an RSA key of at least ${LEAST_BITS} bits.`,
  },
  {
    name: 'key-size',
    refuses: ({ keyBits }) =>
      keyBits >= LEAST_BITS && keyBits <= MOST_BITS
        ? undefined
        : `The certificate's RSA key has ${keyBits} bits. Use one of ${LEAST_BITS} to ${MOST_BITS} bits.`,
  },
  {
    name: 'key-exponent',
    refuses: ({ exponent }) =>
      exponent >= 3n && exponent <= MOST_EXPONENT && exponent % 2n === 1n
        ? undefined
        : "The certificate's RSA key has an unusual public exponent. Use 65537.",
  },
  {
    name: 'signature',
    refuses: ({ signature }) => {
      if (signature === undefined) return 'The hub does not know how the certificate is signed. Use SHA-256.';
      if (!signature.broken) return undefined;
      return `The certificate is signed by ${signature.name}, which can be forged. Use SHA-256.`;
    },
  },
  {
    name: 'not-yet-valid',
    refuses: ({ notBefore }, _policy, now) =>
      now >= notBefore
        ? undefined
        : `The certificate is not valid before ${day(notBefore)}. Check the clocks of the device and the hub.`,
  },
  {
    name: 'expired',
    refuses: ({ notAfter }, _policy, now) =>
      now <= notAfter ? undefined : `The certificate expired on ${day(notAfter)}. Get a new one.`,
  },
  {
    name: 'self-signed',
    refuses: ({ selfSigned, vouchedUntil }, policy) =>
      policy.selfSigned || !selfSigned || vouchedUntil !== undefined
        ? undefined
        : 'The certificate is signed by itself, which this hub does not take. Get one from an authority.',
  },
  {
    name: 'issuer',
    refuses: ({ vouchedUntil }, policy, now) =>
      !policy.issued || (vouchedUntil !== undefined && now <= vouchedUntil)
        ? undefined
        : 'No authority that this hub trusts has issued the certificate.',
  },
];

/** Why the certificate is refused now (milliseconds since 1970), for its holder; `undefined` if it is good. */
export function certificateRefusal(
  facts: CertificateFacts,
  policy: CertificatePolicy,
  now: number,
): string | undefined {
  for (const check of certificateChecks) {
    const reason = check.refuses(facts, policy, now);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
