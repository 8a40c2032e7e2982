import type { World } from '../../system/world.js';
import { Directory } from './directory.js';
import { DueQueue } from './due-queue.js';
import { type Found, readText, stringsOf } from './found.js';
import { HeardRecord } from './heard-record.js';
import type { Link } from './link.js';
import { foldName, labelsOf, sameName } from './names.js';
import type { Message, Question } from './packet.js';
import type { Heard, RecordSet } from './record-set.js';
import { identityOf, type ResourceRecord, withTtl } from './records.js';
import type { Host, ServiceInstance } from './service-instance.js';
import { pick } from './timing.js';

/** Bytes of a text that is kept; RFC 6763 §6.2 wants it to fit in one packet with the rest. */
const MAX_TEXT = 1300;
/** Milliseconds between two questions for what is missing: the first, doubled each time up to the last. RFC 6762 §5.2 */
const FIRST_GAP = 1000;
const LAST_GAP = 3_600_000;

type Node = ServiceInstance | Host;

/** Asks on a link; `isKnown` says whether the questions are about what is fully known and must not lapse. */
export type Ask = (link: Link, questions: readonly Question[], isKnown: boolean) => void;

/**
 * What was heard of one service type on all links, whatever packets it came in; and what is to be asked so that it
 * becomes whole and stays known. Costs the same per record however much is known.
 */
export class Cache {
  readonly #type: string;
  readonly #world: Pick<World, 'clock' | 'random'>;
  readonly #ask: Ask;
  readonly #directory: Directory;
  readonly #queue = new DueQueue<Heard<Node> | Node>();
  /** What is to be looked at before the next change is told. */
  readonly #touched = new Set<Node>();
  readonly #changed = new Set<string>();
  #wholes = 0;

  /**
   * `type` is a full name, as `_xmpp-client._tcp.local`. `isOurs` tells which instances this program announces itself,
   * by their full names, folded. `ask` is called with what is to be asked on a link now.
   */
  constructor(
    type: string,
    isOurs: (key: string) => boolean,
    world: Pick<World, 'clock' | 'random'>,
    ask: Ask,
  ) {
    this.#type = type;
    this.#world = world;
    this.#ask = ask;
    this.#directory = new Directory(type, isOurs, (node) => this.#release(node));
  }

  /** How many instances are known, whole or not, each counted on each of its links. */
  get size(): number {
    return this.#directory.size;
  }

  /** How many records and questions wait for their time. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** When `advance` is to be called next, on the monotonic clock; `undefined` if nothing waits. */
  get due(): number | undefined {
    return this.#queue.first?.due;
  }

  /** Keeps what a response says. */
  hear(message: Message, link: Link, source: string): void {
    const now = this.#world.clock.monotonic();
    const lateness = pick(this.#world.random, 0, 1000) / 1000;
    for (const record of [...message.answers, ...message.additionals]) {
      const set = this.#setFor(record, link, source);
      if (set !== undefined) this.#keep(set, record, now, lateness);
    }
    this.#settle(now);
  }

  /**
   * Others ask to be answered before all: a service that is not said to them is there no longer, though its pointer may
   * stay, so that it is asked for again. Only those are in doubt who hear the family by which is asked. RFC 6762 §10.5
   */
  overhear(query: Message, link: Link, asker: string): void {
    if (query.truncated || query.authorities.length > 0) return;
    const now = this.#world.clock.monotonic();
    const known = new Set(query.answers.map(identityOf));
    for (const { name, type, unicast } of query.questions) {
      if (unicast || type !== 'SRV') continue;
      const asked = this.#directory.named(foldName(name)).find((instance) => instance.link === link);
      if (asked === undefined || asked.source.includes(':') !== asker.includes(':')) continue;
      for (const heard of asked.services.all) {
        if (!known.has(identityOf(heard.record)) && heard.doubt(now)) this.#queue.put(heard);
      }
    }
  }

  /** An instance (full name, folded) does not answer where it is said to be: its place is asked for anew. */
  reconfirm(key: string): void {
    const now = this.#world.clock.monotonic();
    for (const instance of this.#directory.named(key)) {
      const place = [instance.services, ...(instance.host?.sets ?? [])];
      for (const { all } of place) for (const heard of all) if (heard.reconfirm(now)) this.#queue.put(heard);
    }
  }

  /** Forgets what was heard on a link. */
  forget(link: Link): void {
    this.#directory.forget(link);
    this.#settle(this.#world.clock.monotonic());
  }

  /** The addresses of the machine on a link have changed: those of others are looked at again. */
  review(link: Link): void {
    for (const instance of this.#directory.on(link)) this.#touched.add(instance);
    this.#settle(this.#world.clock.monotonic());
  }

  /** Does what is due: asks again for what is about to lapse or is missing, and forgets what has lapsed. */
  advance(): void {
    const now = this.#world.clock.monotonic();
    for (let next = this.#queue.first; next !== undefined && next.due <= now; next = this.#queue.first) {
      if (next instanceof HeardRecord) this.#age(next, now);
      else this.#askAgain(next, now);
    }
    this.#settle(now);
  }

  /** The full names, folded, of instances about which something has changed since the last call. */
  takeChanged(): string[] {
    const changed = [...this.#changed];
    this.#changed.clear();
    return changed;
  }

  /**
   * An instance by its full name, folded, if it is whole on some link. Where links differ about host or port the one
   * that was whole first counts; else it has the addresses of all. [0174 10]
   */
  found(key: string): Found | undefined {
    const whole = this.#directory.named(key).filter(({ isResolved }) => isResolved);
    const [first] = whole.sort((a, b) => (a.wholeSince ?? 0) - (b.wholeSince ?? 0));
    const target = first?.target;
    const text = first?.text;
    if (first === undefined || target === undefined || text === undefined) return undefined;
    const same = whole.filter(
      ({ host, target: other }) => host?.key === first.host?.key && other?.port === target.port,
    );
    const ranked = same.flatMap(({ host }) => host?.addresses() ?? []);
    ranked.sort((a, b) => a.rank - b.rank || (a.address < b.address ? -1 : 1));
    return {
      instance: labelsOf(first.services.name)[0] ?? '',
      host: target.target,
      port: target.port,
      addresses: [...new Set(ranked.map(({ address }) => address))],
      txt: readText(stringsOf(text)),
    };
  }

  /** Whether a pointer is known on a link for more than half of its time still. RFC 6762 §7.1 */
  knows(pointer: ResourceRecord, link: Link): boolean {
    if (pointer.data.type !== 'PTR') return false;
    const heard = this.#directory.instance(pointer.data.target, link)?.pointers.current;
    return heard !== undefined && this.#isFresh(heard);
  }

  /** The pointers known on a link for more than half of their time still. RFC 6762 §7.1 */
  known(link: Link): ResourceRecord[] {
    const now = this.#world.clock.monotonic();
    const known: ResourceRecord[] = [];
    for (const { pointers } of this.#directory.on(link)) {
      const heard = pointers.current;
      if (heard === undefined || !this.#isFresh(heard)) continue;
      known.push(withTtl(heard.record, Math.floor((heard.expires - now) / 1000)));
    }
    return known;
  }

  #isFresh({ expires, record, isDying }: HeardRecord): boolean {
    return !isDying && (expires - this.#world.clock.monotonic()) * 2 > record.ttl * 1000;
  }

  /** Where a record belongs; `undefined` if it is of no use, or says goodbye to what is not known. */
  #setFor(
    { name, ttl, rdata, data }: ResourceRecord,
    link: Link,
    source: string,
  ): RecordSet<Node> | undefined {
    const instance = (of: string): ServiceInstance | undefined =>
      this.#directory.instance(of, link) ??
      (ttl === 0 ? undefined : this.#directory.addInstance(of, link, source));
    const host = (): Host | undefined =>
      this.#directory.host(name, link) ?? (ttl === 0 ? undefined : this.#directory.addHost(name, link));
    switch (data.type) {
      case 'PTR':
        return sameName(name, this.#type) ? instance(data.target)?.pointers : undefined;
      case 'SRV':
        return data.service.port === 0 ? undefined : instance(name)?.services;
      case 'TXT':
        return rdata.length > MAX_TEXT ? undefined : instance(name)?.texts;
      case 'A':
        return host()?.four;
      case 'AAAA':
        return host()?.six;
      default:
        return undefined;
    }
  }

  #keep(set: RecordSet<Node>, record: ResourceRecord, now: number, lateness: number): void {
    const { moved, dropped, isNews } = set.hear(compact(record), identityFor(record), now, lateness);
    if (dropped !== undefined) this.#queue.take(dropped);
    for (const heard of moved) this.#queue.put(heard);
    if (isNews) this.#touched.add(set.node);
  }

  #age(heard: Heard<Node>, now: number): void {
    const { set, expires } = heard;
    if (expires <= now) {
      this.#queue.take(heard);
      set.drop(heard);
      this.#touched.add(set.node);
      return;
    }
    const { name, kind, node } = set;
    if (node.isWanted) this.#ask(node.link, [{ name, type: kind, unicast: false }], node.isResolved);
    heard.next(now);
    this.#queue.put(heard);
  }

  #askAgain(node: Node, now: number): void {
    this.#ask(node.link, node.needs(), node.isResolved);
    node.due = now + Math.min(FIRST_GAP * 2 ** node.attempts, LAST_GAP);
    node.attempts += 1;
    this.#queue.put(node);
  }

  /** Brings everything that hangs on what was heard up to date. */
  #settle(now: number): void {
    const followUp = now + pick(this.#world.random, 20, 120);
    for (const node of this.#touched) {
      // What is added here is visited as well; what was visited is not visited again.
      if ('instances' in node) for (const instance of node.instances) this.#touched.add(instance);
      else this.#settleInstance(node, followUp);
      this.#schedule(node, followUp);
      if (node.sets.every(({ size }) => size === 0)) this.#directory.drop(node);
    }
    this.#touched.clear();
  }

  #settleInstance(instance: ServiceInstance, followUp: number): void {
    const left = this.#directory.place(instance, instance.target?.target);
    for (const host of [left, instance.host]) if (host !== undefined) this.#schedule(host, followUp);
    const { isWhole } = instance;
    if (!isWhole) instance.wholeSince = undefined;
    else instance.wholeSince ??= this.#wholes++;
    this.#directory.settle(instance, isWhole);
    this.#changed.add(instance.key);
  }

  /** Asks soon for what is missing, or no longer for what has come. */
  #schedule(node: Node, followUp: number): void {
    if (node.needs().length === 0) {
      this.#queue.take(node);
    } else if (node.slot < 0) {
      node.attempts = 0;
      node.due = followUp;
      this.#queue.put(node);
    }
  }

  #release(node: Node): void {
    this.#queue.take(node);
    this.#touched.delete(node);
    for (const set of node.sets) for (const heard of set.all) this.#queue.take(heard);
    if (!('instances' in node)) this.#changed.add(node.key);
  }
}

/** What makes a record another one within its set. A pointer's set has one only. */
function identityFor({ kind, rdata }: ResourceRecord): string {
  return kind === 'PTR' ? '' : rdata.toString('latin1');
}

/** The record without the parts of its datagram that would stay in memory with it. */
function compact(record: ResourceRecord): ResourceRecord {
  if (record.data.type !== 'TXT') return record;
  return { ...record, data: { type: 'TXT', strings: [] }, wire: undefined };
}
