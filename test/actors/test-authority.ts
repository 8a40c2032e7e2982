import { generateKeyPairSync } from 'node:crypto';
import forge from 'node-forge';

/** A certificate authority of a test, with RSA keys, which node-forge can sign with. */
export class TestAuthority {
  readonly pem: string;
  private readonly certificate: forge.pki.Certificate;
  private readonly keys = rsaKeys();

  constructor(name = 'Test authority') {
    this.certificate = certificateFor(name, this.keys.publicKey);
    this.certificate.setIssuer(this.certificate.subject.attributes);
    this.certificate.setExtensions([
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ]);
    this.certificate.sign(this.keys.privateKey, forge.md.sha256.create());
    this.pem = forge.pki.certificateToPem(this.certificate);
  }

  /** A server's key and certificate chain for a domain, as node:tls takes them. */
  issue(domain: string): { key: string; cert: string } {
    const keys = rsaKeys();
    const certificate = certificateFor(domain, keys.publicKey);
    certificate.setIssuer(this.certificate.subject.attributes);
    certificate.setExtensions([
      { name: 'basicConstraints', cA: false },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: domain }] },
    ]);
    certificate.sign(this.keys.privateKey, forge.md.sha256.create());
    const key = forge.pki.privateKeyToPem(keys.privateKey);
    return { key, cert: forge.pki.certificateToPem(certificate) + this.pem };
  }
}

function rsaKeys(): forge.pki.rsa.KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return {
    privateKey: forge.pki.privateKeyFromPem(privateKey),
    publicKey: forge.pki.publicKeyFromPem(publicKey),
  };
}

function certificateFor(name: string, publicKey: forge.pki.PublicKey): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = publicKey;
  certificate.serialNumber = `01${generateSerial()}`;
  certificate.validity.notBefore = new Date(Date.now() - 86_400_000);
  certificate.validity.notAfter = new Date(Date.now() + 86_400_000);
  certificate.setSubject([{ name: 'commonName', value: name }]);
  return certificate;
}

let serial = 0;

function generateSerial(): string {
  serial++;
  return serial.toString(16).padStart(4, '0');
}
