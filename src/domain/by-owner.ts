/** Nothing to say. */
export type Nothing = Readonly<Record<string, never>>;

/** In whose name the administrator acts: an owner's bare JID; the only owner if absent. */
export interface ByOwner {
  readonly owner?: string;
}
