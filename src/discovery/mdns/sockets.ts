import type { Timer } from '../../system/clock.js';
import { printable } from '../../system/printable.js';
import type { World } from '../../system/world.js';
import { Ears, type Hearing, isPortTaken } from './ears.js';
import { type Family, isNeighbour, type Lan, type LanChoice, lansOf } from './interfaces.js';
import { Link } from './link.js';
import type { Message } from './packet.js';
import { PORT } from './path.js';
import type { Peer } from './wire.js';

/** Milliseconds between two looks at the machine's addresses. */
const POLL = 2000;
/** Milliseconds by which the clocks must part before the machine is held to have slept; that it was set costs little. */
const NAP = 10_000;
const FIRST_FREE_PORT = 1024;
const FAMILIES: readonly Family[] = ['IPv4', 'IPv6'];

/** The parts of the world that mDNS needs. */
export type DiscoveryWorld = Pick<World, 'clock' | 'random' | 'network' | 'log'>;

/** How the sockets are to be. */
export interface SocketsOptions extends LanChoice {
  /** Take unicast to port 5353 too, where no other program of the machine has it. */
  readonly unicast: boolean;
}

/** What the sockets tell those who follow. Listeners must not throw. */
export interface SocketsEvents {
  /** A message from a neighbour on this link. */
  message(link: Link, message: Message, from: Peer): void;
  /** A link is there (again): maybe another LAN than before. */
  up(link: Link): void;
  /** Addresses of a link's interface came or went, or a way to its neighbours opened: tell them again. */
  changed(link: Link): void;
  /** A link is gone; sending on it no longer works. */
  down(link: Link): void;
}

/** Links, and news of them: what everyone who speaks mDNS in this process shares. */
export interface Links {
  /** Those that are up. */
  readonly links: readonly Link[];
  /** Tells of all that happens from now on; returns what ends that. */
  follow(events: SocketsEvents): () => void;
}

/**
 * The mDNS sockets of the process: ears for all LANs, and for each interface a link that sends there and nowhere
 * else. Addresses are looked at every two seconds and the groups joined again each time; after the machine slept all
 * begins anew.
 *
 * Node does not tell on which interface a datagram arrived: the sender's subnet or zone decides, and is at once the
 * check that the sender is a neighbour.
 */
export class Sockets implements Links {
  readonly #options: SocketsOptions;
  readonly #world: DiscoveryWorld;
  readonly #ears: Ears;
  readonly #followers = new Set<SocketsEvents>();
  readonly #links = new Map<string, Link>();
  #own: ReadonlySet<string> = new Set();
  #timer: Timer | undefined;
  #polling: Promise<void> = Promise.resolve();
  #running = false;
  #shared = false;
  #troubles: ReadonlySet<string> = new Set();
  #refused = 0;
  /** Milliseconds that the wall clock was ahead at the last look: the other one stands still while the machine sleeps. */
  #lead: number | undefined;

  constructor(options: SocketsOptions, world: DiscoveryWorld) {
    this.#options = options;
    this.#world = world;
    this.#ears = new Ears(world, {
      objection: (from, response) => this.#objection(from, response),
      message: (message, from) => this.#receive(message, from),
      refused: (reason, from) => this.#refuse(reason, from),
    });
  }

  /** Another program of this machine has port 5353: unicast belongs to it. */
  get shared(): boolean {
    return this.#shared;
  }

  /** Whether unicast answers reach these sockets, so that questions may ask for them. */
  get hearsUnicast(): boolean {
    return this.#options.unicast && !this.#shared;
  }

  get links(): Link[] {
    return [...this.#links.values()];
  }

  /** Datagrams dropped as malformed or from strangers since the start. */
  get refused(): number {
    return this.#refused;
  }

  /** What keeps mDNS from working on some LAN now, in sentences. */
  get troubles(): string[] {
    return [...this.#troubles];
  }

  follow(events: SocketsEvents): () => void {
    this.#followers.add(events);
    return () => this.#followers.delete(events);
  }

  /** Whether the address is one of this machine's. */
  isOwn(address: string): boolean {
    const [bare = ''] = address.split('%', 1);
    return this.#own.has(bare);
  }

  /** Opens the sockets. Does not reject: what fails is logged and tried again. */
  async start(): Promise<void> {
    this.#running = true;
    this.#polling = this.#askForPort();
    await this.#polling;
    if (this.#running) await this.#poll();
  }

  async #askForPort(): Promise<void> {
    const taken = await Promise.all(FAMILIES.map((family) => isPortTaken(this.#world.network, family)));
    this.#shared = taken.includes(true);
  }

  /** Another responder of this machine came later: leaves unicast to it from now on. */
  async share(): Promise<void> {
    if (this.#shared) return;
    this.#shared = true;
    await this.#polling;
    this.#timer?.cancel();
    await this.#ears.close();
    if (this.#running) await this.#poll();
  }

  /** Closes all sockets. */
  async stop(): Promise<void> {
    this.#running = false;
    this.#lead = undefined;
    this.#timer?.cancel();
    await this.#polling;
    const closing = this.links.map((link) => link.close());
    this.#links.clear();
    await Promise.all([...closing, this.#ears.close()]);
  }

  #poll(): Promise<void> {
    this.#polling = this.#update().catch((error: unknown) => {
      this.#tell([`mDNS could not look at the network: ${String(error)}`]);
    });
    return this.#polling.then(() => {
      if (this.#running) this.#timer = this.#world.clock.after(POLL, () => this.#poll(), 'mdns interfaces');
    });
  }

  async #update(): Promise<void> {
    const all = this.#world.network.interfaces();
    this.#own = new Set(all.map(({ address }) => address));
    const lans = lansOf(all, this.#options);
    const troubles: string[] = [];
    const heard = new Set<string>();
    await this.#ears.close(this.#hasSlept() ? undefined : lans);
    for (const lan of lans) if (await this.#hear(lan, troubles)) heard.add(lan.name);
    for (const link of this.links) if (!heard.has(link.lan.name)) await this.#drop(link);
    if (this.#links.size === 0 && troubles.length === 0) {
      troubles.push('no usable network interface: nobody can find this machine by mDNS yet');
    }
    this.#tell(troubles);
  }

  /** Whether the machine slept since the last look: it may be on other LANs now, and has to begin anew. RFC 6762 §8 */
  #hasSlept(): boolean {
    const before = this.#lead;
    this.#lead = this.#world.clock.now() - this.#world.clock.monotonic();
    return before !== undefined && this.#lead - before > NAP;
  }

  /** Sees to it that a LAN is heard and spoken on by the families that work there; false if by none. */
  async #hear(lan: Lan, troubles: string[]): Promise<boolean> {
    const link = this.#links.get(lan.name);
    const heard = new Map<Family, Hearing>();
    for (const family of FAMILIES) {
      if (!lan.addresses.some((own) => own.family === family)) continue;
      const hearing = await this.#ears.hear(lan, family, this.hearsUnicast);
      if (typeof hearing === 'string') heard.set(family, hearing);
      else troubles.push(`mDNS cannot listen on ${lan.name} by ${family} (${hearing.failed})`);
    }
    if (heard.size === 0 || !this.#running) return false;
    const isOther = link?.paths.some(({ way }) => heard.get(way.family) === 'new') === true;
    if (link !== undefined && isOther) await this.#drop(link);
    const heardBy = lan.addresses.filter(({ family }) => heard.has(family));
    return this.#keep({ ...lan, addresses: heardBy }, troubles);
  }

  async #keep(lan: Lan, troubles: string[]): Promise<boolean> {
    const link = this.#links.get(lan.name);
    if (link !== undefined) {
      const changed = await link.update(lan);
      troubles.push(...link.failures);
      if (changed && link.paths.length > 0) {
        for (const follower of this.#followers) follower.changed(link);
      }
      return link.paths.length > 0;
    }
    const fresh = new Link(lan, this.#world);
    await fresh.update(lan);
    troubles.push(...fresh.failures);
    if (fresh.paths.length === 0 || !this.#running) {
      await fresh.close();
      return false;
    }
    this.#links.set(lan.name, fresh);
    for (const follower of this.#followers) follower.up(fresh);
    return true;
  }

  async #drop(link: Link): Promise<void> {
    this.#links.delete(link.lan.name);
    for (const follower of this.#followers) follower.down(link);
    await link.close();
  }

  /** Why a datagram is not worth reading: it comes from afar, or from where no mDNS speaker sends. RFC 6762 §11 */
  #objection(from: Peer, response: boolean): string | undefined {
    if (response ? from.port !== PORT : from.port < FIRST_FREE_PORT) return 'unexpected source port';
    return this.links.some(({ lan }) => isNeighbour(from.address, lan)) ? undefined : 'not a neighbour';
  }

  #receive(message: Message, from: Peer): void {
    for (const link of this.links) {
      if (!isNeighbour(from.address, link.lan)) continue;
      for (const follower of this.#followers) follower.message(link, message, from);
    }
  }

  #refuse(reason: string, from: Peer): void {
    this.#refused += 1;
    const fields = { reason: printable(reason), from: from.address, port: from.port };
    this.#world.log.debug('mDNS dropped a datagram', fields);
  }

  /** Says each trouble once, until it is over. */
  #tell(troubles: readonly string[]): void {
    for (const text of troubles) if (!this.#troubles.has(text)) this.#world.log.warn(text);
    this.#troubles = new Set(troubles);
  }
}
