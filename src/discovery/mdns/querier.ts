import type { World } from '../../system/world.js';
import type { Link } from './link.js';
import { foldName, sameName } from './names.js';
import { type Message, QUESTION_CAP, type Question } from './packet.js';
import { queryPackets } from './query-packets.js';
import type { ResourceRecord } from './records.js';
import { pick } from './timing.js';

/** Milliseconds between the first two queries, doubled each time up to the last. RFC 6762 §5.2 */
const FIRST_GAP = 1000;
const LAST_GAP = 3_600_000;
/** Milliseconds between two packets of other questions: neighbours cannot make us flood the link. */
const PACKET_GAP = 250;
/** Milliseconds for which a question that another one asked is as good as ours. RFC 6762 §7.3 */
const OVERHEARD_FOR = 1000;
/** Questions kept: of others, and to be asked. */
const MAX_OVERHEARD = 64;
const MAX_PENDING = 2000;

/** What the querier must know of what is known already. */
export interface Knowledge {
  /** Pointers that need not be answered. RFC 6762 §7.1 */
  known(link: Link): ResourceRecord[];
  /** Whether a pointer is one of those. */
  knows(pointer: ResourceRecord, link: Link): boolean;
}

/** What is asked, and how. */
export interface QuerierOptions {
  /** The full name of the service type. */
  readonly type: string;
  /** Whether the first query may ask for unicast answers. RFC 6762 §5.4 */
  readonly unicast: boolean;
}

/** Asks on one link: for the service again and again, less and less often, and for whatever else is wanted. */
export class Querier {
  readonly #link: Link;
  readonly #options: QuerierOptions;
  readonly #knowledge: Knowledge;
  readonly #clock: World['clock'];
  readonly #pending = new Map<string, Question>();
  readonly #overheard = new Map<string, number>();
  /** Questions left to others the last time; they are asked this time, for others may ask nobody but us. */
  readonly #left = new Set<string>();
  #browseAt: number;
  #gap = FIRST_GAP;
  #isFirst = true;
  #pendingAt = Number.POSITIVE_INFINITY;
  #lastSent = Number.NEGATIVE_INFINITY;

  /** The first query is due 20 to 120 ms from now. RFC 6762 §5.2 */
  constructor(
    link: Link,
    options: QuerierOptions,
    knowledge: Knowledge,
    world: Pick<World, 'clock' | 'random'>,
  ) {
    this.#link = link;
    this.#options = options;
    this.#knowledge = knowledge;
    this.#clock = world.clock;
    this.#browseAt = this.#clock.monotonic() + pick(world.random, 20, 120);
  }

  /** When `run` is to be called next. */
  get due(): number {
    return Math.min(this.#browseAt, this.#pendingAt);
  }

  /** Asks these as soon as may be. */
  ask(questions: readonly Question[]): void {
    for (const question of questions) {
      if (this.#pending.size < MAX_PENDING) this.#pending.set(keyOf(question), question);
    }
    if (this.#pending.size > 0) {
      this.#pendingAt = Math.max(this.#clock.monotonic(), this.#lastSent + PACKET_GAP);
    }
  }

  /** Another one asks: what all are going to hear need not be asked again. RFC 6762 §7.3 */
  overhear(query: Message): void {
    if (query.truncated || query.authorities.length > 0) return;
    const now = this.#clock.monotonic();
    if (this.#overheard.size >= MAX_OVERHEARD) this.#forgetOverheard(now);
    for (const question of query.questions) {
      const { name, type, unicast } = question;
      const known = query.answers.filter((answer) => answer.kind === type && sameName(answer.name, name));
      if (unicast || this.#overheard.size >= MAX_OVERHEARD) continue;
      if (known.every((pointer) => this.#knowledge.knows(pointer, this.#link))) {
        this.#overheard.set(keyOf(question), now);
      }
    }
  }

  /** Sends what is due. */
  run(): void {
    const now = this.#clock.monotonic();
    if (this.due > now) return;
    const browse = { name: this.#options.type, type: 'PTR', unicast: this.#isFirst && this.#options.unicast };
    const isBrowsing = this.#browseAt <= now;
    if (isBrowsing) {
      this.#pending.delete(keyOf(browse));
      this.#browseAt = now + this.#gap;
      this.#gap = Math.min(this.#gap * 2, LAST_GAP);
      this.#isFirst = false;
    }
    const others = [...this.#pending].slice(0, isBrowsing ? QUESTION_CAP - 1 : QUESTION_CAP);
    for (const [key] of others) this.#pending.delete(key);
    this.#pendingAt = this.#pending.size === 0 ? Number.POSITIVE_INFINITY : now + PACKET_GAP;
    this.#lastSent = now;
    this.#send([...(isBrowsing ? [browse] : []), ...others.map(([, question]) => question)], now);
  }

  #send(questions: readonly Question[], now: number): void {
    const own = questions.filter((question) => !this.#isLeftToOthers(keyOf(question), now));
    const isBrowsing = own.some(({ type }) => type === 'PTR');
    const known = isBrowsing ? this.#knowledge.known(this.#link) : [];
    for (const packet of queryPackets(own, known)) void this.#link.send(packet);
  }

  #isLeftToOthers(key: string, now: number): boolean {
    const heard = this.#overheard.get(key) ?? Number.NEGATIVE_INFINITY;
    if (heard <= now - OVERHEARD_FOR || this.#left.has(key)) {
      this.#left.delete(key);
      return false;
    }
    if (this.#left.size < MAX_OVERHEARD) this.#left.add(key);
    return true;
  }

  #forgetOverheard(now: number): void {
    for (const [key, heard] of this.#overheard) {
      if (heard <= now - OVERHEARD_FOR) this.#overheard.delete(key);
    }
  }
}

function keyOf({ name, type }: Question): string {
  return `${type} ${foldName(name)}`;
}
