import type { Dialect } from './generation.js';
import type { NodeAddress } from './node-address.js';
import type { Tag } from './tag.js';

/** A thing of the registry, as everybody who may know of it sees it. */
export interface KnownThing extends NodeAddress {
  /** Without KEY, in the order of the registration. */
  readonly tags: readonly Tag[];
  /** Bare JID of the owner; absent while nobody claimed it. A self-owned thing is its own owner [0347 3.7]. */
  readonly owner?: string;
  /** Whether searches find it, once it is claimed. */
  readonly public: boolean;
  /** Removed from the registry by its owner: unfindable, still owned [0347 3.10]. */
  readonly removed?: true;
  /** What it registered with: notices go out in the same dialect. */
  readonly generation: Dialect;
  /** The address of the hub that it knows: notices come from there, and things compare it as text. */
  readonly hub: string;
}

/** A thing of the registry, whole. */
export interface Thing extends KnownThing {
  /** KEY among them until somebody claims it. */
  readonly tags: readonly Tag[];
  /** Hex SHA-256 of the canonical tags that a claim must match; kept after the claim, for repeats. */
  readonly claimHash: string;
  /** The same of other sets of tags that a claim may name instead. */
  readonly otherHashes?: readonly string[];
  /** The number of the notice that tells it that it is disowned, while that is not acknowledged [0347 3.17]. */
  readonly disowning?: number;
  /** Milliseconds since 1970. */
  readonly registeredAt: number;
  readonly claimedAt?: number;
}
