import type { NodePart } from './command.js';

/** The categories of fields of XEP-0323, in the order in which answers list them. */
export const categories = [
  'momentary',
  'peak',
  'status',
  'computed',
  'identity',
  'historicalSecond',
  'historicalMinute',
  'historicalHour',
  'historicalDay',
  'historicalWeek',
  'historicalMonth',
  'historicalQuarter',
  'historicalYear',
  'historicalOther',
] as const;

/** A category of fields. */
export type Category = (typeof categories)[number];

/** The tokens that came with a request; each says on whose behalf it is made [0324 6.6]. */
export interface Tokens {
  readonly service: readonly string[];
  readonly device: readonly string[];
  readonly user: readonly string[];
}

/** Who stands behind a request, by what the hub could verify. */
export interface Identities {
  /** Bare JID of the caller. */
  readonly jid: string;
  /** SHA-256 fingerprints, in hex, of the certificates behind valid tokens. */
  readonly service: readonly string[];
  readonly device: readonly string[];
  /** Names of users, as `SERVICE-FINGERPRINT/NAME`. */
  readonly user: readonly string[];
}

/** How a request spelt the names of its elements: the answer does the same. */
export type Spelling = 'long' | 'short';

/** A thing asks whether a caller may read something of it [0324 3.3]. No node: the thing itself; no field: any. */
export interface CanRead {
  /** Bare JID of the caller. */
  readonly jid: string;
  readonly tokens: Tokens;
  readonly categories: readonly Category[];
  readonly nodes: readonly NodePart[];
  readonly fields: readonly string[];
}

/** What of it the caller may read; never more than was asked. Empty lists where nothing was named and all is allowed. */
export interface CanReadAnswer {
  readonly jid: string;
  readonly result: boolean;
  readonly categories: readonly Category[];
  readonly nodes: readonly NodePart[];
  readonly fields: readonly string[];
}

/** A thing asks whether a caller may control something of it [0324 3.4]. */
export interface CanControl {
  readonly jid: string;
  readonly tokens: Tokens;
  readonly nodes: readonly NodePart[];
  readonly parameters: readonly string[];
  readonly spelling: Spelling;
}

/** What of it the caller may control; as `CanReadAnswer`. */
export interface CanControlAnswer {
  readonly jid: string;
  readonly result: boolean;
  readonly nodes: readonly NodePart[];
  readonly parameters: readonly string[];
  readonly spelling: Spelling;
}
