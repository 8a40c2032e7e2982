import type { CertificateRecord } from '../../domain/certificate.js';
import { certificates } from '../keys.js';
import type { View } from '../store.js';

/** What is known of a certificate without its DER, which stays on the disk. */
export type KnownCertificate = Omit<CertificateRecord, 'der'>;

/** The certificates behind tokens, in memory, by their fingerprints. */
export class CertificateIndex implements View<string, CertificateRecord> {
  readonly table = certificates;
  private readonly byFingerprint = new Map<string, KnownCertificate>();

  changed(fingerprint: string, certificate: CertificateRecord | undefined): void {
    if (certificate === undefined) {
      this.byFingerprint.delete(fingerprint);
      return;
    }
    const { der: _onDisk, ...known } = certificate;
    this.byFingerprint.set(fingerprint, known);
  }

  /** The certificate with this fingerprint (hex SHA-256). */
  get(fingerprint: string): KnownCertificate | undefined {
    return this.byFingerprint.get(fingerprint);
  }

  /** All certificates, by their fingerprints. */
  all(): IterableIterator<[string, KnownCertificate]> {
    return this.byFingerprint.entries();
  }
}
