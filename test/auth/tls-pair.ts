import type { AddressInfo } from 'node:net';
import { connect as connectTcp, createServer } from 'node:net';
import { type ConnectionOptions, connect, TLSSocket } from 'node:tls';
import type { Authority } from '../../src/edges/c2s/authority.js';

/** Both ends of a TLS connection over loopback. */
export interface TlsPair {
  readonly server: TLSSocket;
  readonly client: TLSSocket;
}

/** Makes TLS connections to a server that stands on the hub's authority. */
export class TlsServer {
  private readonly listener = createServer();
  private readonly open = new Set<TLSSocket>();
  private readonly authority: Authority;

  constructor(authority: Authority) {
    this.authority = authority;
  }

  /** Listens on a free port. */
  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.listener.listen(0, '127.0.0.1', resolve));
  }

  /** Closes everything. */
  async stop(): Promise<void> {
    for (const socket of this.open) socket.destroy();
    await new Promise((resolve) => this.listener.close(resolve));
  }

  /** Connects and shakes hands. Rejects with the client's error. */
  async pair(options: ConnectionOptions): Promise<TlsPair> {
    const { port } = this.listener.address() as AddressInfo;
    const accepted = new Promise<TLSSocket>((resolve) => {
      this.listener.once('connection', (socket) => {
        const server = new TLSSocket(socket, { isServer: true, secureContext: this.authority.secureContext });
        this.open.add(server);
        server.on('error', () => server.destroy());
        server.once('secure', () => resolve(server));
      });
    });
    const ca = this.authority.caCertificatePem;
    const socket = connectTcp(port, '127.0.0.1');
    const client = connect({ socket, ca, servername: 'home.local', ...options });
    this.open.add(client);
    await new Promise<void>((resolve, reject) => {
      client.once('secureConnect', resolve);
      client.once('error', reject);
    });
    client.on('error', () => client.destroy());
    return { server: await accepted, client };
  }
}
