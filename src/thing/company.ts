import type { Capabilities } from '../xmpp/capabilities.js';
import type { Element } from '../xmpp/element.js';
import type { Handler } from '../xmpp/host.js';
import type { Peer } from '../xmpp/peer.js';
import type { Friendship, FriendshipParts } from './friendship.js';
import type { Offer } from './hub-service.js';
import type { Whereabouts } from './whereabouts.js';

/** What a thing is when it appears. */
export interface Appearance {
  /** Whether there is something of it in the registry. */
  readonly listed: boolean;
  readonly capabilities: Capabilities | undefined;
}

/** How a thing and others see each other in one session: by accounts, or on the link. */
export interface Company {
  readonly whereabouts: Whereabouts;
  /** What they need to be answered. */
  readonly handlers: readonly Handler[];
  /** Learns whom the thing knows from before. Rejects if the hub does not say. */
  load(): Promise<void>;
  /** Takes a presence stanza. */
  presence(stanza: Element, peer: Peer): void;
  /** Friendship, once it is known who decides about it. Called once. */
  befriended(parts: FriendshipParts): Friendship;
  /** The thing is there from now on. */
  appear(offer: Offer, facts: Appearance): void;
  /** Waits for nobody any more. */
  stop(): void;
}
