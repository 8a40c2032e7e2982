import type { Timer } from '../../system/clock.js';
import { Candidate } from './candidate.js';
import type { Link } from './link.js';
import { type Household, LinkResponder } from './link-responder.js';
import { MAX_LABEL, nameOf, sameName } from './names.js';
import type { ProbeOutcome } from './probe.js';
import { identityOf, type ResourceRecord } from './records.js';
import { type DiscoveryWorld, Sockets } from './sockets.js';
import type { Peer } from './wire.js';
import { LOCAL, type Service, zoneOf } from './zone.js';

/** Conflicts within ten seconds after which probing slows down, and to what. RFC 6762 §8.1 */
const MANY_CONFLICTS = { count: 15, within: 10_000, wait: 5000 };
/** Milliseconds until the names are tried again after all were taken. */
const GIVEN_UP = 300_000;

/** What is announced, where, and under which name. */
export interface ResponderOptions {
  /** The machine's name; its first label is used. */
  readonly name: string;
  readonly services: readonly Service[];
  /** Only these interfaces; all but container and point-to-point ones if not given. */
  readonly interfaces?: readonly string[] | undefined;
}

/** Told the new host name and machine label after a conflict. */
export type RenameListener = (hostName: string, label: string) => void;

/** Announces services on every LAN of the machine by mDNS, and answers for them. RFC 6762, RFC 6763 */
export class Responder implements Household {
  readonly #options: ResponderOptions;
  readonly #world: DiscoveryWorld;
  readonly #sockets: Sockets;
  readonly #candidate: Candidate;
  readonly #links = new Map<Link, LinkResponder>();
  readonly #listeners: RenameListener[] = [];
  readonly #conflicts: number[] = [];
  #claiming: Promise<void> | undefined;
  #retry: Timer | undefined;
  #running = false;
  #hurry = false;

  constructor(options: ResponderOptions, world: DiscoveryWorld) {
    this.#options = options;
    this.#world = world;
    const longestUser = Math.max(
      0,
      ...options.services.map(({ user }) => (user === undefined ? 0 : user.length + 1)),
    );
    this.#candidate = new Candidate(options.name, MAX_LABEL - longestUser);
    this.#sockets = new Sockets({ interfaces: options.interfaces, unicast: true }, world, {
      up: (link) => this.#add(link),
      down: (link) => this.#remove(link),
      changed: (link) => this.#change(link),
      message: (link, message, from) => this.#links.get(link)?.hear(message, from),
    });
  }

  /** The host name under which the hub is reached, as `pronto.local`. */
  get hostName(): string {
    return nameOf(this.#candidate.label, LOCAL);
  }

  /** The machine's label: the instance of services without a user. */
  get instance(): string {
    return this.#candidate.label;
  }

  /** Whether the names are announced on some link now. */
  get isAnnounced(): boolean {
    return [...this.#links.values()].some(({ state }) => state === 'ready');
  }

  /** Datagrams dropped as malformed or from strangers. */
  get refused(): number {
    return this.#sockets.refused;
  }

  /** `listener` hears of every change of the host name after the first announcement or before. */
  onRename(listener: RenameListener): void {
    this.#listeners.push(listener);
  }

  /**
   * Resolves once the names are probed and first announced (about a second without conflicts), or at once
   * where there is no usable interface. Never rejects: what fails is logged, and tried again.
   */
  async start(): Promise<void> {
    this.#running = true;
    this.#hurry = false;
    await this.#sockets.start();
    await this.#claiming;
  }

  /** Says goodbye and closes the sockets. */
  async stop(): Promise<void> {
    this.#running = false;
    this.#retry?.cancel();
    await Promise.all([...this.#links.values()].map((responder) => responder.goodbye()));
    this.#links.clear();
    await this.#sockets.stop();
  }

  // What the links ask.

  get hearsUnicast(): boolean {
    return this.#sockets.hearsUnicast;
  }

  isOurs(record: ResourceRecord): boolean {
    const identity = identityOf(record);
    const all = [...this.#links.values()].flatMap(({ zone }) => [...zone.unique, ...zone.shared]);
    return all.some((our) => identityOf(our) === identity);
  }

  onConflict(name: string, from: Peer): void {
    this.#world.log.warn('another machine uses our mDNS name', { name, from: from.address });
    this.#noteConflict();
    for (const responder of this.#links.values()) responder.reset(responder.zone);
    this.#claim();
  }

  /** The machine's own responder may start after us: the machine's name is its, whatever was first. */
  yieldsTo(names: readonly ResourceRecord[], from: Peer): boolean {
    const probing = [...this.#links.values()].some(({ state }) => state !== 'ready');
    if (probing || this.#candidate.isHub || !this.#sockets.isOwn(from.address)) return false;
    const { hostName } = this;
    if (!names.some(({ name }) => sameName(name, hostName))) return false;
    for (const responder of this.#links.values()) void responder.goodbye(hostName);
    this.#rename(() => this.#candidate.yieldToMachine());
    this.#claim();
    return true;
  }

  #add(link: Link): void {
    if (this.#sockets.shared && !this.#candidate.isHub) this.#candidate.yieldToMachine();
    this.#links.set(link, new LinkResponder(link, this.#zoneFor(link), this, this.#world));
    this.#claim();
  }

  #remove(link: Link): void {
    const responder = this.#links.get(link);
    this.#links.delete(link);
    responder?.reset(responder.zone);
  }

  #change(link: Link): void {
    void this.#links
      .get(link)
      ?.replace(this.#zoneFor(link))
      .then(() => this.#claim());
  }

  #zoneFor(link: Link): ReturnType<typeof zoneOf> {
    return zoneOf(this.#candidate.label, this.#options.services, link.lan);
  }

  /** Sees to it that every link is probed and announced; one run at a time serves all that wait. */
  #claim(): void {
    if (!this.#running || this.#claiming !== undefined || this.#retry !== undefined) return;
    this.#claiming = this.#claimAll().finally(() => {
      this.#claiming = undefined;
      if ([...this.#links.values()].some(({ state }) => state === 'waiting')) this.#claim();
    });
  }

  async #claimAll(): Promise<void> {
    for (;;) {
      const waiting = [...this.#links.values()].filter(({ state }) => state === 'waiting');
      if (!this.#running || waiting.length === 0) return;
      if (this.#isFlooded()) return this.#retryAfter(MANY_CONFLICTS.wait, () => undefined);
      const hurry = this.#hurry;
      this.#hurry = false;
      const label = this.#candidate.label;
      const outcomes = await Promise.all(waiting.map((responder) => this.#probe(responder, hurry)));
      if (!this.#running) return;
      const taken = outcomes.find(({ kind }) => kind === 'taken');
      if (taken?.kind === 'taken' && !this.#lose(taken)) return;
      if (taken !== undefined || label !== this.#candidate.label) continue;
      const clear = waiting.filter(
        (responder, i) => outcomes[i]?.kind === 'clear' && this.#isHere(responder),
      );
      await Promise.all(clear.map((responder) => responder.announce()));
    }
  }

  /** Probes one link; the first that hears of a rival calls the others off. */
  async #probe(responder: LinkResponder, hurry: boolean): Promise<ProbeOutcome> {
    const outcome = await responder.probe(hurry);
    if (outcome.kind === 'taken') {
      for (const other of this.#links.values()) if (other.state === 'probing') other.reset(other.zone);
    }
    return outcome;
  }

  #isHere(responder: LinkResponder): boolean {
    return this.#links.get(responder.link) === responder && responder.state === 'waiting';
  }

  /** A name is taken: goes on with the next one; false if all are taken at present. */
  #lose(taken: { name: string; by: string }): boolean {
    this.#noteConflict();
    const { isHub } = this.#candidate;
    let left = true;
    this.#rename(() => {
      if (!isHub && this.#sockets.isOwn(taken.by)) this.#candidate.yieldToMachine();
      else left = this.#candidate.next();
    });
    if (left) return true;
    this.#world.log.warn('every mDNS name of this hub is taken; it is not announced until one is free', {
      name: taken.name,
      by: taken.by,
    });
    this.#retryAfter(GIVEN_UP, () => this.#rename(() => this.#candidate.restart()));
    return false;
  }

  #retryAfter(ms: number, prepare: () => void): void {
    const again = (): void => {
      this.#retry = undefined;
      prepare();
      this.#claim();
    };
    this.#retry = this.#world.clock.after(ms, again, 'mdns retry');
  }

  #rename(choose: () => void): void {
    const before = this.#candidate.label;
    choose();
    const { label } = this.#candidate;
    for (const responder of this.#links.values()) {
      if (label !== before) void responder.goodbye(); // Where nobody contested the old name it goes in peace.
      responder.reset(this.#zoneFor(responder.link));
    }
    if (label === before) return;
    this.#hurry = true;
    this.#world.log.warn('the mDNS name is taken; the hub takes another', { was: before, is: label });
    for (const listener of this.#listeners) listener(this.hostName, label);
  }

  #noteConflict(): void {
    const now = this.#world.clock.monotonic();
    this.#conflicts.push(now);
    if (this.#conflicts.length > MANY_CONFLICTS.count) this.#conflicts.shift();
  }

  #isFlooded(): boolean {
    const oldest = this.#conflicts.length < MANY_CONFLICTS.count ? undefined : this.#conflicts[0];
    return oldest !== undefined && this.#world.clock.monotonic() - oldest < MANY_CONFLICTS.within;
  }
}
