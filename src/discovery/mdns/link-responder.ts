import type { Timer } from '../../system/clock.js';
import { Answers } from './answers.js';
import type { Link } from './link.js';
import { foldName, sameName } from './names.js';
import { type Message, packets, probePackets } from './packet.js';
import { mostTelling, type ProbeOutcome, Prober } from './probe.js';
import { byIdentity, identityOf, type ResourceRecord, withTtl } from './records.js';
import { Remains } from './remains.js';
import type { DiscoveryWorld } from './sockets.js';
import type { Peer } from './wire.js';
import { announced, isSaidAnew, NOTHING, type Zone } from './zone.js';

/** Milliseconds after the first announcement at which it is repeated. RFC 6762 §8.3 */
const REPEATS = [1000, 3000];

/** What a link's responder asks of the whole. */
export interface Household {
  /** Whether questions may ask for unicast answers. */
  readonly hearsUnicast: boolean;
  /** Whether an address is one of this machine's. */
  isOwn(address: string): boolean;
  /** Whether a record is one that we say on any link, or said a little while ago. */
  isOurs(record: ResourceRecord): boolean;
  /** A neighbour says something else under a name of ours. */
  onConflict(heard: ResourceRecord, from: Peer, at: LinkResponder): void;
  /** Someone says these, or wants to, which may be of our names. True if our names are left to him. */
  yieldsTo(names: readonly ResourceRecord[], from: Peer): boolean;
}

/** The responder on one link: probes, announces, answers, defends, says goodbye. */
export class LinkResponder {
  readonly link: Link;
  readonly #household: Household;
  readonly #world: DiscoveryWorld;
  readonly #answers: Answers;
  readonly #remains = new Remains();
  #wanted: Zone;
  #said: Zone = NOTHING;
  #isRetold = false;
  #prober: Prober | undefined;
  #repeats: Timer[] = [];
  #recent = new Set<string>();

  constructor(link: Link, zone: Zone, household: Household, world: DiscoveryWorld) {
    this.link = link;
    this.#wanted = zone;
    this.#household = household;
    this.#world = world;
    this.#answers = new Answers(link, world, () => this.#said);
  }

  /** Whether all that is to be said here is probed and announced. */
  get isSettled(): boolean {
    return this.#said === this.#wanted;
  }

  /** Whether names are announced here. */
  get isAnnounced(): boolean {
    return this.#said.unique.length > 0;
  }

  /** Whether names are asked for here now. */
  get isProbing(): boolean {
    return this.#prober !== undefined;
  }

  /** All that is said here, and that will be. */
  get records(): readonly ResourceRecord[] {
    return [this.#said, this.#wanted].flatMap(({ unique, shared }) => [...unique, ...shared]);
  }

  /**
   * Other records from now on: said once new names are probed, and announced. With `again` those that are said
   * already are announced too, to neighbours that may not have heard them.
   */
  want(zone: Zone, again = false): void {
    const before = newNames(this.#said, this.#wanted);
    this.#wanted = zone;
    this.#isRetold ||= again;
    if (newNames(this.#said, zone).join() !== before.join()) this.#prober?.cancel();
  }

  /** Falls silent until all is probed again. */
  reset(): void {
    this.#prober?.cancel();
    this.#cancelRepeats();
    this.#answers.clear();
    this.#recent.clear();
    this.#said = NOTHING;
  }

  /** Falls silent because a neighbour contests the names; what was said is taken back if he keeps them. */
  contest(): void {
    this.#remains.lose(this.#said);
    this.reset();
  }

  /** Asks whether the names that are not ours yet are free here. */
  async probe(hurry: boolean): Promise<ProbeOutcome> {
    const names = newNames(this.#said, this.#wanted);
    if (names.length === 0) return { kind: 'clear' };
    const records = this.#wanted.unique.filter(({ name }) => names.includes(foldName(name)));
    const { hearsUnicast } = this.#household;
    const prober = new Prober(
      {
        records,
        send: async (isLast) => {
          const sent = probePackets(records, hearsUnicast && !isLast).map((packet) => this.link.send(packet));
          return (await Promise.all(sent)).includes(true);
        },
        isOurs: (record) => this.#household.isOurs(record),
      },
      this.#world,
    );
    this.#prober = prober;
    const outcome = await prober.run(hurry);
    if (this.#prober === prober) this.#prober = undefined;
    return outcome;
  }

  /** Calls probing off. */
  cancelProbe(): void {
    this.#prober?.cancel();
  }

  /**
   * Says what is new now and twice again, and takes back what is no longer so; resolves when it is first said.
   * RFC 6762 §8.3, §8.4
   */
  async announce(): Promise<void> {
    const before = this.#said;
    const now = this.#wanted;
    this.#said = now;
    const news = announced(now).filter((record) => this.#isRetold || isSaidAnew(record, before, now));
    this.#isRetold = false;
    this.#remains.clear();
    await this.#takeBack(outdated(before, now));
    if (this.#said !== now || news.length === 0) return;
    for (const record of news) this.#recent.add(identityOf(record));
    const say = (): Promise<void> => this.#answers.sayNow(news);
    this.#cancelRepeats();
    this.#repeats = REPEATS.map((ms) =>
      this.#world.clock.after(ms, () => this.#repeat(), 'mdns announcement'),
    );
    await say();
  }

  /** Says what was announced lately once more, as it is now. */
  #repeat(): void {
    this.#repeats.shift();
    const all = announced(this.#said).filter((record) => this.#recent.has(identityOf(record)));
    if (this.#repeats.length === 0) this.#recent.clear();
    void this.#answers.sayNow(all);
  }

  /** Says that we leave, and falls silent. With `but` the records of that name are not taken back. RFC 6762 §10.1 */
  async goodbye(but?: string): Promise<void> {
    const { shared, unique } = this.#said;
    this.reset();
    const all = [...shared, ...unique, ...this.#remains.take()];
    await this.#takeBack(all.filter(({ name }) => but === undefined || !sameName(name, but)));
  }

  async #takeBack(records: readonly ResourceRecord[]): Promise<void> {
    for (const packet of packets(records.map((record) => withTtl(record, 0)))) await this.link.send(packet);
  }

  /** Takes a message of a neighbour. */
  hear(message: Message, from: Peer): void {
    if (message.response && !this.#household.isOwn(from.address)) {
      this.#remains.hear([...message.answers, ...message.additionals], [this.#said, this.#wanted]);
    }
    const { answers, authorities } = message;
    const wanted = message.response ? answers.filter(({ kind }) => kind === 'PTR') : authorities;
    if (this.#household.yieldsTo(wanted, from)) return;
    this.#prober?.hear(message, from.address);
    if (this.#said === NOTHING) return;
    if (message.response) this.#check(message, from);
    else this.#answer(message, from);
  }

  #answer(query: Message, from: Peer): void {
    const isProbe = query.authorities.some(({ name }) => this.#owns(name));
    this.#answers.answer(query, from, isProbe);
  }

  /** Defends what others take back or shorten, and finds conflicts. RFC 6762 §6.6, §9 */
  #check(response: Message, from: Peer): void {
    const { shared, unique, types } = this.#said;
    const ours = byIdentity([...shared, ...unique, ...types]);
    const rivals: ResourceRecord[] = [];
    for (const heard of [...response.answers, ...response.additionals]) {
      const our = ours.get(identityOf(heard));
      if (our === undefined) {
        if (heard.ttl > 0 && this.#contradicts(heard) && !this.#household.isOurs(heard)) rivals.push(heard);
      } else if (heard.ttl * 2 < our.ttl) {
        this.#answers.defend(our, from);
      } else if (heard.ttl >= our.ttl && types.includes(our)) {
        this.#answers.heard(our, from);
      }
    }
    const rival = mostTelling(rivals);
    if (rival !== undefined) this.#household.onConflict(rival, from, this);
  }

  #contradicts(heard: ResourceRecord): boolean {
    return this.#said.unique.some(({ name, kind }) => kind === heard.kind && sameName(name, heard.name));
  }

  #owns(name: string): boolean {
    return this.#said.unique.some((record) => sameName(record.name, name));
  }

  #cancelRepeats(): void {
    for (const timer of this.#repeats) timer.cancel();
    this.#repeats = [];
  }
}

/** The names, folded, that are to be ours and are not yet. */
function newNames(said: Zone, wanted: Zone): string[] {
  const ours = new Set(said.unique.map(({ name }) => foldName(name)));
  return [...new Set(wanted.unique.map(({ name }) => foldName(name)))].filter((name) => !ours.has(name));
}

/**
 * What neighbours would keep if nobody told them: records that are gone, but not those whose successor has the flush
 * bit and no sibling. Addresses are taken back one by one.
 */
function outdated(before: Zone, now: Zone): ResourceRecord[] {
  const kept = new Set([...now.shared, ...now.unique].map(identityOf));
  const isReplaced = ({ name, kind }: ResourceRecord): boolean =>
    (kind === 'SRV' || kind === 'TXT') &&
    now.unique.some((record) => record.kind === kind && sameName(record.name, name));
  return [...before.shared, ...before.unique].filter(
    (record) => !kept.has(identityOf(record)) && !isReplaced(record),
  );
}
