import type { ByOwner } from './by-owner.js';
import type { Assurance } from './command.js';

/** What the administrator asks about the names of the link; forms as in `AdminOperations`. */
export interface TrustOperations {
  'things-trust': { request: TrustRequest; answer: TrustReport };
}

/** Which certificate speaks under the name of a thing: the refused one, if nothing is said of it. */
export interface TrustRequest extends ByOwner {
  readonly address: string;
  /** Its fingerprint, or the beginning of that. */
  readonly fingerprint?: string;
  /** None is needed any more. */
  readonly forget?: boolean;
}

/** What became of the certificate of a name: fingerprints in lower-case hex, `null` for none. */
export interface TrustReport {
  /** Bare JID. */
  readonly address: string;
  readonly before: string | null;
  readonly now: string | null;
}

/** The certificate that speaks under a name of the link. */
export interface PinReport {
  /** Its fingerprint. */
  readonly certificate: string;
  readonly since: string;
  /** Fingerprints of others that were refused since the owner last decided, the latest last. */
  readonly refused: readonly string[];
}

/** One way in which a thing is reached now. */
export interface ReachReport {
  /** The door: `c2s`, `link-local`, `uplink` or `component`. */
  readonly edge: string;
  readonly assurance: Assurance;
}
