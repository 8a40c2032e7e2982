import { foldName } from './names.js';
import type { ResourceRecord } from './records.js';
import { NOTHING, type Zone } from './zone.js';

/**
 * What neighbours still remember of names that were contested: taken back when another machine keeps the names, but
 * only what cannot be a record of that machine too.
 */
export class Remains {
  #lost: Zone = NOTHING;
  /** Names, folded, under which another machine spoke. */
  readonly #claimed = new Set<string>();

  /** Notes which of the names in these zones another machine has. */
  hear(records: readonly ResourceRecord[], zones: readonly Zone[]): void {
    const ours = new Set([...zones, this.#lost].flatMap(({ unique }) => unique.map((r) => foldName(r.name))));
    for (const { name, ttl } of records) {
      const folded = foldName(name);
      if (ttl > 0 && ours.has(folded)) this.#claimed.add(folded);
    }
  }

  /** What was said is in doubt now. */
  lose(zone: Zone): void {
    if (zone !== NOTHING) this.#lost = zone;
  }

  /** The doubt is over: all names are ours, or others. */
  clear(): void {
    this.#lost = NOTHING;
    this.#claimed.clear();
  }

  /** What is to be taken back: without the flush bit, which would take more than that. RFC 6762 §10.1, §10.2 */
  take(): ResourceRecord[] {
    const isClaimed = (name: string): boolean => this.#claimed.has(foldName(name));
    const isOnlyOurs = ({ name, data }: ResourceRecord): boolean => {
      if (data.type === 'A' || data.type === 'AAAA') return true;
      return !isClaimed(data.type === 'PTR' ? data.target : name);
    };
    const records = [...this.#lost.shared, ...this.#lost.unique].filter(isOnlyOurs);
    this.clear();
    return records.map((record) => ({ ...record, flush: false }));
  }
}
