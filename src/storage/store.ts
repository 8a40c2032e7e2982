import type { Table } from './table.js';

/** Reads of records, by their tables. A record with a wrong checksum rejects with its key named. */
export interface Reader {
  /** The record, or `undefined`. */
  get<K, V>(table: Table<K, V>, key: K): Promise<V | undefined>;
  /**
   * The records of a table in the order of their keys. `prefix` keeps to keys that begin with the encoded text;
   * `reverse` begins at the end; `limit` counts records.
   */
  scan<K, V>(table: Table<K, V>, options?: ScanOptions): AsyncIterable<readonly [K, V]>;
}

/** What part of a table to read. */
export interface ScanOptions {
  readonly prefix?: string;
  readonly reverse?: boolean;
  readonly limit?: number;
}

/** Reads and writes of one transaction; its reads see its own writes and all earlier transactions. */
export interface Transaction extends Reader {
  put<K, V>(table: Table<K, V>, key: K, value: V): void;
  /**
   * The same for a key that is known to be free, as one made of a counter: what lies there is not read before. Used
   * twice by mistake, the store's tally is wrong, and the next start says so.
   */
  add<K, V>(table: Table<K, V>, key: K, value: V): void;
  delete<K, V>(table: Table<K, V>, key: K): void;
}

/** A view in memory that the store keeps up to date: an index, a cache of decisions, the outbox. */
export interface View<K = unknown, V = unknown> {
  readonly table: Table<K, V>;
  /** How many of the last records matter to it, where not all do: then a start tells it of no others. */
  readonly tail?: number;
  /** A record as it is now, `undefined` if it was deleted. Called for all records at start, then after each commit. */
  changed(key: K, value: V | undefined): void;
  /** Called before a start tells it of all records, and once it has; nothing is asked of it in between. */
  begin?(): void;
  end?(): void;
}

/**
 * A view whose content can be kept in a file beside the database, so that a start need not read every record of its
 * table. The bytes hold no more of a record than the view itself does.
 */
export interface SnapshotView<K = unknown, V = unknown> extends View<K, V> {
  /** How many records it holds. */
  readonly count: number;
  /** The whole content as it is at this moment, in pieces to be written one after the other. */
  save(): readonly Uint8Array[];
  /**
   * Brings back what `save` gave, joined, into an empty view. Throws where the content is malformed or of another
   * layout, and leaves the view empty then.
   */
  restore(content: Uint8Array): void;
  /** Forgets everything. */
  clear(): void;
  /**
   * Whether the record, as the disk has it now, is the one that the view was told of. A start from a file serves before
   * all records are checked: one that was lost, or fell back, shows when a transaction reads it.
   */
  agrees(key: K, value: V | undefined): boolean;
}

/** Why the hub serves nothing that could do harm: what is damaged, and what to do. */
export interface Damage {
  readonly text: string;
}

/**
 * The hub's records. LevelDB stands behind it at home; the interface assumes only bytewise order of keys, so that
 * another database can.
 */
export interface Store extends Reader {
  /**
   * Opens, checks the chain of batches and feeds the views; what of the records is not checked by then is checked in
   * the background. Rejects only where safe mode cannot open the data.
   */
  start(): Promise<void>;
  /** Waits for what was begun, then closes. */
  stop(): Promise<void>;
  /**
   * Runs `fn` alone: nothing else is read and written in between. Resolves once all that it wrote is on the disk as
   * one atomic batch; the views know of it by then. `fn` may run more than once and has no other effect. If `fn`
   * throws, nothing is written. Rejects with safe-mode on damaged data and with store-failed when the disk refuses.
   */
  transact<T>(fn: (transaction: Transaction) => Promise<T> | T): Promise<T>;
  /** Adds a view. Before `start` only. */
  follow<K, V>(view: View<K, V>): void;
  /**
   * Somebody found that the records cannot be right, such as one that memory knows and the disk does not: the store
   * enters safe mode. `problem` says what is wrong, without values. Inside a transaction it ends that one too.
   */
  report(problem: string): void;
  /** Set while the store is in safe mode: nothing is written. */
  readonly damage: Damage | undefined;
  /** Calls the listener when the store enters safe mode. Before `start` only. */
  onDamage(listener: () => void): void;
}
