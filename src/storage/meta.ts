import { StartFailure } from '../domain/start-failure.js';
import type { Backend, Change } from './backend.js';
import { type Chain, type ChainAnchor, type ChainHead, metaKeys, newChain, record } from './chain.js';
import { decodeRecord } from './record.js';

/** What a store says of itself. */
export interface Meta {
  /** The store's id. */
  readonly instance: string;
  readonly chain: Chain;
}

interface Format {
  /** The number of the format of keys and records. */
  readonly schema: number;
  /** The first version of the program that reads it. */
  readonly needs: string;
}

/** The format that this program reads and writes. */
const FORMAT: Format = { schema: 1, needs: '0.1.0' };

/** Before the keys of the store's own records. */
export const META_PREFIX = 'm!';

/**
 * Reads the store's own records; `undefined` where one is missing or damaged, with a line in `problems` unless all are
 * missing. Throws a StartFailure `newer-data` if the data needs a newer program.
 */
export function readMeta(backend: Backend, problems: string[]): Meta | undefined {
  const raws = readRaws(backend, problems);
  if (raws === undefined) return undefined;
  const read = <V>(key: string): V | undefined => {
    const raw = raws.get(key);
    try {
      if (raw !== undefined) return decodeRecord<V>(key, raw);
      problems.push(`the record "${key}" is missing`);
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
    return undefined;
  };
  const format = read<Format>(metaKeys.schema);
  if (format !== undefined && format.schema > FORMAT.schema) throw newerData(format);
  const instance = read<string>(metaKeys.instance);
  const head = read<ChainHead>(metaKeys.head);
  const anchor = read<ChainAnchor>(metaKeys.anchor);
  if (format === undefined || instance === undefined || head === undefined || anchor === undefined) {
    return undefined;
  }
  return { instance, chain: { anchor, head } };
}

function readRaws(backend: Backend, problems: string[]): Map<string, string | undefined> | undefined {
  try {
    const raws = new Map(Object.values(metaKeys).map((key) => [key as string, backend.get(key)]));
    return [...raws.values()].every((raw) => raw === undefined) ? undefined : raws;
  } catch (error) {
    // LevelDB opens without a look at its tables; one that is no table shows at the first read.
    problems.push(`reading is not possible: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** The own records of a new store: what to write, and how it begins. */
export function newMeta(instance: string): { readonly meta: Meta; readonly changes: readonly Change[] } {
  const chain = newChain(instance);
  return {
    meta: { instance, chain },
    changes: [
      record(metaKeys.schema, FORMAT),
      record(metaKeys.instance, instance),
      record(metaKeys.anchor, chain.anchor),
      record(metaKeys.head, chain.head),
    ],
  };
}

function newerData(format: Format): StartFailure {
  return new StartFailure(
    'newer-data',
    `The data has format ${format.schema} and needs Hearth ${format.needs} or later; this program reads format ${FORMAT.schema}. Install that version, or put back a copy of the data folder from before.`,
  );
}
