import type { SearchOperator } from '../../src/domain/search.js';
import type { Tag } from '../../src/domain/tag.js';

/** What a search delivers of a thing: where it is, and its tags as a list. */
export interface Row {
  readonly jid: string;
  readonly owner: string;
  readonly tags: readonly Tag[];
}

/** One page of a query. */
export interface Query {
  readonly operators: readonly SearchOperator[];
  readonly offset: number;
  readonly maxCount: number;
}

/** One way to keep things and to search them. Only public things are found. */
export interface Side {
  readonly name: string;
  /** Takes the things 0 to `count` - 1. */
  fill(count: number): Promise<void>;
  /** The things that fit, in an order of its own. */
  find(query: Query): readonly Row[] | Promise<readonly Row[]>;
  close(): Promise<void>;
}
