import type { CertificateRecord } from '../../domain/certificate.js';
import type { CertificateIndex, KnownCertificate } from '../../storage/indexes/certificate-index.js';
import { certificates } from '../../storage/keys.js';
import type { Store, Transaction, View } from '../../storage/store.js';
import type { Clock, Timer } from '../../system/clock.js';
import type { Log } from '../../system/log.js';
import { appendAudit } from '../audit-trail.js';
import { announceIdentities } from './announce-identities.js';

/** How long nobody looks, at most and at least, in milliseconds: the clock may be set at any time. */
const LONGEST = 3_600_000;
const SHORTEST = 1000;

/** When to look again where nothing could be judged or written, in milliseconds. */
const AGAIN = 60_000;

/** Certificates that one transaction marks; the next look takes the rest. */
const AT_ONCE = 100;

/**
 * Notices that certificates end while the hub runs, or ended while it did not: the things that have rules about them
 * forget their cached answers [0324 3.1.3]. A clock that is set back makes them good again, and is told likewise.
 * Nothing happens while the hub does not know the time.
 */
export class WatchExpiry implements View<string, CertificateRecord> {
  readonly table = certificates;
  private readonly store: Store;
  private readonly index: CertificateIndex;
  private readonly timeKnown: () => boolean;
  private readonly clock: Clock;
  private readonly log: Log;
  private timer: Timer | undefined;
  private due = Number.POSITIVE_INFINITY;
  private running = false;

  constructor(store: Store, index: CertificateIndex, timeKnown: () => boolean, clock: Clock, log: Log) {
    this.store = store;
    this.index = index;
    this.timeKnown = timeKnown;
    this.clock = clock;
    this.log = log;
  }

  /** Looks now, then when the next certificate ends. After the store has started. */
  start(): void {
    this.running = true;
    this.look();
  }

  /** Ends. */
  stop(): void {
    this.running = false;
    this.timer?.cancel();
  }

  changed(_fingerprint: string, certificate: CertificateRecord | undefined): void {
    if (this.running && certificate !== undefined && certificate.notAfter < this.due)
      this.schedule(certificate.notAfter);
  }

  private look(): void {
    if (!this.timeKnown() || this.store.damage !== undefined) {
      this.schedule(this.clock.now() + AGAIN);
      return;
    }
    const wrong = this.wrong(this.clock.now());
    this.mark(wrong.slice(0, AT_ONCE)).then(
      () => this.schedule(wrong.length > AT_ONCE ? this.clock.now() : this.next()),
      (error: unknown) => {
        this.log.error('What follows from the end of certificates was not written.', {
          error: String(error),
        });
        this.schedule(this.clock.now() + AGAIN);
      },
    );
  }

  /** Whose mark is not what the clock says. */
  private wrong(now: number): string[] {
    const found: string[] = [];
    for (const [fingerprint, certificate] of this.index.all())
      if (isMarkedWrong(certificate, now)) found.push(fingerprint);
    return found;
  }

  private async mark(fingerprints: readonly string[]): Promise<void> {
    if (fingerprints.length === 0) return;
    await this.store.transact(async (transaction) => {
      const at = this.clock.now();
      const changed = new Set<string>();
      for (const fingerprint of fingerprints)
        if (await this.markOne(transaction, fingerprint, at)) changed.add(fingerprint);
      if (changed.size > 0) await announceIdentities(transaction, changed, at);
    });
  }

  private async markOne(transaction: Transaction, fingerprint: string, at: number): Promise<boolean> {
    const certificate = await transaction.get(certificates, fingerprint);
    if (certificate === undefined || !isMarkedWrong(certificate, at)) return false;
    const { lapsed, ...rest } = certificate;
    transaction.put(certificates, fingerprint, lapsed ? rest : { ...rest, lapsed: true });
    const outcome = lapsed ? 'valid again' : 'expired';
    await appendAudit(transaction, { at, what: 'certificate', by: 'hub', about: fingerprint, outcome });
    return true;
  }

  /** When the next certificate ends, in milliseconds since 1970. */
  private next(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const [, { notAfter, revoked, lapsed }] of this.index.all())
      if (revoked === undefined && lapsed === undefined) next = Math.min(next, notAfter);
    return next;
  }

  private schedule(at: number): void {
    this.timer?.cancel();
    if (!this.running) return;
    const wait = Math.min(Math.max(at + 1 - this.clock.now(), SHORTEST), LONGEST);
    this.due = this.clock.now() + wait;
    this.timer = this.clock.after(wait, () => this.look(), 'end of a certificate');
  }
}

function isMarkedWrong({ notAfter, revoked, lapsed }: KnownCertificate, now: number): boolean {
  if (revoked !== undefined) return false;
  return now > notAfter ? lapsed === undefined : lapsed !== undefined;
}
