import type { Link } from './link.js';
import { Outbox, RECORD_GAP } from './outbox.js';
import { legacyMessage, type Message, packets } from './packet.js';
import { type Path, PORT } from './path.js';
import { byIdentity, identityOf, type ResourceRecord } from './records.js';
import type { DiscoveryWorld } from './sockets.js';
import { pick } from './timing.js';
import type { Peer } from './wire.js';
import { additionalsTo, announced, answersTo, type Zone } from './zone.js';

/** Milliseconds between two answers to probes. RFC 6762 §6 */
const DEFENCE_GAP = 250;
/** Unicast answers one link gives in a second: a neighbour cannot make the hub flood another. */
const UNICAST_PER_SECOND = 50;

/** What is said on one link, by the way that the asker is on: each path keeps its own time. */
export class Answers {
  readonly #link: Link;
  readonly #world: DiscoveryWorld;
  readonly #zone: () => Zone;
  readonly #outboxes = new Map<Path, Outbox>();
  #unicastSecond = 0;
  #unicastCount = 0;

  /** `zone` tells what may be said now. */
  constructor(link: Link, world: DiscoveryWorld, zone: () => Zone) {
    this.#link = link;
    this.#world = world;
    this.#zone = zone;
  }

  /** Answers a query: alone or to all, at once or after a while. RFC 6762 §6 */
  answer(query: Message, from: Peer, isProbe: boolean): void {
    const path = this.#link.pathTo(from.address);
    if (path === undefined) return;
    const outbox = this.#outboxOf(path);
    const known = this.#knownOf(query.answers);
    if (known.size > 0) outbox.suppress(from.address, [...known]);
    const answers = this.#answersTo(query, known);
    if (answers.size === 0) return;
    if (from.port !== PORT) {
      this.#tell(query, [...answers.keys()], from);
      return;
    }
    const isAlone = ([record, qu]: [ResourceRecord, boolean]): boolean =>
      qu && !isProbe && outbox.age(record) < record.ttl * 250; // All heard it within a quarter of its time. §5.4
    const alone = [...answers].filter(isAlone).map(([record]) => record);
    const isTold = this.#tell(query, alone, from);
    const toAll = [...answers.keys()].filter((record) => !isTold || !alone.includes(record));
    this.#queue(outbox, toAll, { isProbe, asker: query.truncated ? from.address : undefined });
  }

  /** Says a record again after a neighbour took it back or shortened its life. RFC 6762 §6.6, §10.1 */
  defend(record: ResourceRecord, from: Peer): void {
    const path = this.#link.pathTo(from.address);
    if (path === undefined) return;
    this.#queue(this.#outboxOf(path), [record], { isProbe: false, asker: undefined });
  }

  /** A neighbour says what we were about to say: once is enough. RFC 6762 §7.4 */
  heard(record: ResourceRecord, from: Peer): void {
    const path = this.#link.pathTo(from.address);
    if (path !== undefined) this.#outboxOf(path).heard(record);
  }

  /** Says records now by every path. Resolves when they left, or could not. */
  async sayNow(records: readonly ResourceRecord[]): Promise<void> {
    if (records.length === 0) return;
    const extra = additionalsTo(this.#zone(), records);
    await Promise.all(this.#link.paths.map((path) => this.#outboxOf(path).sendNow(records, extra)));
  }

  /** Forgets what waits to be said, and what was said when. */
  clear(): void {
    for (const outbox of this.#outboxes.values()) outbox.clear();
    this.#outboxes.clear();
  }

  /** The answers, and whether the asker wants them alone. */
  #answersTo(query: Message, known: ReadonlySet<ResourceRecord>): Map<ResourceRecord, boolean> {
    const answers = new Map<ResourceRecord, boolean>();
    for (const question of query.questions) {
      for (const record of answersTo(this.#zone(), question)) {
        if (!known.has(record)) answers.set(record, question.unicast && answers.get(record) !== false);
      }
    }
    return answers;
  }

  /** Our records that the asker has and that he may keep for half of their time at least. RFC 6762 §7.1 */
  #knownOf(heard: readonly ResourceRecord[]): Set<ResourceRecord> {
    const known = new Set<ResourceRecord>();
    if (heard.length === 0) return known;
    const ours = byIdentity(announced(this.#zone()));
    for (const record of heard) {
      const our = ours.get(identityOf(record));
      if (our !== undefined && record.ttl * 2 >= our.ttl) known.add(our);
    }
    return known;
  }

  #queue(
    outbox: Outbox,
    answers: readonly ResourceRecord[],
    how: { isProbe: boolean; asker: string | undefined },
  ): void {
    if (answers.length === 0) return;
    const { random } = this.#world;
    let delay = 0;
    if (how.asker !== undefined) delay = pick(random, 400, 500);
    else if (!how.isProbe && answers.some(({ flush }) => !flush)) delay = pick(random, 20, 120);
    outbox.add({
      answers,
      additionals: how.isProbe ? [] : additionalsTo(this.#zone(), answers),
      delay,
      gap: how.isProbe ? DEFENCE_GAP : RECORD_GAP,
      asker: how.asker,
    });
  }

  /** Tells one neighbour; false if too many were told of late. */
  #tell(query: Message, answers: readonly ResourceRecord[], to: Peer): boolean {
    if (answers.length === 0) return true;
    if (!this.#mayTell()) return false;
    const additionals = additionalsTo(this.#zone(), answers);
    if (to.port !== PORT) {
      const message = legacyMessage(query, answers, additionals);
      if (message !== undefined) void this.#link.send(message, to);
      return true;
    }
    for (const packet of packets(answers, additionals)) void this.#link.send({ ...packet, id: query.id }, to);
    return true;
  }

  #mayTell(): boolean {
    const second = Math.floor(this.#world.clock.monotonic() / 1000);
    if (second !== this.#unicastSecond) this.#unicastCount = 0;
    this.#unicastSecond = second;
    this.#unicastCount += 1;
    return this.#unicastCount <= UNICAST_PER_SECOND;
  }

  #outboxOf(path: Path): Outbox {
    const known = this.#outboxes.get(path);
    if (known !== undefined) return known;
    for (const [old, outbox] of this.#outboxes) {
      if (this.#link.paths.includes(old)) continue;
      outbox.clear();
      this.#outboxes.delete(old);
    }
    const fresh = new Outbox(async (answers, additionals) => {
      for (const packet of packets(answers, additionals)) await path.send(packet);
    }, this.#world.clock);
    this.#outboxes.set(path, fresh);
    return fresh;
  }
}
