import type { LinkVerdict } from '../../domain/pin.js';
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
    if (this.reserved(jid)) return 'refused';
    const pin = this.pins.get(jid);
    if (pin === undefined) return 'unverified';
    if (pin.certificate === certificate) return 'certificate';
    this.refused(jid, certificate);
    return 'refused';
  }
}
