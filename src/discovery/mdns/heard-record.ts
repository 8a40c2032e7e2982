import type { Due } from './due-queue.js';
import type { ResourceRecord } from './records.js';

/** Seconds for which a record is kept at most without being heard again, whatever it says. RFC 6762 §10 */
const LONGEST = 4500;
/** Milliseconds for which a record stays that was taken back, or that its owner no longer says. RFC 6762 §10.1, §10.2 */
const GRACE = 1000;
/** The parts of its time after which a record that is needed is asked for again. RFC 6762 §5.2 */
const REFRESHES = [0.8, 0.85, 0.9, 0.95];
/** The part of its time by which asking again may be late, so that not everybody asks at once. RFC 6762 §5.2 */
const LATENESS = 0.02;
/** Milliseconds between two questions for one thing, at least. RFC 6762 §5.2 */
const GAP = 1000;
/** How often others ask before a record is in doubt, and the milliseconds it then has to be said again. RFC 6762 §10.5 */
const DOUBTS = 2;
const PATIENCE = 10_000;
/** Milliseconds of the steps in which times to ask again are counted: what falls into one step is asked for together. */
const STEP = 500;

/** A record of a neighbour, in its set: how long it counts, and when it is to be asked for again. */
export class HeardRecord<S = unknown> implements Due {
  readonly set: S;
  readonly identity: string;
  due = 0;
  slot = -1;
  #record: ResourceRecord;
  #heard = 0;
  #life = 0;
  #expires = 0;
  #lateness = 0;
  #refreshes = 0;
  #doubts = 0;
  #doubted = Number.NEGATIVE_INFINITY;
  #isDying = false;
  /** Milliseconds to the next question whether it still holds; 0 where nobody doubts it. */
  #reconfirmIn = 0;

  constructor(set: S, identity: string, record: ResourceRecord) {
    this.set = set;
    this.identity = identity;
    this.#record = record;
  }

  /** What was said last. */
  get record(): ResourceRecord {
    return this.#record;
  }

  /** When it was heard last. */
  get heard(): number {
    return this.#heard;
  }

  /** When it no longer counts. */
  get expires(): number {
    return this.#expires;
  }

  /** Whether it was taken back, or replaced by its owner. */
  get isDying(): boolean {
    return this.#isDying;
  }

  /** It was said (again). `lateness` is a random number from 0 to 1. */
  hear(record: ResourceRecord, now: number, lateness: number): void {
    this.#record = record;
    this.#heard = now;
    this.#life = Math.min(record.ttl, LONGEST) * 1000;
    this.#expires = now + this.#life;
    this.#lateness = lateness;
    this.#refreshes = 0;
    this.#doubts = 0;
    this.#isDying = false;
    this.#reconfirmIn = 0;
    this.due = this.#refreshAt() ?? this.#expires;
  }

  /** It was taken back, or its owner said otherwise: a second is left, in which others may object. */
  die(now: number): void {
    this.#isDying = true;
    this.#expires = Math.min(this.#expires, now + GRACE);
    this.due = this.#expires;
  }

  /**
   * Another one asked its owner for it. Who is asked twice and says nothing is there no longer; within a second of
   * saying it he need not say it again. True if its time has changed. RFC 6762 §10.5
   */
  doubt(now: number): boolean {
    if (this.#isDying || now - Math.max(this.#heard, this.#doubted) < GAP) return false;
    this.#doubted = now;
    this.#doubts += 1;
    if (this.#doubts !== DOUBTS) return false;
    this.#expires = Math.min(this.#expires, now + PATIENCE);
    this.due = Math.min(this.due, this.#expires);
    return true;
  }

  /**
   * What it says was found to fail: its owner is asked, not within a second of his last word, and again, and if he says
   * nothing it is over. True if its time has changed. RFC 6762 §10.4
   */
  reconfirm(now: number): boolean {
    if (this.#isDying || this.#reconfirmIn > 0) return false;
    this.#reconfirmIn = GAP;
    this.due = Math.min(Math.max(now, this.#heard + GAP), this.#expires);
    this.#expires = Math.min(this.#expires, this.due + PATIENCE);
    return true;
  }

  /** It was asked for: sets when that is to be done next, or when it ends. */
  next(now: number): void {
    if (this.#reconfirmIn > 0) {
      this.due = Math.min(now + this.#reconfirmIn, this.#expires);
      this.#reconfirmIn *= 2;
      return;
    }
    let at: number | undefined;
    do {
      this.#refreshes += 1;
      at = this.#refreshAt();
    } while (at !== undefined && at < now + GAP);
    this.due = Math.min(at ?? this.#expires, this.#expires);
  }

  #refreshAt(): number | undefined {
    const part = REFRESHES[this.#refreshes];
    if (part === undefined) return undefined;
    const at = this.#heard + this.#life * (part + LATENESS * this.#lateness);
    const together = Math.ceil(at / STEP) * STEP;
    return together <= this.#heard + this.#life * (part + LATENESS) ? together : at;
  }
}
