/** Nothing to say. */
export type Nothing = Readonly<Record<string, never>>;

/** In whose name the administrator acts: an owner's bare JID; the only owner if absent. */
export interface ByOwner {
  readonly owner?: string;
}

/** What one owner sees of the hub: what is his, or nobody's. All of it if absent. */
export interface OfView {
  /** Bare JID. */
  readonly owner?: string;
}
