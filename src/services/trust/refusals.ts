/** Names that are remembered, and certificates of each; beyond that the oldest are forgotten. */
const NAMES = 1000;
const EACH = 5;

/** What came under a name and was not trusted since an owner last decided about it. */
export interface Refused {
  /** Fingerprints (lower-case hex SHA-256), the latest last. */
  readonly certificates: readonly string[];
  /** Whether somebody showed no certificate at all. */
  readonly inClear: boolean;
}

const NOTHING: Refused = { certificates: [], inClear: false };

/** The certificates that were last refused under each name of the link (bare JID), in memory. */
export class Refusals {
  private readonly byName = new Map<string, Refused>();

  /** Notes one, `undefined` for none. */
  note(jid: string, certificate: string | undefined): void {
    const { certificates, inClear } = this.of(jid);
    const others = certificates.filter((known) => known !== certificate);
    this.byName.delete(jid);
    if (this.byName.size >= NAMES) this.byName.delete(this.byName.keys().next().value ?? '');
    this.byName.set(jid, {
      certificates: certificate === undefined ? others : [...others, certificate].slice(-EACH),
      inClear: inClear || certificate === undefined,
    });
  }

  /** What was refused under this name. */
  of(jid: string): Refused {
    return this.byName.get(jid) ?? NOTHING;
  }

  /** The names under which something was refused, the latest last. */
  names(): readonly string[] {
    return [...this.byName.keys()];
  }

  /** An owner decided about this name. */
  forget(jid: string): void {
    this.byName.delete(jid);
  }
}
