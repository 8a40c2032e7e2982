import type { SecureContext } from 'node:tls';
import { listenOn } from '../../system/listen-on.js';
import type { Connection, Listener, Network } from '../../system/network.js';
import type { Admission } from '../../xmpp/admission.js';
import { plainAddress } from '../../xmpp/plain-address.js';
import { directTls } from './start-tls.js';

/** Where clients come in. */
export interface ListenerOptions {
  /** Addresses to listen on; `::` is every one, also of IPv4. */
  readonly listen: readonly string[];
  /** Port of XMPP with STARTTLS, and of XMPP over TLS; 0 picks a free one. */
  readonly port: number;
  readonly tlsPort: number;
}

/** The ports of the embedded server. */
export class C2sListener {
  private readonly options: ListenerOptions;
  private readonly network: Network;
  private readonly admission: Admission;
  private readonly certificate: () => SecureContext;
  private readonly accepted: (connection: Connection, address: string) => void;
  private listeners: Listener[] = [];
  private ports: [plain: number, tls: number] = [0, 0];

  /** `accepted` gets each admitted connection, inside TLS already if it came to the TLS port. */
  constructor(
    options: ListenerOptions,
    network: Network,
    admission: Admission,
    certificate: () => SecureContext,
    accepted: (connection: Connection, address: string) => void,
  ) {
    this.options = options;
    this.network = network;
    this.admission = admission;
    this.certificate = certificate;
    this.accepted = accepted;
  }

  /** The port of XMPP with STARTTLS, once started. */
  get port(): number {
    return this.ports[0];
  }

  /** The port of XMPP over TLS, once started. */
  get tlsPort(): number {
    return this.ports[1];
  }

  /** Binds the ports. Rejects with the system's error, and holds none then. */
  async start(): Promise<void> {
    try {
      const plain = await this.bind(this.options.port, (connection) => connection);
      const tls = await this.bind(this.options.tlsPort, (connection) =>
        directTls(connection, this.certificate()),
      );
      this.ports = [plain, tls];
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Accepts nobody any more. */
  async stop(): Promise<void> {
    const listeners = this.listeners;
    this.listeners = [];
    // A listener's end waits for its connections, which are not this one's to end.
    for (const listener of listeners) listener.close().catch(() => undefined);
  }

  private async bind(wanted: number, wrap: (connection: Connection) => Connection): Promise<number> {
    let port = wanted;
    for (const host of this.options.listen) {
      const listener = await listenOn(this.network, { host, port }, (connection) =>
        this.accept(connection, wrap),
      );
      this.listeners.push(listener);
      port = listener.port;
    }
    return port;
  }

  /** A connection beyond the limits costs nothing more than its end. */
  private accept(connection: Connection, wrap: (connection: Connection) => Connection): void {
    const address = plainAddress(connection.remoteAddress);
    if (this.admission.enter(address)) this.accepted(wrap(connection), address);
    else connection.destroy();
  }
}
