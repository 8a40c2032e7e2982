import type dgram from 'node:dgram';
import type { World } from '../../system/world.js';
import type { WireMessage } from './codec.js';
import type { LanAddress } from './interfaces.js';
import { type Peer, Wire } from './wire.js';

/** The group that every mDNS speaker joins. RFC 6762 §3 */
export const GROUP = '224.0.0.251';
/** The port of mDNS. RFC 6762 §3 */
export const PORT = 5353;
/** The hop limit of what is sent. RFC 6762 §11 */
const TTL = 255;

/** One address of the machine on a LAN, and the socket that sends from it. */
export class Link {
  readonly #world: Pick<World, 'network' | 'log'>;
  #lan: LanAddress;
  #wire: Wire | undefined;
  #failed = false;

  constructor(lan: LanAddress, world: Pick<World, 'network' | 'log'>) {
    this.#lan = lan;
    this.#world = world;
  }

  /** Where this is. */
  get lan(): LanAddress {
    return this.#lan;
  }

  /** Takes over what is told of the interface now; true if that changed. */
  update(lan: LanAddress): boolean {
    const changed = lan.told.join() !== this.#lan.told.join();
    this.#lan = lan;
    return changed;
  }

  /**
   * Opens the socket; false, with a log line, if the system refuses. It is bound to the group, so that it
   * takes no unicast away from another program, and told its interface, so that it needs no default route.
   */
  open(): Promise<boolean> {
    const socket = this.#world.network.datagram({ type: 'udp4', reuseAddr: true });
    const wire = new Wire(socket, {
      message: () => undefined,
      refused: () => undefined,
      error: (error) => this.#warn(error),
    });
    this.#wire = wire;
    wire.open(false);
    return new Promise((resolve) => {
      socket.once('error', () => resolve(false));
      socket.bind({ port: PORT, address: GROUP, exclusive: true }, () => resolve(this.#aim(socket)));
    });
  }

  #aim(socket: dgram.Socket): boolean {
    try {
      socket.setMulticastInterface(this.#lan.address);
      socket.setMulticastTTL(TTL);
      socket.setMulticastLoopback(true);
      return true;
    } catch (error) {
      this.#warn(error);
      return false;
    }
  }

  /** Sends to the LAN, or to one neighbour. Resolves also if it failed; the first failure is logged. */
  async send(message: WireMessage, to?: Peer): Promise<void> {
    try {
      await this.#wire?.send(message, to);
    } catch (error) {
      this.#warn(error);
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
    this.#world.log.warn('mDNS cannot send on an interface', { interface: this.#lan.name, reason });
  }
}
