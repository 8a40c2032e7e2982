import type { LinkVerdict } from '../../domain/pin.js';
import type { World } from '../../system/world.js';
import type { Element } from '../element.js';
import type { Peer } from '../peer.js';
import type { LinkPresences } from './link-presence.js';

/** What an endpoint needs of the world. */
export type LinkWorld = Pick<World, 'clock' | 'random' | 'network' | 'log'>;

/** A private key and the certificate for it, those that signed it behind it. Both in PEM. */
export interface LinkIdentity {
  readonly key: string;
  readonly cert: string;
}

/** How much strangers may use of an endpoint. */
export interface LinkLimits {
  /** Streams whose peer is known, in all and from one address. */
  readonly streams: number;
  readonly streamsPerAddress: number;
  /** Connections whose peer is not known yet, in all (half of them where nobody is announced) and from one address. */
  readonly opening: number;
  readonly openingPerAddress: number;
  /** Seconds until a connection must have said who it is. */
  readonly openSeconds: number;
  /** Bytes of one stanza. */
  readonly stanzaBytes: number;
  /** Stanzas that wait for one peer while a stream to it opens. */
  readonly waiting: number;
}

/** Limits for a home. */
export const linkLimits: LinkLimits = {
  streams: 1000,
  streamsPerAddress: 100,
  opening: 100,
  openingPerAddress: 20,
  openSeconds: 15,
  stanzaBytes: 262_144,
  waiting: 100,
};

/** Who may speak under which name, where names prove nothing. */
export interface LinkTrustPort {
  /**
   * Judges one who speaks as `jid` (bare) and showed this certificate, or none. A refusal may be reported, so it is
   * asked only when something is to be said or heard. Fingerprints are SHA-256 in lower-case hex; `authority` is that of
   * the certificate that signs itself and, link by link, signed the one that was shown.
   */
  admit(jid: string, certificate: string | undefined, authority: string | undefined): LinkVerdict;
  /** Whether the name speaks with one certificate only: then TLS is required of it. Reports nothing. */
  isPinned(jid: string): boolean;
}

/** How an endpoint is set up. */
export interface EndpointOptions extends LinkTrustPort {
  /** Addresses to listen on; `::` is every one, also of IPv4. */
  readonly listen: readonly string[];
  /** The wanted port: any free one if it is taken, or 0. */
  readonly port: number;
  /** Our own instance, `user@machine`, as it is now. */
  readonly instance: () => string;
  readonly presences: LinkPresences;
  /** What we show in TLS, as either side. */
  readonly certificate: () => LinkIdentity;
  readonly limits: LinkLimits;
  /** The answer to disco#info, with its node, to be told at once in the stream's features [0174 10]. */
  readonly info?: (() => Element) | undefined;
  /** What one hears who is refused for his certificate; says what to do. */
  readonly refusal?: ((jid: string) => string) | undefined;
  /** Resolves once our own presence is known to others, who hang up on strangers: nothing is dialled before. */
  readonly settled?: (() => Promise<unknown>) | undefined;
  /**
   * Takes an iq or message. `from` is the peer's bare JID; `to` is as the peer wrote it, our own instance if it wrote
   * none. What could not be brought to a peer comes back here as an error from it.
   */
  readonly receive: (stanza: Element, peer: Peer) => void;
  /** A presence appeared. */
  readonly came?: ((peer: Peer) => void) | undefined;
  /** A peer broke a stream off; the condition of RFC 6120 §4.9.3, and its words for a person. */
  readonly broken?: ((peer: Peer, condition: string, text: string | undefined) => void) | undefined;
  /** A presence is not announced any more. */
  readonly gone: (peer: Peer) => void;
}
