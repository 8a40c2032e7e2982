/**
 * A name on the link and the only certificate that speaks under it. A pin comes with a registration and goes by an
 * owner's decision: the key of a name does not change with the one who owns the thing.
 */
export interface Pin {
  /** Bare JID: the instance name of a presence (XEP-0174), in lower case. */
  readonly jid: string;
  /** SHA-256 fingerprint of the TLS certificate, in lower-case hex. */
  readonly certificate: string;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** How sure the hub is of one who speaks on the link: by name alone, by the pinned certificate, or not to be heard. */
export type LinkVerdict = 'unverified' | 'certificate' | 'refused';

/** What one hears who speaks under a pinned name without its certificate; it names no fingerprint. */
export function pinRefusal(jid: string): string {
  return (
    `The name ${jid} speaks only over TLS with the certificate that it registered with. ` +
    `If this thing lost its key, its owner says on the hub: hearth things trust ${jid}`
  );
}
