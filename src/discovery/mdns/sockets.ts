import type dgram from 'node:dgram';
import type { Timer } from '../../system/clock.js';
import type { World } from '../../system/world.js';
import { isOnLan, type LanAddress, lanAddresses } from './interfaces.js';
import { GROUP, Link, PORT } from './link.js';
import type { Message } from './packet.js';
import { type Peer, Wire } from './wire.js';

/** Milliseconds between two looks at the machine's addresses. */
const POLL = 2000;
const FIRST_FREE_PORT = 1024;

/** The parts of the world that mDNS needs. */
export type DiscoveryWorld = Pick<World, 'clock' | 'random' | 'network' | 'log'>;

/** How the sockets are to be. */
export interface SocketsOptions {
  /** Only these interfaces; all but container and point-to-point ones if not given. */
  readonly interfaces?: readonly string[] | undefined;
  /** Take unicast to port 5353 too, where no other program of the machine has it. */
  readonly unicast: boolean;
}

/** What the sockets tell their owner. Listeners must not throw. */
export interface SocketsEvents {
  /** A message from a neighbour on this link. */
  message(link: Link, message: Message, from: Peer): void;
  /** A link is there (again). */
  up(link: Link): void;
  /** Other addresses of a link's interface came or went. */
  changed(link: Link): void;
  /** A link is gone; sending on it no longer works. */
  down(link: Link): void;
}

/**
 * The mDNS sockets of the process: one ear for all LANs, and per IPv4 address a link that sends there and
 * nowhere else. Addresses are looked at every two seconds and the group is joined again each time, because
 * an interface that comes back under the same address has forgotten the membership.
 *
 * Node does not tell on which interface a datagram arrived: the sender's subnet decides, and is at once the
 * check that the sender is a neighbour.
 */
export class Sockets {
  readonly #options: SocketsOptions;
  readonly #world: DiscoveryWorld;
  readonly #events: SocketsEvents;
  readonly #links = new Map<string, Link>();
  #own: ReadonlySet<string> = new Set();
  #ear: { socket: dgram.Socket; wire: Wire } | undefined;
  #timer: Timer | undefined;
  #polling: Promise<void> = Promise.resolve();
  #running = false;
  #shared = false;
  #warned = '';
  #refused = 0;

  constructor(options: SocketsOptions, world: DiscoveryWorld, events: SocketsEvents) {
    this.#options = options;
    this.#world = world;
    this.#events = events;
  }

  /** Another program of this machine has port 5353: unicast belongs to it. */
  get shared(): boolean {
    return this.#shared;
  }

  /** Whether unicast answers reach these sockets, so that questions may ask for them. */
  get hearsUnicast(): boolean {
    return this.#options.unicast && !this.#shared;
  }

  /** The links that are up. */
  get links(): Link[] {
    return [...this.#links.values()];
  }

  /** Datagrams dropped as malformed or from strangers since the start. */
  get refused(): number {
    return this.#refused;
  }

  /** Whether the address is one of this machine's. */
  isOwn(address: string): boolean {
    return this.#own.has(address);
  }

  /** Opens the sockets. Does not reject: what fails is logged and tried again. */
  async start(): Promise<void> {
    this.#running = true;
    this.#shared = await this.#isTaken();
    await this.#poll();
    if (this.#links.size === 0)
      this.#warn('no usable network interface: the hub cannot be found by mDNS yet');
  }

  /** Closes all sockets. */
  async stop(): Promise<void> {
    this.#running = false;
    this.#timer?.cancel();
    await this.#polling;
    const closing = this.links.map((link) => link.close());
    this.#links.clear();
    await Promise.all([...closing, this.#closeEar()]);
  }

  /** Whether someone has the port for every address, as avahi and systemd-resolved do. */
  async #isTaken(): Promise<boolean> {
    for (const address of ['127.0.0.1', '0.0.0.0']) {
      const socket = this.#world.network.datagram({ type: 'udp4', reuseAddr: false });
      const code = await bind(socket, address);
      await new Promise<void>((resolve) => socket.close(() => resolve()));
      if (code !== 'EADDRNOTAVAIL') return code === 'EADDRINUSE';
    }
    return false;
  }

  #poll(): Promise<void> {
    this.#polling = this.#update().catch((error: unknown) => {
      this.#warn(`mDNS could not look at the network: ${String(error)}`);
    });
    return this.#polling.then(() => {
      if (this.#running) this.#timer = this.#world.clock.after(POLL, () => this.#poll(), 'mdns interfaces');
    });
  }

  async #update(): Promise<void> {
    const all = this.#world.network.interfaces();
    this.#own = new Set(all.map(({ address }) => address));
    const lans = lanAddresses(all, this.#options.interfaces);
    const ear = await this.#openEar();
    const fresh = new Set(
      ear === undefined ? [] : lans.filter((lan) => this.#join(ear, lan)).map((l) => l.name),
    );
    const wanted = new Map(lans.map((lan) => [lan.key, lan]));
    for (const [key, link] of this.#links) {
      if (ear === undefined || !wanted.has(key) || fresh.has(link.lan.name)) await this.#drop(key, link);
    }
    if (ear === undefined) return;
    for (const lan of lans) await this.#keep(lan);
  }

  async #keep(lan: LanAddress): Promise<void> {
    const link = this.#links.get(lan.key);
    if (link !== undefined) {
      if (link.update(lan)) this.#events.changed(link);
      return;
    }
    const fresh = new Link(lan, this.#world);
    if (!(await fresh.open()) || !this.#running) {
      await fresh.close();
      return;
    }
    this.#links.set(lan.key, fresh);
    this.#events.up(fresh);
  }

  async #drop(key: string, link: Link): Promise<void> {
    this.#links.delete(key);
    this.#events.down(link);
    await link.close();
  }

  /** Joins the group on an interface; true if it was not joined before. */
  #join(ear: dgram.Socket, lan: LanAddress): boolean {
    try {
      ear.addMembership(GROUP, lan.address);
      return true;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EADDRINUSE') this.#warn(`mDNS cannot listen on ${lan.name}: ${code}`);
      return false;
    }
  }

  async #openEar(): Promise<dgram.Socket | undefined> {
    if (this.#ear !== undefined) return this.#ear.socket;
    const socket = this.#world.network.datagram({ type: 'udp4', reuseAddr: true });
    const code = await bind(socket, this.hearsUnicast ? '0.0.0.0' : GROUP);
    if (code !== undefined || !this.#running) {
      await new Promise<void>((resolve) => socket.close(() => resolve()));
      if (code !== undefined) this.#warn(`mDNS is silent: UDP port ${PORT} cannot be bound (${code})`);
      return undefined;
    }
    const wire = new Wire(socket, {
      message: (message, from) => this.#receive(message, from),
      refused: (reason, from) => this.#refuse(reason, from),
      error: (error) => {
        this.#warn(`mDNS lost its socket: ${error.message}`);
        void this.#closeEar();
      },
    });
    wire.open(true);
    this.#ear = { socket, wire };
    return socket;
  }

  async #closeEar(): Promise<void> {
    const ear = this.#ear;
    this.#ear = undefined;
    await ear?.wire.close();
  }

  #receive(message: Message, from: Peer): void {
    if (message.response ? from.port !== PORT : from.port < FIRST_FREE_PORT) {
      this.#refuse('unexpected source port', from);
      return;
    }
    const heardOn = new Set<string>();
    for (const link of this.#links.values()) {
      if (heardOn.has(link.lan.name) || !isOnLan(from.address, link.lan)) continue;
      heardOn.add(link.lan.name);
      this.#events.message(link, message, from);
    }
    if (heardOn.size === 0) this.#refuse('not a neighbour', from);
  }

  #refuse(reason: string, from: Peer): void {
    this.#refused += 1;
    this.#world.log.debug('mDNS dropped a datagram', { reason, from: from.address, port: from.port });
  }

  /** Says a thing once until something else is to be said. */
  #warn(text: string): void {
    if (text === this.#warned) return;
    this.#warned = text;
    this.#world.log.warn(text);
  }
}

/** Binds to the mDNS port; resolves with the system's error code if that fails. */
function bind(socket: dgram.Socket, address: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException): void => resolve(error.code ?? error.message);
    socket.once('error', failed);
    socket.bind({ port: PORT, address, exclusive: true }, () => {
      socket.removeListener('error', failed);
      resolve(undefined);
    });
  });
}
