import type { World } from '../../system/world.js';
import type { Link } from './link.js';
import { foldName } from './names.js';
import { type Message, QUESTION_CAP, type Question } from './packet.js';
import { queryPackets } from './query-packets.js';
import type { ResourceRecord } from './records.js';
import { pick } from './timing.js';

/** Milliseconds between the first two queries, doubled each time up to the last. RFC 6762 §5.2 */
const FIRST_GAP = 1000;
const LAST_GAP = 3_600_000;
/** Milliseconds between two packets of other questions: neighbours cannot make us flood the link. */
const PACKET_GAP = 200;
/** Milliseconds for which a question that another one asked is as good as ours. RFC 6762 §7.3 */
const OVERHEARD_FOR = 1000;
/** Questions of others that are kept. */
const MAX_OVERHEARD = 64;
/** Questions that wait: about what must not lapse, and about what neighbours have made us curious of. */
const MAX_KNOWN = 4000;
const MAX_WISHES = 4 * QUESTION_CAP;

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
  readonly #known = new Map<string, Question>();
  readonly #wishes = new Map<string, Question>();
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

  /**
   * Asks these as soon as may be: first those about what is known, so that it does not lapse while neighbours make us
   * ask for what does not exist. When too many wait, others are forgotten: who wants to know asks again.
   */
  ask(questions: readonly Question[], isKnown: boolean): void {
    const [queue, limit] = isKnown ? [this.#known, MAX_KNOWN] : [this.#wishes, MAX_WISHES];
    for (const question of questions) {
      const key = keyOf(question);
      if (isKnown) this.#wishes.delete(key);
      if (queue.size < limit && !this.#known.has(key)) queue.set(key, question);
    }
    if (this.#known.size + this.#wishes.size > 0) {
      this.#pendingAt = Math.max(this.#clock.monotonic(), this.#lastSent + PACKET_GAP);
    }
  }

  /** Another one asks: what all are going to hear need not be asked again. RFC 6762 §7.3 */
  overhear(query: Message): void {
    if (query.truncated || query.authorities.length > 0) return;
    const now = this.#clock.monotonic();
    if (this.#overheard.size >= MAX_OVERHEARD) this.#forgetOverheard(now);
    const news = query.answers.filter((known) => !this.#knowledge.knows(known, this.#link));
    const unsaid = new Set(news.map(({ name, kind: type }) => keyOf({ name, type })));
    for (const question of query.questions) {
      const key = keyOf(question);
      if (question.unicast || unsaid.has(key) || this.#overheard.size >= MAX_OVERHEARD) continue;
      this.#overheard.set(key, now);
    }
  }

  /** Sends what is due. */
  run(): void {
    const now = this.#clock.monotonic();
    if (this.due > now) return;
    const browse = { name: this.#options.type, type: 'PTR', unicast: this.#isFirst && this.#options.unicast };
    const isBrowsing = this.#browseAt <= now;
    if (isBrowsing) {
      this.#known.delete(keyOf(browse));
      this.#wishes.delete(keyOf(browse));
      this.#browseAt = now + this.#gap;
      this.#gap = Math.min(this.#gap * 2, LAST_GAP);
      this.#isFirst = false;
    }
    const others = this.#take(isBrowsing ? QUESTION_CAP - 1 : QUESTION_CAP);
    this.#pendingAt =
      this.#known.size + this.#wishes.size === 0 ? Number.POSITIVE_INFINITY : now + PACKET_GAP;
    this.#lastSent = now;
    this.#send([...(isBrowsing ? [browse] : []), ...others], now);
  }

  /** Takes so many of the questions that wait. */
  #take(count: number): Question[] {
    const taken: Question[] = [];
    for (const queue of [this.#known, this.#wishes]) {
      for (const [key, question] of queue) {
        if (taken.length === count) return taken;
        queue.delete(key);
        taken.push(question);
      }
    }
    return taken;
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

function keyOf({ name, type }: Pick<Question, 'name' | 'type'>): string {
  return `${type} ${foldName(name)}`;
}
