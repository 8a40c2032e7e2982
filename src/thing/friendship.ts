import type { Log } from '../system/log.js';
import type { Authorities } from './authorities.js';
import type { Listeners, ThingEvents } from './events.js';
import type { NodeSet } from './node-set.js';
import type { Befriended } from './others/befriending.js';
import type { Trust } from './trust.js';
import type { TrustDesk } from './trust-desk.js';

/** What friendship needs of the thing. */
export interface FriendshipParts {
  /** Where it registers, if anywhere. */
  readonly registry: string | undefined;
  readonly authorities: Authorities;
  readonly trust: Pick<Trust, 'isFriend' | 'befriend' | 'unfriend'>;
  readonly desk: TrustDesk;
  readonly events: Listeners<ThingEvents>;
  readonly log: Log;
  readonly nodes: NodeSet;
}

/** Who is the thing's friend in one session. JIDs are bare. */
export interface Friendship {
  /** Asks another for its friendship. Rejects with jid-malformed. */
  ask(jid: string): Promise<Befriended>;
  /** The hub says that this friendship is welcome [0324 3.2.3]. */
  recommend(jid: string): void | Promise<void>;
  /** The hub ends this friendship, in both directions [0324 3.2.4]. */
  end(jid: string): Promise<void>;
  /** Somebody does not own a node any more: the friendship ends, unless he owns another one [0347 3.17]. */
  ownerLeft(jid: string): void;
  /** A node is not in the registry any more: the friendship with that ends with the last one [0347 3.10, 5.3]. */
  leaveRegistry(): void;
}
