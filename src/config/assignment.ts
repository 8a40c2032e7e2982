import type { Problem } from './config-error.js';
import type { Key } from './key-index.js';
import type { Raw } from './setting.js';

/** A source says that a key has a value: from a file as YAML typed it, otherwise as text. */
export interface Assignment {
  readonly key: Key;
  /** Where it stands, for messages. */
  readonly place: string;
  readonly value: { readonly raw: Raw } | { readonly text: string };
}

/** What one source says, and what of it nobody can follow. */
export interface Reading {
  readonly assignments: readonly Assignment[];
  readonly problems: readonly Problem[];
}
