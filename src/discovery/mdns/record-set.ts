import { HeardRecord } from './heard-record.js';
import type { ResourceRecord } from './records.js';

/** Milliseconds for which records stand beside each other that their owner said one after another. RFC 6762 §10.2 */
const TOGETHER = 1000;

/** A record in a set of a node. */
export type Heard<N> = HeardRecord<RecordSet<N>>;

/** What hearing a record led to. */
export interface Hearing<N> {
  /** The records whose time has changed. */
  readonly moved: readonly Heard<N>[];
  /** One that made room. */
  readonly dropped?: Heard<N> | undefined;
  /** Whether other records count now than before. */
  readonly isNews: boolean;
}

const NOTHING: Hearing<never> = { moved: [], isNews: false };

/** The records of one name and type on one link, and when and how long they count: what is known of a node. */
export class RecordSet<N> {
  readonly name: string;
  readonly kind: string;
  readonly node: N;
  readonly #limit: number;
  /** Those of them that were heard last stand last. */
  readonly #records = new Map<string, Heard<N>>();

  /** At most `limit` records are kept. */
  constructor(name: string, kind: string, node: N, limit: number) {
    this.name = name;
    this.kind = kind;
    this.node = node;
    this.#limit = limit;
  }

  /** How many there are. */
  get size(): number {
    return this.#records.size;
  }

  /** All records. */
  get all(): Iterable<Heard<N>> {
    return this.#records.values();
  }

  /** The one that counts: the last that was said and not taken back; of those taken back the last. */
  get current(): Heard<N> | undefined {
    let last: Heard<N> | undefined;
    for (const heard of this.#records.values()) if (last?.isDying !== false || !heard.isDying) last = heard;
    return last;
  }

  /** Takes what a neighbour says. With the flush bit older records have a second left. RFC 6762 §10.1, §10.2 */
  hear(record: ResourceRecord, identity: string, now: number, lateness: number): Hearing<N> {
    const known = this.#records.get(identity);
    if (record.ttl === 0) {
      known?.die(now);
      return known === undefined ? NOTHING : { moved: [known], isNews: true };
    }
    const flushed = record.flush ? this.#flush(identity, now) : [];
    if (known !== undefined) return this.#hearAgain(known, record, { now, lateness, flushed });
    const dropped = this.#records.size < this.#limit ? undefined : this.#replaceable();
    if (this.#records.size >= this.#limit && dropped === undefined) return { moved: flushed, isNews: true };
    if (dropped !== undefined) this.#records.delete(dropped.identity);
    const heard = new HeardRecord(this, identity, record);
    heard.hear(record, now, lateness);
    this.#records.set(identity, heard);
    return { moved: [...flushed, heard], dropped, isNews: true };
  }

  /** Forgets one. */
  drop(heard: Heard<N>): void {
    this.#records.delete(heard.identity);
  }

  #hearAgain(
    known: Heard<N>,
    record: ResourceRecord,
    how: { now: number; lateness: number; flushed: Heard<N>[] },
  ): Hearing<N> {
    const isNews = known.isDying || how.flushed.length > 0 || (!this.#isOfEqual && this.current !== known);
    known.hear(record, how.now, how.lateness);
    this.#records.delete(known.identity);
    this.#records.set(known.identity, known);
    return { moved: [...how.flushed, known], isNews };
  }

  #flush(identity: string, now: number): Heard<N>[] {
    const old = [...this.#records.values()].filter(
      (heard) => heard.identity !== identity && !heard.isDying && heard.heard < now - TOGETHER,
    );
    for (const heard of old) heard.die(now);
    return old;
  }

  /** Addresses stand beside each other; of all else the last word counts. */
  get #isOfEqual(): boolean {
    return this.kind === 'A' || this.kind === 'AAAA';
  }

  #replaceable(): Heard<N> | undefined {
    const [oldest, ...others] = this.#records.values();
    const dying = [oldest, ...others].find((heard) => heard?.isDying === true);
    return dying ?? (this.#isOfEqual ? undefined : oldest);
  }
}
