import type dgram from 'node:dgram';
import type { World } from '../../system/world.js';
import type { Family, Lan } from './interfaces.js';
import { GROUPS, groupOn, interfaceOf, PORT } from './path.js';
import { Wire, type WireEvents } from './wire.js';

/** What came of hearing a LAN: heard since now, since before, or why not (the system's error code). */
export type Hearing = 'new' | 'kept' | { readonly failed: string };

/** What ears hand on. Listeners must not throw. */
export type EarEvents = Pick<WireEvents, 'objection' | 'message' | 'refused'>;

interface Ear {
  readonly socket: dgram.Socket;
  readonly wire: Wire;
  /** Interfaces whose group was joined. */
  readonly joined: Set<string>;
}

/**
 * The sockets that hear the groups. Where unicast is heard too, one for each family is bound to every address. Beside
 * another responder they are bound to the group only, so that its unicast stays its own; the group of IPv6 exists for
 * each interface apart, and so do its ears then.
 */
export class Ears {
  readonly #world: Pick<World, 'network' | 'log'>;
  readonly #events: EarEvents;
  readonly #ears = new Map<string, Ear>();

  constructor(world: Pick<World, 'network' | 'log'>, events: EarEvents) {
    this.#world = world;
    this.#events = events;
  }

  /**
   * Hears the group on a LAN. To be called again and again, because an interface that comes back under the same
   * address has forgotten the membership. Never rejects.
   */
  async hear(lan: Lan, family: Family, unicast: boolean): Promise<Hearing> {
    const key = keyOf(lan.name, family, unicast);
    const before = this.#ears.get(key);
    const ear = before ?? (await this.#open(key, lan.name, family, unicast));
    if ('failed' in ear) return ear;
    const hearing = join(ear, lan, family);
    if (hearing === 'kept') return hearing;
    // A socket that is bound to an interface of the past hears nothing of its successor; one that joined too many
    // interfaces of the past may join no more.
    const isWorn = hearing === 'new' ? key !== family : ear.joined.has(lan.name);
    if (before === undefined || !isWorn) return hearing;
    await this.#close(key);
    return this.hear(lan, family, unicast);
  }

  /** Closes all ears, or those of interfaces that are not among these. */
  async close(but?: readonly Lan[]): Promise<void> {
    const kept = new Set(but?.map(({ name }) => keyOf(name, 'IPv6', false)));
    const keys = [...this.#ears.keys()];
    const isClosed = (key: string): boolean => but === undefined || (key.includes(' ') && !kept.has(key));
    await Promise.all(keys.filter(isClosed).map((key) => this.#close(key)));
  }

  async #open(
    key: string,
    name: string,
    family: Family,
    unicast: boolean,
  ): Promise<Ear | { failed: string }> {
    const socket = this.#world.network.datagram(
      family === 'IPv4'
        ? { type: 'udp4', reuseAddr: true }
        : { type: 'udp6', reuseAddr: true, ipv6Only: true },
    );
    const code = await bind(socket, unicast ? ANYWHERE[family] : groupOn(family, name));
    if (code !== undefined) {
      await closed(socket);
      return { failed: code };
    }
    const wire = new Wire(socket, {
      ...this.#events,
      error: (error) => {
        this.#world.log.warn('mDNS lost a socket and opens another', { family, reason: error.message });
        void this.#close(key);
      },
    });
    const ear = { socket, wire, joined: new Set<string>() };
    this.#ears.set(key, ear);
    wire.open(true);
    return ear;
  }

  async #close(key: string): Promise<void> {
    const ear = this.#ears.get(key);
    this.#ears.delete(key);
    await ear?.wire.close();
  }
}

const ANYWHERE: Readonly<Record<Family, string>> = { IPv4: '0.0.0.0', IPv6: '::' };
const LOOPBACK: Readonly<Record<Family, string>> = { IPv4: '127.0.0.1', IPv6: '::1' };

function keyOf(name: string, family: Family, unicast: boolean): string {
  return family === 'IPv6' && !unicast ? `${family} ${name}` : family;
}

function join({ socket, joined }: Ear, { name, addresses }: Lan, family: Family): Hearing {
  const address = addresses.find((own) => own.family === family)?.address ?? '';
  try {
    socket.addMembership(GROUPS[family], interfaceOf({ name, family, address }));
    joined.add(name);
    return 'new';
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    return code === 'EADDRINUSE' ? 'kept' : { failed: code };
  }
}

/** Whether someone of this machine has the port for every address, as avahi and systemd-resolved do. */
export async function isPortTaken(network: World['network'], family: Family): Promise<boolean> {
  for (const address of [LOOPBACK[family], ANYWHERE[family]]) {
    const socket = network.datagram(
      family === 'IPv4'
        ? { type: 'udp4', reuseAddr: false }
        : { type: 'udp6', reuseAddr: false, ipv6Only: true },
    );
    const code = await bind(socket, address);
    await closed(socket);
    if (code === undefined || code === 'EADDRINUSE') return code === 'EADDRINUSE';
  }
  return false;
}

function closed(socket: dgram.Socket): Promise<void> {
  return new Promise((resolve) => socket.close(() => resolve()));
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
