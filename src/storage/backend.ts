/** One change of one key: the record as it lies in the database, `undefined` where the key is deleted. */
export interface Change {
  readonly key: string;
  readonly raw: string | undefined;
}

/** Keys from `from` (included) to `to` (excluded; `undefined` for the end), in the order of their UTF-8 bytes. */
export interface KeyRange {
  readonly from: string;
  readonly to: string | undefined;
  readonly reverse?: boolean;
  /** How many records to bring at once. */
  readonly slice?: number;
  /** Whether to read on while the caller works on a slice: for those who want all of a long range. */
  readonly ahead?: boolean;
}

/** A key and its record. */
export type Entry = readonly [key: string, raw: string];

/** Records to read. */
export interface Records {
  /** The records of a range as they are at the moment of the call, in slices. */
  scan(range: KeyRange): AsyncIterable<readonly Entry[]>;
  /** What `get` finds for each of the keys, read beside this thread. */
  getMany(keys: readonly string[]): Promise<readonly (string | undefined)[]>;
}

/** The records as they were at one moment, whatever is written since. */
export interface FrozenRecords extends Records {
  /** Lets go of them; nothing is read afterwards. */
  release(): Promise<void>;
}

/** What the transactions need of a database: ordered keys and atomic batches. */
export interface Backend extends Records {
  /** The record, `undefined` where there is none. Takes microseconds and does not wait for a running commit. */
  get(key: string): string | undefined;
  /** The records as they are at the moment of the call. */
  freeze(): FrozenRecords;
  /** Writes all changes or none. Resolves once they are on the disk. */
  commit(changes: Iterable<Change>): Promise<void>;
}
