import { type Chain, type ChainAnchor, type ChainLink, LINK_PREFIX, rollHash } from './chain.js';

/**
 * Follows the chain of batches from its anchor to its head while its links are read. LevelDB drops damaged parts of
 * its log without a word; here they show.
 */
export class ChainWalk {
  private readonly chain: Chain;
  private at: ChainAnchor;
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

  /** What is wrong, once every link was read. */
  problems(): readonly string[] {
    const { head } = this.chain;
    if (this.at.seq !== head.seq) {
      return [...this.found, `the last batch is ${head.seq}, but the chain ends at ${this.at.seq}`];
    }
    if (this.at.hash === head.hash) return this.found;
    return [...this.found, 'the chain of batches does not end as it should'];
  }
}
