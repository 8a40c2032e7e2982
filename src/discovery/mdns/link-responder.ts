import type { Timer } from '../../system/clock.js';
import { type Link, PORT } from './link.js';
import { sameName } from './names.js';
import { Outbox, RECORD_GAP } from './outbox.js';
import { legacyMessage, type Message, packets, queryMessage } from './packet.js';
import { type ProbeOutcome, Prober } from './probe.js';
import { identityOf, type ResourceRecord, withTtl } from './records.js';
import type { DiscoveryWorld } from './sockets.js';
import { pick } from './timing.js';
import type { Peer } from './wire.js';
import { additionalsTo, announced, answersTo, type Zone } from './zone.js';

/** Milliseconds between two answers to probes. RFC 6762 §6 */
const DEFENCE_GAP = 250;
/** Milliseconds after the first announcement at which it is repeated. RFC 6762 §8.3 */
const REPEATS = [1000, 3000];
/** Unicast answers one link gives in a second: a neighbour cannot make the hub flood another. */
const UNICAST_PER_SECOND = 50;

/** What a link's responder asks of the whole. */
export interface Household {
  /** Whether questions may ask for unicast answers. */
  readonly hearsUnicast: boolean;
  /** Whether a record is one that we say on any link. */
  isOurs(record: ResourceRecord): boolean;
  /** A neighbour says something else under a name of ours. */
  onConflict(name: string, from: Peer): void;
  /** Someone probes for names of ours. True if the names are left to him. */
  yieldsTo(names: readonly ResourceRecord[], from: Peer): boolean;
}

/** The responder on one link: probes, announces, answers, defends, says goodbye. */
export class LinkResponder {
  readonly link: Link;
  readonly #household: Household;
  readonly #world: DiscoveryWorld;
  readonly #outbox: Outbox;
  #zone: Zone;
  #state: 'waiting' | 'probing' | 'ready' = 'waiting';
  #prober: Prober | undefined;
  #repeats: Timer[] = [];
  #unicastSecond = 0;
  #unicastCount = 0;

  constructor(link: Link, zone: Zone, household: Household, world: DiscoveryWorld) {
    this.link = link;
    this.#zone = zone;
    this.#household = household;
    this.#world = world;
    this.#outbox = new Outbox(async (answers, additionals) => {
      for (const packet of packets(answers, additionals)) await this.link.send(packet);
    }, world.clock);
  }

  /** `waiting` for its turn to probe, `probing`, or `ready`: announced and answering. */
  get state(): 'waiting' | 'probing' | 'ready' {
    return this.#state;
  }

  /** What is said here. */
  get zone(): Zone {
    return this.#zone;
  }

  /** Falls silent until it is probed again, with these records. */
  reset(zone: Zone): void {
    this.#prober?.cancel();
    this.#cancelRepeats();
    this.#outbox.clear();
    this.#zone = zone;
    this.#state = 'waiting';
  }

  /** Asks whether the names are free here; afterwards the state is `waiting` still. */
  async probe(hurry: boolean): Promise<ProbeOutcome> {
    const prober = new Prober(
      {
        records: this.#zone.unique,
        unicast: this.#household.hearsUnicast,
        send: (questions, wanted) => void this.link.send(queryMessage(questions, [], wanted)),
        isOurs: (record) => this.#household.isOurs(record),
      },
      this.#world,
    );
    this.#prober = prober;
    this.#state = 'probing';
    const outcome = await prober.run(hurry);
    if (this.#prober === prober) {
      this.#prober = undefined;
      this.#state = 'waiting';
    }
    return outcome;
  }

  /** Tells the link all there is, now and twice again; resolves when it is first said. */
  announce(): Promise<void> {
    this.#state = 'ready';
    this.#cancelRepeats();
    const say = (): Promise<void> => this.#outbox.sendNow(announced(this.#zone));
    this.#repeats = REPEATS.map((ms) => this.#world.clock.after(ms, () => void say(), 'mdns announcement'));
    return say();
  }

  /** Other addresses: takes back those that are gone and announces the rest, without probing. RFC 6762 §8.4 */
  async replace(zone: Zone): Promise<void> {
    const kept = new Set(announced(zone).map(identityOf));
    const gone = this.#zone.unique.filter((record) => !kept.has(identityOf(record)));
    if (this.#state !== 'ready') return this.reset(zone);
    this.#zone = zone;
    await this.#takeBack(gone);
    await this.announce();
  }

  /** Says that we leave, and falls silent. With `but` the records of that name are not taken back. RFC 6762 §10.1 */
  async goodbye(but?: string): Promise<void> {
    const wasReady = this.#state === 'ready';
    this.reset(this.#zone);
    const { shared, unique } = this.#zone;
    const leaving = [...shared, ...unique].filter(({ name }) => but === undefined || !sameName(name, but));
    if (wasReady) await this.#takeBack(leaving);
  }

  async #takeBack(records: readonly ResourceRecord[]): Promise<void> {
    for (const packet of packets(records.map((record) => withTtl(record, 0)))) await this.link.send(packet);
  }

  /** Takes a message of a neighbour. */
  hear(message: Message, from: Peer): void {
    this.#prober?.hear(message, from.address);
    if (this.#state !== 'ready') return;
    if (message.response) this.#check(message, from);
    else this.#answer(message, from);
  }

  #answer(query: Message, from: Peer): void {
    const isProbe = query.authorities.some(({ name }) => this.#owns(name));
    if (isProbe && this.#household.yieldsTo(query.authorities, from)) return;
    const known = new Set(query.answers.flatMap((record) => this.#knows(record)));
    if (known.size > 0) this.#outbox.suppress(from.address, query.answers);
    const answers = new Map<ResourceRecord, boolean>();
    for (const question of query.questions) {
      for (const record of answersTo(this.#zone, question)) {
        if (!known.has(record)) answers.set(record, question.unicast && answers.get(record) !== false);
      }
    }
    if (answers.size === 0) return;
    if (from.port !== PORT) {
      this.#tell(query, [...answers.keys()], from);
      return;
    }
    const single = [...answers]
      .filter(([record, qu]) => qu && !isProbe && this.#isFresh(record))
      .map(([record]) => record);
    this.#tell(query, single, from);
    this.#queue(
      [...answers.keys()].filter((record) => !single.includes(record)),
      { isProbe, asker: query.truncated ? from.address : undefined },
    );
  }

  /** Our records that the asker has and that he may keep for half of their time at least. RFC 6762 §7.1 */
  #knows(heard: ResourceRecord): ResourceRecord[] {
    const identity = identityOf(heard);
    return announced(this.#zone).filter((our) => identityOf(our) === identity && heard.ttl * 2 >= our.ttl);
  }

  /** Heard by all within a quarter of its time: one asker may be answered alone. RFC 6762 §5.4 */
  #isFresh(record: ResourceRecord): boolean {
    return this.#outbox.age(record) < record.ttl * 250;
  }

  #queue(answers: readonly ResourceRecord[], how: { isProbe: boolean; asker: string | undefined }): void {
    if (answers.length === 0) return;
    const { random } = this.#world;
    let delay = 0;
    if (how.asker !== undefined) delay = pick(random, 400, 500);
    else if (!how.isProbe && answers.some(({ flush }) => !flush)) delay = pick(random, 20, 120);
    this.#outbox.add({
      answers,
      additionals: how.isProbe ? [] : additionalsTo(this.#zone, answers),
      delay,
      gap: how.isProbe ? DEFENCE_GAP : RECORD_GAP,
      asker: how.asker,
    });
  }

  #tell(query: Message, answers: readonly ResourceRecord[], to: Peer): void {
    if (answers.length === 0 || !this.#mayTell()) return;
    const additionals = additionalsTo(this.#zone, answers);
    if (to.port !== PORT) {
      void this.link.send(legacyMessage(query, answers, additionals), to);
      return;
    }
    for (const packet of packets(answers, additionals)) void this.link.send({ ...packet, id: query.id }, to);
  }

  #mayTell(): boolean {
    const second = Math.floor(this.#world.clock.monotonic() / 1000);
    if (second !== this.#unicastSecond) this.#unicastCount = 0;
    this.#unicastSecond = second;
    this.#unicastCount += 1;
    return this.#unicastCount <= UNICAST_PER_SECOND;
  }

  /** Defends what others take back or shorten, and finds conflicts. RFC 6762 §6.6, §9 */
  #check(response: Message, from: Peer): void {
    for (const heard of [...response.answers, ...response.additionals]) {
      const identity = identityOf(heard);
      const our = [...this.#zone.shared, ...this.#zone.unique].find(
        (record) => identityOf(record) === identity,
      );
      if (our !== undefined) {
        if (heard.ttl * 2 < our.ttl) this.#queue([our], { isProbe: false, asker: undefined });
      } else if (heard.ttl > 0 && this.#contradicts(heard) && !this.#household.isOurs(heard)) {
        this.#household.onConflict(heard.name, from);
        return;
      }
    }
  }

  #contradicts(heard: ResourceRecord): boolean {
    return this.#zone.unique.some(({ name, kind }) => kind === heard.kind && sameName(name, heard.name));
  }

  #owns(name: string): boolean {
    return this.#zone.unique.some((record) => sameName(record.name, name));
  }

  #cancelRepeats(): void {
    for (const timer of this.#repeats) timer.cancel();
    this.#repeats = [];
  }
}
