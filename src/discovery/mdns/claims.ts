import type { Timer } from '../../system/clock.js';
import type { Candidate } from './candidate.js';
import { Conflicts, type Rival } from './conflicts.js';
import type { Link } from './link.js';
import { type Household, LinkResponder } from './link-responder.js';
import { nameOf, sameName } from './names.js';
import type { ProbeOutcome } from './probe.js';
import { HOST_TTL, identityOf, type ResourceRecord } from './records.js';
import type { DiscoveryWorld, Sockets, SocketsEvents } from './sockets.js';
import type { Peer } from './wire.js';
import { LOCAL, type Service, type Zone, zoneOf } from './zone.js';

/** Milliseconds between two tries while there are many conflicts. RFC 6762 §8.1 */
const SLOW = 5000;
/** Milliseconds until the names are tried again after all were taken. */
const GIVEN_UP = 300_000;
/** Conflicts, without a minute of peace, after which a name is left to one who contests it and answers no probe. */
const MAX_CONTESTED = 5;
/** Records that were ours a little while ago, kept at most. */
const MAX_FORMER = 1000;

/** A record that a neighbour has under a name of ours, and his address. */
type Taken = Pick<Extract<ProbeOutcome, { kind: 'taken' }>, 'record' | 'by'>;

/** What claims stand on. */
export interface ClaimsParts {
  readonly sockets: Sockets;
  readonly candidate: Candidate;
  /** What is to be announced now. */
  services(): readonly Service[];
  /** The machine's label has changed. */
  renamed(): void;
  /** The label is ours on some link. */
  settled(): void;
}

/**
 * Sees to it that the names of this machine's services are its own on every link: probed, announced, defended, and
 * left for others where a neighbour has them. One label serves all names, so they change together. RFC 6762 §8, §9
 */
export class Claims implements Household, SocketsEvents {
  readonly conflicts: Conflicts;
  readonly #parts: ClaimsParts;
  readonly #world: DiscoveryWorld;
  readonly #links = new Map<Link, LinkResponder>();
  /** Identities of records that we said a while ago, and until when they may come back to us. */
  readonly #former = new Map<string, number>();
  #claiming: Promise<void> | undefined;
  #retry: Timer | undefined;
  #running = false;
  #hurry = false;
  #isSpent = false;
  #contested = 0;
  /** One who contests the present label again and again. */
  #stubborn: Taken | undefined;

  constructor(parts: ClaimsParts, world: DiscoveryWorld) {
    this.#parts = parts;
    this.#world = world;
    this.conflicts = new Conflicts(world.clock);
  }

  /** Whether the names are announced on some link now. */
  get isAnnounced(): boolean {
    return this.#responders.some(({ isAnnounced }) => isAnnounced);
  }

  /** Whether every name was taken; they are tried again later. */
  get isSpent(): boolean {
    return this.#isSpent;
  }

  /** Begins to claim what the links bring. */
  start(): void {
    this.#running = true;
    this.#hurry = false;
  }

  /** Resolves once all that can be claimed now is. */
  async done(): Promise<void> {
    while (this.#claiming !== undefined) await this.#claiming;
  }

  /** Says goodbye on all links. */
  async stop(): Promise<void> {
    this.#running = false;
    this.#retry?.cancel();
    this.#retry = undefined;
    await Promise.all(this.#responders.map((responder) => responder.goodbye()));
    this.#links.clear();
    this.#former.clear();
  }

  /** The services are others now: claims what is new, takes back what is gone. */
  async refresh(): Promise<void> {
    if (!this.#running) return;
    for (const responder of this.#responders) this.#want(responder);
    this.#claim();
    await this.done();
  }

  /** Gives the present label up in peace for the one that the candidate has now. */
  rename(choose: () => void): void {
    const { candidate } = this.#parts;
    const before = candidate.label;
    choose();
    const { label } = candidate;
    if (label === before) return;
    for (const responder of this.#responders) {
      void responder.goodbye(); // Where nobody contests the old name it goes in peace.
      this.#want(responder);
    }
    this.#hurry = true;
    if (this.#running) this.#world.log.info('the mDNS name is another now', { was: before, is: label });
    this.#parts.renamed();
  }

  // What the sockets tell.

  up(link: Link): void {
    const { sockets, candidate } = this.#parts;
    if (sockets.shared && candidate.isMachines) this.rename(() => candidate.yieldToMachine());
    if (this.#isSpent) this.#restart(); // Maybe another LAN, where they are free.
    this.#links.set(link, new LinkResponder(link, this.#zoneFor(link), this, this.#world));
    this.#claim();
  }

  down(link: Link): void {
    const responder = this.#links.get(link);
    if (responder === undefined) return;
    this.#remember(responder);
    this.#links.delete(link);
    responder.reset();
  }

  changed(link: Link): void {
    const responder = this.#links.get(link);
    if (responder === undefined) return;
    this.#want(responder, true);
    this.#claim();
  }

  message(link: Link, message: Parameters<LinkResponder['hear']>[0], from: Peer): void {
    this.#links.get(link)?.hear(message, from);
  }

  // What the links ask.

  get hearsUnicast(): boolean {
    return this.#parts.sockets.hearsUnicast;
  }

  isOwn(address: string): boolean {
    return this.#parts.sockets.isOwn(address);
  }

  isOurs(record: ResourceRecord): boolean {
    const identity = identityOf(record);
    if ((this.#former.get(identity) ?? 0) > this.#world.clock.monotonic()) return true;
    return this.#responders.some(({ records }) => records.some((our) => identityOf(our) === identity));
  }

  onConflict(heard: ResourceRecord, from: Peer, at: LinkResponder): void {
    if (this.yieldsTo([heard], from)) return;
    const rival = this.#note(heard, from.address);
    this.#world.log.warn('another machine uses our mDNS name', { ...rival });
    at.contest();
    this.#contested += 1;
    if (this.#contested > MAX_CONTESTED) this.#stubborn = { record: heard, by: from.address };
    this.#claim();
  }

  /**
   * The machine's own responder may start with us or after us: the machine's name is its, whatever was first. It may say
   * the same as we do; but its addresses point to the name as well, and ours never do.
   */
  yieldsTo(names: readonly ResourceRecord[], from: Peer): boolean {
    const { candidate, sockets } = this.#parts;
    if (!candidate.isMachines || !sockets.isOwn(from.address)) return false;
    const hostName = nameOf(candidate.label, LOCAL);
    const theirs = names.filter(
      ({ name, data }) =>
        sameName(name, hostName) || (data.type === 'PTR' && sameName(data.target, hostName)),
    );
    if (theirs.length === 0) return false;
    // A probe of our own comes back to us, by another interface too.
    const isProbing = this.#responders.some((responder) => responder.isProbing);
    if (isProbing && theirs.every((record) => this.isOurs(record))) return false;
    const goodbyes = this.#responders.map((responder) => responder.goodbye(hostName));
    this.rename(() => candidate.yieldToMachine());
    void Promise.all(goodbyes)
      .then(() => sockets.share())
      .then(() => this.#claim());
    return true;
  }

  get #responders(): LinkResponder[] {
    return [...this.#links.values()];
  }

  #zoneFor(link: Link): Zone {
    return zoneOf(this.#parts.candidate.label, this.#parts.services(), link.lan);
  }

  #want(responder: LinkResponder, again = false): void {
    this.#remember(responder);
    responder.want(this.#zoneFor(responder.link), again);
  }

  /** What was said echoes for a while, from caches and other interfaces: that is no rival. */
  #remember({ records }: LinkResponder): void {
    const now = this.#world.clock.monotonic();
    for (const [identity, until] of this.#former) if (until <= now) this.#former.delete(identity);
    for (const record of records) {
      if (this.#former.size < MAX_FORMER) this.#former.set(identityOf(record), now + HOST_TTL * 1000);
    }
  }

  /** Sees to it that every link is probed and announced; one run at a time serves all that wait. */
  #claim(): void {
    if (!this.#running || this.#claiming !== undefined || this.#retry !== undefined) return;
    if (this.#responders.every(({ isSettled }) => isSettled)) return;
    const run = this.#claimAll().catch((error: unknown) => {
      this.#world.log.error('mDNS names could not be claimed', { reason: String(error) });
      this.#retryAfter(SLOW, () => undefined);
    });
    this.#claiming = run.then(() => {
      this.#claiming = undefined;
      this.#claim();
    });
  }

  async #claimAll(): Promise<void> {
    for (;;) {
      const waiting = this.#responders.filter(({ isSettled }) => !isSettled);
      if (!this.#running || waiting.length === 0) return;
      if (this.conflicts.areMany) return this.#retryAfter(SLOW, () => undefined);
      if (this.#stubborn !== undefined) {
        if (!this.#lose(this.#stubborn)) return;
        continue;
      }
      const hurry = this.#hurry;
      this.#hurry = false;
      const label = this.#parts.candidate.label;
      const outcomes = await Promise.all(waiting.map((responder) => this.#probe(responder, hurry)));
      if (!this.#running) return;
      const taken = outcomes.find((outcome) => outcome.kind === 'taken');
      if (taken?.kind === 'taken' && !this.#lose(taken)) return;
      if (taken !== undefined || label !== this.#parts.candidate.label) continue;
      const clear = waiting.filter(
        (responder, i) => outcomes[i]?.kind === 'clear' && this.#isHere(responder),
      );
      await Promise.all(clear.map((responder) => responder.announce()));
      if (clear.length > 0) this.#settle();
    }
  }

  /** Probes one link; the first that hears of a rival calls the others off. */
  async #probe(responder: LinkResponder, hurry: boolean): Promise<ProbeOutcome> {
    const outcome = await responder.probe(hurry);
    if (outcome.kind === 'taken') for (const other of this.#responders) other.cancelProbe();
    return outcome;
  }

  #isHere(responder: LinkResponder): boolean {
    return this.#links.get(responder.link) === responder;
  }

  #settle(): void {
    if (!this.isAnnounced) return;
    this.#isSpent = false;
    this.#parts.settled();
  }

  /** Notes a conflict. What was tried before a minute of peace no longer counts. */
  #note(record: ResourceRecord, by: string): Rival {
    if (this.conflicts.areOver) {
      this.#parts.candidate.settle();
      this.#contested = 0;
    }
    return this.conflicts.note(record, by);
  }

  /** A name is taken: goes on with the next one; false if all are taken at present. */
  #lose({ record, by }: Taken): boolean {
    const { candidate, sockets } = this.#parts;
    const rival = this.#note(record, by);
    this.#stubborn = undefined;
    this.#contested = 0;
    this.#world.log.warn('another machine has our mDNS name', { ...rival });
    let left = true;
    this.rename(() => {
      if (candidate.isMachines && sockets.isOwn(by)) candidate.yieldToMachine();
      else left = candidate.next();
    });
    if (left) return true;
    this.#isSpent = true;
    for (const responder of this.#responders) void responder.goodbye();
    this.#world.log.warn('every mDNS name of this hub is taken; it is not announced until one is free', {
      ...rival,
    });
    this.#retryAfter(GIVEN_UP, () => this.#restart());
    return false;
  }

  /** Begins with the first name again. */
  #restart(): void {
    this.#isSpent = false;
    this.#retry?.cancel();
    this.#retry = undefined;
    this.rename(() => this.#parts.candidate.restart());
  }

  #retryAfter(ms: number, prepare: () => void): void {
    const again = (): void => {
      this.#retry = undefined;
      prepare();
      this.#claim();
    };
    this.#retry = this.#world.clock.after(ms, again, 'mdns retry');
  }
}
