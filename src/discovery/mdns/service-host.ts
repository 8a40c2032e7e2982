import type { Due } from './due-queue.js';
import { isInSubnet, isLinkLocal6, isUniqueLocal6, type Lan } from './interfaces.js';
import type { Link } from './link.js';
import { foldName } from './names.js';
import type { Question } from './packet.js';
import { RecordSet } from './record-set.js';

/** Addresses of one family that are kept of a host. */
const MAX_ADDRESSES = 8;

/** An address with what it is preferred by: the lower the rank, the sooner it is tried. */
export interface RankedAddress {
  readonly rank: number;
  readonly address: string;
}

/** What can be on a host. */
export interface Resident {
  readonly isWanted: boolean;
  readonly isResolved: boolean;
}

/** What is known of a host on one link: its addresses. */
export class ServiceHost<I extends Resident = Resident> implements Due {
  /** The name, folded. */
  readonly key: string;
  readonly link: Link;
  readonly four: RecordSet<ServiceHost<I>>;
  readonly six: RecordSet<ServiceHost<I>>;
  /** The instances whose service is on this host now. */
  readonly instances = new Set<I>();
  due = 0;
  slot = -1;
  /** How often an address was asked for. */
  attempts = 0;

  constructor(name: string, link: Link) {
    this.key = foldName(name);
    this.link = link;
    this.four = new RecordSet(name, 'A', this, MAX_ADDRESSES);
    this.six = new RecordSet(name, 'AAAA', this, MAX_ADDRESSES);
  }

  /** Its sets of records. */
  get sets(): readonly RecordSet<ServiceHost<I>>[] {
    return [this.four, this.six];
  }

  /** Whether an instance that is announced is here. */
  get isWanted(): boolean {
    for (const instance of this.instances) if (instance.isWanted) return true;
    return false;
  }

  /** Whether everything is known of an instance that is here. */
  get isResolved(): boolean {
    for (const instance of this.instances) if (instance.isResolved) return true;
    return false;
  }

  /** What is to be asked. */
  needs(): Question[] {
    if (!this.isWanted || this.addresses().length > 0) return [];
    const empty = this.sets.filter(({ size }) => size === 0);
    return empty.map(({ name, kind }) => ({ name, type: kind, unicast: false }));
  }

  /** The addresses that a neighbour on the link can have; those that were taken back come last. */
  addresses(): RankedAddress[] {
    const ranked: RankedAddress[] = [];
    for (const set of this.sets) {
      for (const { record, isDying } of set.all) {
        const { data } = record;
        if (data.type !== 'A' && data.type !== 'AAAA') continue;
        const usable = rank(data.address, this.link.lan);
        if (usable !== undefined) ranked.push(isDying ? { ...usable, rank: usable.rank + LAST } : usable);
      }
    }
    return ranked;
  }
}

/** What the rank of an address grows by when it is about to go. */
const LAST = 10;

/** Of other addresses nobody can say here whether they are those of this LAN. */
function rank(address: string, lan: Lan): RankedAddress | undefined {
  if (isLinkLocal6(address)) return { rank: 3, address: `${address}%${lan.name}` };
  if (isUniqueLocal6(address)) return { rank: 1, address };
  if (!isInSubnet(address, lan)) return undefined;
  return { rank: address.includes(':') ? 2 : 0, address };
}
