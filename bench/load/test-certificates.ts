import { generateKeyPairSync } from 'node:crypto';
import forge from 'node-forge';

/** A certificate with what yardsticks need of it. */
export interface BenchCertificate {
  /** DER, as base64 text. */
  readonly text: string;
  /** Its key as node-forge reads it. */
  readonly key: forge.pki.rsa.PublicKey;
}

/** How long each certificate is valid, in milliseconds. */
const VALIDITY = 86_400_000;

/** Different certificates that sign themselves, with one key: making keys takes long, and all cost the same. */
export function testCertificates(count: number, bits: number): BenchCertificate[] {
  const pair = generateKeyPairSync('rsa', { modulusLength: bits });
  const signer = forge.pki.privateKeyFromPem(
    pair.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
  );
  const key = forge.pki.setRsaPublicKey(signer.n, signer.e);
  return Array.from({ length: count }, (_, i) => {
    const certificate = forge.pki.createCertificate();
    certificate.publicKey = key;
    certificate.serialNumber = `01${i.toString(16).padStart(4, '0')}`;
    certificate.validity.notBefore = new Date(Date.now() - VALIDITY);
    certificate.validity.notAfter = new Date(Date.now() + VALIDITY);
    certificate.setSubject([{ name: 'commonName', value: `Thing ${i}` }]);
    certificate.setIssuer(certificate.subject.attributes);
    certificate.sign(signer, forge.md.sha256.create());
    const der = forge.asn1.toDer(forge.pki.certificateToAsn1(certificate)).getBytes();
    return { text: Buffer.from(der, 'latin1').toString('base64'), key };
  });
}
