import type dgram from 'node:dgram';
import type { Connection, Endpoint, InterfaceAddress, Listener, Network } from '../../src/system/network.js';
import { memoryPair } from './memory-connection.js';

type Accept = (connection: Connection) => void;

/** A LAN in memory for connections: hosts with addresses of their own. */
export class MemoryHosts {
  private readonly listeners = new Map<string, Accept>();
  /** Addresses where nobody answers, not even with a refusal. */
  readonly silent = new Set<string>();
  private nextPort = 20_000;

  /** The network as the host with these addresses sees it; connections leave from the first of the family. */
  host(...addresses: readonly string[]): Network {
    return {
      listen: async (at, accept) => this.listen(addresses, at, accept),
      connect: (to) => this.connect(addresses, to),
      interfaces: () => addresses.map(interfaceOf),
      datagram: (_options: dgram.SocketOptions): dgram.Socket => {
        throw new Error('no datagrams in memory');
      },
    };
  }

  private listen(addresses: readonly string[], at: Endpoint, accept: Accept): Listener {
    // Nobody on a LAN reaches a Unix socket.
    if ('path' in at) return { port: 0, close: async () => undefined };
    const port = at.port === 0 ? this.nextPort++ : at.port;
    const names = addresses.map((address) => nameOf(address, port));
    if (names.some((name) => this.listeners.has(name)))
      throw Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE' });
    for (const name of names) this.listeners.set(name, accept);
    const close = async () => {
      for (const name of names) this.listeners.delete(name);
    };
    return { port, close };
  }

  private async connect(from: readonly string[], to: Endpoint): Promise<Connection> {
    if ('path' in to) throw new Error('no Unix sockets in memory');
    if (this.silent.has(to.host)) return new Promise(() => undefined);
    const own = from.find((address) => address.includes(':') === to.host.includes(':'));
    if (own === undefined) throw refused();
    return this.connectAs(own, to);
  }

  /** A connection that comes from this address, however it is written. */
  async connectAs(
    address: string,
    to: { readonly host: string; readonly port: number },
  ): Promise<Connection> {
    const accept = this.listeners.get(nameOf(to.host, to.port));
    if (accept === undefined) throw refused();
    const [client, server] = memoryPair({
      client: { address, port: this.nextPort++ },
      server: { address: to.host, port: to.port },
    });
    accept(server);
    return client;
  }
}

function refused(): Error {
  return Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
}

function interfaceOf(address: string): InterfaceAddress {
  const family = address.includes(':') ? 'IPv6' : 'IPv4';
  return { name: 'lan', address, netmask: '255.255.255.0', internal: false, scope: 0, family };
}

function nameOf(host: string, port: number): string {
  return `${host} ${port}`;
}
