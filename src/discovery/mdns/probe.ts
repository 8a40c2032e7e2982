import type { Clock, Timer } from '../../system/clock.js';
import type { Random } from '../../system/random.js';
import { foldName, sameName } from './names.js';
import type { Message } from './packet.js';
import { compareRecords, type ResourceRecord } from './records.js';
import { pick } from './timing.js';

const PROBES = 3;
/** Milliseconds between probes, and the most to wait before the first. RFC 6762 §8.1 */
const PROBE_GAP = 250;
/** Milliseconds that the loser of a tie-break waits. RFC 6762 §8.2 */
const LOSER_WAIT = 1000;
/** A rival that wins more often than this never takes the name: it is treated as taken. */
const MAX_LOSSES = 5;
/** Probes that did not leave the machine do not count, up to this many: an interface may need seconds to be ready. */
const MAX_UNSENT = 10;

/** How probing ended: nobody objects, someone has the name, or it was called off. */
export type ProbeOutcome =
  | { readonly kind: 'clear' }
  | { readonly kind: 'taken'; readonly record: ResourceRecord; readonly by: string }
  | { readonly kind: 'cancelled' };

/** What a prober needs to know and to do. */
export interface ProbeOptions {
  /** The unique records that are to be ours. */
  readonly records: readonly ResourceRecord[];
  /**
   * Sends a probe for all of them; false if it did not leave. The last one is to be answered to all: another program
   * of the machine may take our unicast by now.
   */
  send(isLast: boolean): Promise<boolean>;
  /** Whether a record is one that we say ourselves, on any link. */
  isOurs(record: ResourceRecord): boolean;
}

/** Asks one link three times whether anybody has our names. RFC 6762 §8.1, §8.2 */
export class Prober {
  readonly #options: ProbeOptions;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #names: readonly string[];
  #timer: Timer | undefined;
  #losses = 0;
  #unsent = 0;
  #isOver = false;
  #finish: (outcome: ProbeOutcome) => void = () => undefined;

  constructor(options: ProbeOptions, world: { clock: Clock; random: Random }) {
    this.#options = options;
    this.#clock = world.clock;
    this.#random = world.random;
    this.#names = [...new Map(options.records.map(({ name }) => [foldName(name), name])).values()];
  }

  /** Probes. With `hurry` the random wait before the first probe is left out, as after a lost name. */
  run(hurry: boolean): Promise<ProbeOutcome> {
    return new Promise((resolve) => {
      this.#finish = (outcome) => {
        this.#timer?.cancel();
        this.#isOver = true;
        this.#finish = () => undefined;
        resolve(outcome);
      };
      this.#probeAfter(hurry ? 0 : pick(this.#random, 0, PROBE_GAP), PROBES);
    });
  }

  /** Calls it off. */
  cancel(): void {
    this.#finish({ kind: 'cancelled' });
  }

  /** Looks at what a neighbour says about our names. */
  hear(message: Message, from: string): void {
    if (message.response) this.#hearAnswer([...message.answers, ...message.additionals], from);
    else if (message.authorities.length > 0) this.#hearRival(message.authorities, from);
  }

  #probeAfter(wait: number, left: number): void {
    this.#timer?.cancel();
    this.#timer = this.#clock.after(wait, () => this.#probe(left), 'mdns probe');
  }

  #probe(left: number): void {
    if (left === 0) {
      this.#finish({ kind: 'clear' });
      return;
    }
    this.#probeAfter(PROBE_GAP, left - 1);
    void this.#options.send(left === 1).then((sent) => {
      if (sent || this.#isOver || this.#unsent >= MAX_UNSENT) return;
      this.#unsent += 1;
      this.#probeAfter(PROBE_GAP, left);
    });
  }

  #hearAnswer(records: readonly ResourceRecord[], from: string): void {
    const isRival = (record: ResourceRecord): boolean =>
      record.ttl > 0 && record.kind !== 'NSEC' && this.#isProbed(record) && !this.#options.isOurs(record);
    const record = mostTelling(records.filter(isRival));
    if (record !== undefined) this.#finish({ kind: 'taken', record, by: from });
  }

  /** Another one probes for the same name right now: per name, the later data wins. */
  #hearRival(authorities: readonly ResourceRecord[], from: string): void {
    for (const name of this.#names) {
      const theirs = authorities.filter((record) => sameName(record.name, name));
      const [record] = theirs;
      if (record === undefined || theirs.every((record) => this.#options.isOurs(record))) continue;
      const ours = this.#options.records.filter((record) => sameName(record.name, name));
      if (compareSets(ours, theirs) >= 0) continue;
      this.#losses += 1;
      if (this.#losses > MAX_LOSSES) this.#finish({ kind: 'taken', record, by: from });
      else this.#probeAfter(LOSER_WAIT, PROBES);
      return;
    }
  }

  #isProbed(record: ResourceRecord): boolean {
    return this.#names.some((name) => sameName(name, record.name));
  }
}

/** Of several records that a rival has under our names the one that tells most: where its service is. */
export function mostTelling(records: readonly ResourceRecord[]): ResourceRecord | undefined {
  return records.find(({ kind }) => kind === 'SRV') ?? records[0];
}

/** The tie-break: negative if `ours` is earlier, and so loses. RFC 6762 §8.2.1 */
export function compareSets(ours: readonly ResourceRecord[], theirs: readonly ResourceRecord[]): number {
  const a = [...ours].sort(compareRecords);
  const b = [...theirs].sort(compareRecords);
  for (const [i, record] of a.entries()) {
    const other = b[i];
    if (other === undefined) return 1;
    const order = compareRecords(record, other);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}
