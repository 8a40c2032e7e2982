import type dgram from 'node:dgram';
import type { Connection, Endpoint, InterfaceAddress, Listener, Network } from '../../src/system/network.js';
import { memoryPair } from './memory-connection.js';

type Accept = (connection: Connection) => void;

/** A network in memory: listeners by port or path, connections as pairs, one interface. */
export class MemoryNetwork implements Network {
  private readonly listeners = new Map<string, Accept>();
  private nextPort = 20_000;

  async listen(at: Endpoint, accept: Accept): Promise<Listener> {
    const port = 'path' in at ? 0 : at.port === 0 ? this.nextPort++ : at.port;
    const name = nameOf('path' in at ? at : { host: at.host, port });
    if (this.listeners.has(name))
      throw Object.assign(new Error(`listen EADDRINUSE ${name}`), { code: 'EADDRINUSE' });
    this.listeners.set(name, accept);
    return {
      port,
      close: async () => {
        this.listeners.delete(name);
      },
    };
  }

  async connect(to: Endpoint): Promise<Connection> {
    const accept = this.listeners.get(nameOf(to));
    if (accept === undefined)
      throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const [client, server] = memoryPair({
      client: { address: '192.0.2.10', port: this.nextPort++ },
      server: { address: '192.0.2.1', port: 'port' in to ? to.port : 0 },
    });
    accept(server);
    return client;
  }

  interfaces(): InterfaceAddress[] {
    const lan = { name: 'lan', address: '192.0.2.1', netmask: '255.255.255.0', internal: false, scope: 0 };
    return [{ ...lan, family: 'IPv4' }];
  }

  /** Nothing multicasts in memory: a test that asks for a datagram socket is mistaken. */
  datagram(_options: dgram.SocketOptions): dgram.Socket {
    throw new Error('no datagrams in memory');
  }
}

function nameOf(at: Endpoint): string {
  return 'path' in at ? at.path : String(at.port);
}
