/** Where others are, as far as it is seen. Bare JIDs in, what is written to out. */
export interface Whereabouts {
  /** The address at which somebody is reached now, `undefined` where he is not here. */
  of(bare: string): string | undefined;
  /** The same once he is here; `undefined` if he does not come within `ms` milliseconds. */
  appearance(bare: string, ms: number): Promise<string | undefined>;
}
