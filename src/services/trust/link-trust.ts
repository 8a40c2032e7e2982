import { isOnLink, refusalOf } from '../../domain/assurance.js';
import type { Caller, HubOperation } from '../../domain/command.js';
import { HubError } from '../../domain/errors.js';
import { type LinkVerdict, pinRefusal } from '../../domain/pin.js';
import type { PinIndex } from '../../storage/indexes/pin-index.js';

/** Hears of one who was refused, with the fingerprint of the certificate that he showed. */
export type RefusalListener = (jid: string, certificate: string | undefined) => void;

/**
 * Who may speak under which name on the link, where a name alone proves nothing. A pinned name speaks with its
 * certificate only; nobody there speaks under a name that belongs elsewhere.
 */
export class LinkTrust {
  private readonly pins: Pick<PinIndex, 'get'>;
  private readonly reserved: (jid: string) => boolean;
  private readonly refused: RefusalListener;

  /**
   * `reserved` says of a bare JID that it is no name of the link, such as one of the hub's own domain or of an owner
   * elsewhere; `refused` hears of those whose certificate is another than the pinned one.
   */
  constructor(
    pins: Pick<PinIndex, 'get'>,
    reserved: (jid: string) => boolean,
    refused: RefusalListener = () => undefined,
  ) {
    this.pins = pins;
    this.reserved = reserved;
    this.refused = refused;
  }

  /**
   * Judges one who speaks as `jid` (bare) and showed a certificate with this fingerprint (lower-case hex SHA-256), or
   * none. From memory; a refusal is reported.
   */
  admit(jid: string, certificate: string | undefined): LinkVerdict {
    const verdict = this.judge(jid, certificate);
    if (verdict === 'refused' && !this.reserved(jid)) this.refused(jid, certificate);
    return verdict;
  }

  /** The same for who is let in already; nothing is reported. */
  judge(jid: string, certificate: string | undefined): LinkVerdict {
    if (this.reserved(jid)) return 'refused';
    const pin = this.pins.get(jid);
    if (pin === undefined) return 'unverified';
    return pin.certificate === certificate ? 'certificate' : 'refused';
  }

  /** What one hears who is refused as `jid`: why, and what to do. */
  refusal(jid: string): string {
    return this.reserved(jid)
      ? `${jid} is no name of the link: it is the hub's own, or that of an owner elsewhere, who writes from there.`
      : pinRefusal(jid);
  }

  /**
   * The caller of an operation as sure as he is now: the pin may be of later than his stream. Called before any service
   * is. Refuses with wrong-certificate, forbidden, and what the table of assurance says.
   */
  enter(operation: HubOperation, caller: Caller): Caller {
    const now = this.asOfNow(caller);
    const refusal = refusalOf(operation, now.assurance);
    if (refusal !== undefined) throw refusal;
    return now;
  }

  private asOfNow(caller: Caller): Caller {
    const { jid, assurance, certificate } = caller;
    if (!isOnLink(assurance)) return caller;
    const verdict = this.admit(jid, certificate);
    if (verdict === assurance) return caller;
    if (verdict !== 'refused') return { ...caller, assurance: verdict };
    throw new HubError(this.reserved(jid) ? 'forbidden' : 'wrong-certificate', this.refusal(jid));
  }
}
