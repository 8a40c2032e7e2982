import type { Found } from './mdns/found.js';

export type { Found } from './mdns/found.js';

/** A service came, went, or is reached or described otherwise than before. */
export interface BrowserChange {
  readonly kind: 'up' | 'changed' | 'down';
  readonly found: Found;
}

/** The instances of one service type that are announced on the LANs of the machine now. RFC 6763 §4 */
export interface Browser {
  /** Those whose port, address and text are known. */
  all(): readonly Found[];
  /** One by its instance's name; case does not count. */
  find(instance: string): Found | undefined;
  /** An instance could not be reached at its addresses: one that is not announced any more is gone soon. RFC 6762 §10.4 */
  doubt(instance: string): void;
  /** Calls the listener with each change from now on; returns what ends that. */
  onChange(listener: (change: BrowserChange) => void): () => void;
}
