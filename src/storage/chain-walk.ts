import {
  addSum,
  type Chain,
  type ChainAnchor,
  type ChainHead,
  type ChainLink,
  LINK_PREFIX,
  rollHash,
} from './chain.js';
import { recordSum } from './record.js';

/**
 * Follows the chain of batches from its anchor to its head, and counts the records, while one scan reads them all.
 * LevelDB drops damaged parts of its log without a word; here they show.
 */
export class ChainWalk {
  private readonly chain: Chain;
  private at: ChainAnchor;
  private records = 0;
  private sum = 0;
  private readonly found: string[] = [];

  constructor(chain: Chain) {
    this.chain = chain;
    this.at = chain.anchor;
  }

  /** The next link, in the order of the keys. */
  link(key: string, link: ChainLink): void {
    const seq = Number(key.slice(LINK_PREFIX.length));
    const expected = this.at.seq + 1;
    if (seq !== expected) this.found.push(`batches are missing: ${expected} is due and ${seq} comes`);
    else if (rollHash(this.at.hash, link.ops, link.digest) !== link.hash) {
      this.found.push(`batch ${seq} does not follow the one before it`);
    }
    this.at = { seq, hash: link.hash };
  }

  /** The next record of a table. */
  record(raw: string): void {
    this.records += 1;
    this.sum = addSum(this.sum, recordSum(raw));
  }

  /** What is wrong, once everything was read. */
  problems(): readonly string[] {
    const { head } = this.chain;
    if (this.at.seq !== head.seq) {
      this.found.push(`the last batch is ${head.seq}, but the chain ends at ${this.at.seq}`);
    } else if (this.at.hash !== head.hash) this.found.push('the chain of batches does not end as it should');
    return [...this.found, ...this.counts(head)];
  }

  private counts(head: ChainHead): string[] {
    if (this.records !== head.records) {
      return [`there are ${this.records} records where ${head.records} were written`];
    }
    return this.sum === head.sum ? [] : ['some records are not those that were written last'];
  }
}
