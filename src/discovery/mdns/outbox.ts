import type { Clock, Timer } from '../../system/clock.js';
import { identityOf, type ResourceRecord } from './records.js';

/** Milliseconds between two multicasts of one record on one link. RFC 6762 §6 */
export const RECORD_GAP = 1000;
const MAX_GROUPS = 64;
/** Groups up to which more may wait for known answers, or to answer probes. */
const MAX_PATIENT = 32;
/** Records of which it is known when they were sent; those of texts that have changed since are forgotten first. */
const MAX_SENT = 1000;

/** Milliseconds for which an answer may wait for another one to leave with it. RFC 6762 §6 */
const TOGETHER = 500;
/** Bytes up to which answers are put together, so that one packet holds what belongs to them. */
const FULL = 1300;

interface Group {
  readonly answers: readonly ResourceRecord[];
  readonly additionals: readonly ResourceRecord[];
  /** When each record was asked for, by identity. */
  readonly queued: ReadonlyMap<string, number>;
  /** When it leaves, and until when that may be put off. */
  readonly due: number;
  readonly latest: number;
  /** The asker, while it may still send more known answers. */
  readonly asker: string | undefined;
  readonly suppressed: Set<string>;
  timer: Timer | undefined;
}

/** Answers to be queued. */
export interface Outgoing {
  readonly answers: readonly ResourceRecord[];
  readonly additionals: readonly ResourceRecord[];
  /** Milliseconds to wait at least. */
  readonly delay: number;
  /** Milliseconds since each record was last sent, at least. */
  readonly gap: number;
  /** Set if the asker may send more known answers (TC). */
  readonly asker: string | undefined;
}

/**
 * The multicast answers of one link: none leaves sooner than its delay and than a second after the same
 * record left before, and what left meanwhile is not said again.
 */
export class Outbox {
  readonly #send: (
    answers: readonly ResourceRecord[],
    additionals: readonly ResourceRecord[],
  ) => Promise<void>;
  readonly #clock: Clock;
  readonly #sent = new Map<string, number>();
  readonly #groups = new Set<Group>();

  constructor(
    send: (answers: readonly ResourceRecord[], additionals: readonly ResourceRecord[]) => Promise<void>,
    clock: Clock,
  ) {
    this.#send = send;
    this.#clock = clock;
  }

  /** Milliseconds since the record was multicast here; infinite if never. */
  age(record: ResourceRecord): number {
    const at = this.#sent.get(identityOf(record));
    return at === undefined ? Number.POSITIVE_INFINITY : this.#clock.monotonic() - at;
  }

  /** Queues answers; those that already wait to be sent are not queued twice. */
  add({ answers, additionals, delay, gap, asker }: Outgoing): void {
    const all = [...answers, ...additionals];
    const wait = Math.max(delay, ...all.map((record) => gap - this.age(record)));
    const now = this.#clock.monotonic();
    const due = now + Math.max(0, wait);
    if (asker === undefined && this.#waits(all, gap === RECORD_GAP ? Number.POSITIVE_INFINITY : due)) return;
    const queued = new Map(all.map((record) => [identityOf(record), now]));
    const rest = { due, latest: due + TOGETHER, asker, suppressed: new Set<string>(), timer: undefined };
    const own: Group = { answers, additionals, queued, ...rest };
    const group = asker === undefined && gap === RECORD_GAP && wait > 0 ? this.#join(own) : own;
    if (this.#groups.size >= (asker === undefined && gap === RECORD_GAP ? MAX_GROUPS : MAX_PATIENT)) return;
    this.#groups.add(group);
    if (wait <= 0) this.#flush(group);
    else group.timer = this.#clock.after(group.due - now, () => this.#flush(group), 'mdns answer');
  }

  /** What leaves at about the same time leaves together: some readers want all of a service in one packet. */
  #join(own: Group): Group {
    const now = this.#clock.monotonic();
    for (const other of this.#groups) {
      if (other.asker !== undefined || other.timer === undefined || other.due <= now) continue;
      const due = Math.max(own.due, other.due);
      if (due > Math.min(own.latest, other.latest)) continue;
      const answers = distinct([...other.answers, ...own.answers]);
      const taken = new Set(answers.map(identityOf));
      const extras = distinct([...other.additionals, ...own.additionals]);
      const additionals = extras.filter((record) => !taken.has(identityOf(record)));
      if (weightOf([...answers, ...additionals]) > FULL) continue;
      other.timer.cancel();
      this.#groups.delete(other);
      const queued = new Map([...other.queued, ...own.queued]);
      return { ...own, answers, additionals, queued, due, latest: Math.min(own.latest, other.latest) };
    }
    return own;
  }

  /** The asker knows these already. RFC 6762 §7.2 */
  suppress(asker: string, known: readonly ResourceRecord[]): void {
    for (const group of this.#groups) {
      if (group.asker !== asker) continue;
      for (const record of known) group.suppressed.add(identityOf(record));
    }
  }

  /** Another one said it to all just now: it counts as sent. RFC 6762 §7.4 */
  heard(record: ResourceRecord): void {
    this.#note(record);
  }

  #note(record: ResourceRecord): void {
    const identity = identityOf(record);
    this.#sent.delete(identity);
    this.#sent.set(identity, this.#clock.monotonic());
    const [oldest] = this.#sent.keys();
    if (this.#sent.size > MAX_SENT && oldest !== undefined) this.#sent.delete(oldest);
  }

  /** Sends now, whatever waits, and remembers it. */
  sendNow(answers: readonly ResourceRecord[], additionals: readonly ResourceRecord[] = []): Promise<void> {
    for (const record of [...answers, ...additionals]) this.#note(record);
    return this.#send(answers, additionals);
  }

  /** Forgets all that waits and was sent. */
  clear(): void {
    for (const group of this.#groups) group.timer?.cancel();
    this.#groups.clear();
    this.#sent.clear();
  }

  /** Whether all of these leave together already, at this time or before. */
  #waits(records: readonly ResourceRecord[], before: number): boolean {
    for (const { answers, additionals, asker, due } of this.#groups) {
      if (asker !== undefined || due > before) continue;
      const waiting = new Set([...answers, ...additionals].map(identityOf));
      if (records.every((record) => waiting.has(identityOf(record)))) return true;
    }
    return false;
  }

  #flush(group: Group): void {
    this.#groups.delete(group);
    const isNews = (record: ResourceRecord): boolean => {
      const identity = identityOf(record);
      return (this.#sent.get(identity) ?? Number.NEGATIVE_INFINITY) <= (group.queued.get(identity) ?? 0);
    };
    const answers = group.answers.filter((r) => isNews(r) && !group.suppressed.has(identityOf(r)));
    if (answers.length > 0) void this.sendNow(answers, group.additionals.filter(isNews));
  }
}

function distinct(records: readonly ResourceRecord[]): ResourceRecord[] {
  return [...new Map(records.map((record) => [identityOf(record), record])).values()];
}

/** Bytes that records take at most, about. */
function weightOf(records: readonly ResourceRecord[]): number {
  return records.reduce((sum, { name, rdata }) => sum + Buffer.byteLength(name) + rdata.length + 12, 12);
}
