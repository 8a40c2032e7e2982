import type { Generation } from './generation.js';
import type { NodeAddress } from './node-address.js';
import type { Tag } from './tag.js';

/** A thing of the registry. */
export interface Thing extends NodeAddress {
  readonly tags: readonly Tag[];
  /** Bare JID of the owner; absent while nobody claimed it. A self-owned thing is its own owner [0347 3.6]. */
  readonly owner?: string;
  /** Whether searches find it, once it is claimed. */
  readonly public: boolean;
  /** Removed from the registry by its owner: unfindable, still owned [0347 3.9]. */
  readonly removed?: true;
  /** The generation it registered with: notices go out in the same one. */
  readonly generation: Generation;
  /** The address of the hub that it knows: notices come from there, and things compare it as text. */
  readonly hub: string;
  /** Hex SHA-256 of the canonical tags that a claim must match; kept after the claim, for repeats. */
  readonly claimHash: string;
  /** Milliseconds since 1970. */
  readonly registeredAt: number;
  readonly claimedAt?: number;
}
