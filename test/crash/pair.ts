import type { Table } from '../../src/storage/table.js';

/** A record that is written in two places at once: both or none are there after a crash. */
export interface Pair {
  readonly round: number;
  readonly number: number;
  /** Some length, so that batches spread over several blocks of the log. */
  readonly filling: string;
}

const table = (name: string, prefix: string): Table<string, Pair> => ({
  name,
  prefix,
  encode: (key) => key,
  decode: (text) => text,
});

/** The two places. */
export const left = table('left', 'y!');
export const right = table('right', 'z!');
