import type dgram from 'node:dgram';
import type { World } from '../../system/world.js';
import type { WireMessage } from './codec.js';
import type { Family } from './interfaces.js';
import { type Peer, Wire } from './wire.js';

/** The groups that every mDNS speaker joins. RFC 6762 §3 */
export const GROUPS: Readonly<Record<Family, string>> = { IPv4: '224.0.0.251', IPv6: 'ff02::fb' };
/** The port of mDNS. RFC 6762 §3 */
export const PORT = 5353;
/** The hop limit of what is sent. RFC 6762 §11 */
const HOPS = 255;

/** Where a path leaves the machine. */
export interface Way {
  /** The interface's name. */
  readonly name: string;
  readonly family: Family;
  /** IPv4: the source address, which also selects the interface. IPv6 goes by the interface's name. */
  readonly address: string;
}

/** The group's address where a socket is bound to it: link-local groups have a zone. */
export function groupOn(family: Family, name: string): string {
  return family === 'IPv4' ? GROUPS.IPv4 : `${GROUPS.IPv6}%${name}`;
}

/** What Node calls the interface in multicast options. */
export function interfaceOf({ name, family, address }: Way): string {
  return family === 'IPv4' ? address : `::%${name}`;
}

/** A socket that sends to one LAN by one family, and nowhere else. */
export class Path {
  readonly way: Way;
  readonly #world: Pick<World, 'network' | 'log'>;
  #wire: Wire | undefined;
  #isOpen = false;
  #failed = false;

  constructor(way: Way, world: Pick<World, 'network' | 'log'>) {
    this.way = way;
    this.#world = world;
  }

  /**
   * Opens the socket; resolves with the reason if the system refuses. It is bound to the group, so that it
   * takes no unicast away from another program, and told its interface, so that it needs no default route.
   */
  open(): Promise<string | undefined> {
    const { name, family } = this.way;
    const socket = this.#world.network.datagram(
      family === 'IPv4'
        ? { type: 'udp4', reuseAddr: true }
        : { type: 'udp6', reuseAddr: true, ipv6Only: true },
    );
    const wire = new Wire(socket, {
      objection: () => 'sends only',
      message: () => undefined,
      refused: () => undefined,
      error: (error) => {
        if (this.#isOpen) this.#warn(error);
      },
    });
    this.#wire = wire;
    wire.open(false);
    return new Promise((resolve) => {
      socket.once('error', (error) => resolve(error.message));
      socket.bind({ port: PORT, address: groupOn(family, name), exclusive: true }, () =>
        resolve(this.#aim(socket)),
      );
    });
  }

  #aim(socket: dgram.Socket): string | undefined {
    try {
      socket.setMulticastInterface(interfaceOf(this.way));
      socket.setMulticastTTL(HOPS);
      socket.setTTL(HOPS);
      socket.setMulticastLoopback(true);
      this.#isOpen = true;
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** Sends to the group, or to one neighbour. False if it failed; the first failure in a row is logged. */
  async send(message: WireMessage, to?: Peer): Promise<boolean> {
    if (this.#wire === undefined) return false;
    try {
      await this.#wire.send(message, to ?? { address: GROUPS[this.way.family], port: PORT });
      this.#failed = false;
      return true;
    } catch (error) {
      this.#warn(error);
      return false;
    }
  }

  /** Closes the socket. */
  async close(): Promise<void> {
    await this.#wire?.close();
    this.#wire = undefined;
  }

  #warn(error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    const reason = error instanceof Error ? error.message : String(error);
    const { name, family } = this.way;
    this.#world.log.warn('mDNS cannot send on an interface', { interface: name, family, reason });
  }
}
