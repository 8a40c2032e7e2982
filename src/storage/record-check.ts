import type { Entry, KeyRange, Records } from './backend.js';
import { type Chain, type ChainLink, LINK_PREFIX } from './chain.js';
import { ChainWalk } from './chain-walk.js';
import { META_PREFIX } from './meta.js';
import { decodeRecord, recordSum, verifyRecord, verifySum } from './record.js';
import { tablePrefix } from './table.js';
import { Tallies, tallyProblem } from './tally.js';

/** How to read what is checked. */
export interface Reading extends KeyRange {
  /**
   * Whether each key is also looked up: a scan does not look at LevelDB's filters, and where one is damaged, a read
   * by the key misses the record.
   */
  readonly lookUp: boolean;
  /** So many records more were read. The reading ends when this says, or resolves to, false. */
  readonly pace: (records: number) => Promise<boolean> | boolean;
}

/** Holds records to their checksums and to the chain of batches, as they are read. */
export class RecordCheck {
  /** What is wrong, in words. */
  readonly problems: string[] = [];
  /** The records that were read, the store's own not counted. */
  readonly tallies = new Tallies();
  private readonly chain: Chain;
  private readonly walk: ChainWalk;
  private readonly sound: (entry: Entry) => void;

  /** `sound` hears of each record with the right checksum; what it throws counts as a problem. */
  constructor(chain: Chain, sound: (entry: Entry) => void = () => undefined) {
    this.chain = chain;
    this.walk = new ChainWalk(chain);
    this.sound = sound;
  }

  /** Reads a range. Where reading fails, that is a problem too. */
  async read(records: Records, reading: Reading): Promise<void> {
    try {
      for await (const slice of records.scan(reading)) {
        const found = reading.lookUp ? records.getMany(slice.map(([key]) => key)) : undefined;
        for (const entry of slice) this.entry(entry);
        const lost = (await found)?.filter((raw, i) => raw !== slice[i]?.[1]).length ?? 0;
        if (lost > 0) this.problems.push(`${lost} records are not found by their keys`);
        if (!(await reading.pace(slice.length))) return;
      }
    } catch (error) {
      this.problems.push(`reading stopped early: ${wordsOf(error)}`);
    }
  }

  /** The next record, in the order of the keys. */
  entry(entry: Entry): void {
    const [key, raw] = entry;
    const prefix = tablePrefix(key);
    try {
      if (prefix === LINK_PREFIX) this.walk.link(key, decodeRecord<ChainLink>(key, raw));
      else if (prefix === META_PREFIX) verifyRecord(key, raw);
      else {
        const sum = recordSum(raw);
        this.tallies.add(prefix, 1, sum);
        verifySum(key, raw, sum);
        this.sound(entry);
      }
    } catch (error) {
      this.problems.push(wordsOf(error));
    }
  }

  /** All links were read: whether they lead to the chain's head. */
  endChain(): void {
    this.problems.push(...this.walk.problems());
  }

  /** All records were read: whether they are as many as, and those that, were written. */
  endRecords(): void {
    const problem = tallyProblem(this.tallies.total(), this.chain.head);
    if (problem !== undefined) this.problems.push(problem);
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
