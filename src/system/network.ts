import dgram from 'node:dgram';
import { chmodSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import type { Duplex } from 'node:stream';

/** An open byte stream to a peer: a socket of the machine, or one end of a pair in a test. */
export interface Connection extends Duplex {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  readonly localAddress?: string | undefined;
}

/** Resolves when the connection is closed. */
export function closed(connection: Connection): Promise<void> {
  if (connection.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    connection.once('close', () => resolve());
  });
}

/** Where to listen or connect: a host and a port (0 picks a free one), or a Unix socket's path. */
export type Endpoint = { host: string; port: number } | { path: string };

/** A listening socket. */
export interface Listener {
  /** The port in use; 0 for a Unix socket. */
  readonly port: number;
  /** Stops accepting. Open connections stay open. */
  close(): Promise<void>;
}

/** One address of one interface, as `os.networkInterfaces` tells it. */
export interface InterfaceAddress {
  readonly name: string;
  readonly address: string;
  readonly netmask: string;
  readonly family: 'IPv4' | 'IPv6';
  readonly internal: boolean;
  /** IPv6 zone index; 0 for IPv4. */
  readonly scope: number;
}

/** Sockets of the world. */
export interface Network {
  /**
   * Rejects with the system's error (`code` EADDRINUSE, EACCES, …) if the endpoint cannot be taken. A Unix socket is
   * for its user alone (0600).
   */
  listen(at: Endpoint, accept: (connection: Connection) => void): Promise<Listener>;
  /** Rejects with the system's error if nobody answers, and once `signal` says that it took too long. */
  connect(to: Endpoint, signal?: AbortSignal): Promise<Connection>;
  /** The machine's addresses now. */
  interfaces(): InterfaceAddress[];
  /** A fresh, unbound UDP socket. */
  datagram(options: dgram.SocketOptions): dgram.Socket;
}

/**
 * A thing that lost its power says no goodbye. Systems look after it by themselves two hours later only; a minute of
 * silence is enough, so that its session does not seem to be there for hours.
 */
const LISTENING = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 };

/** The machine's network. */
export class SystemNetwork implements Network {
  listen(at: Endpoint, accept: (connection: Connection) => void): Promise<Listener> {
    return new Promise((resolve, reject) => {
      const server = net.createServer(LISTENING, accept);
      server.once('error', reject);
      server.listen(at, () => {
        server.off('error', reject);
        if ('path' in at) chmodSync(at.path, 0o600);
        const bound = server.address();
        resolve({
          port: bound !== null && typeof bound === 'object' ? bound.port : 0,
          close: () => new Promise((done) => server.close(() => done())),
        });
      });
    });
  }

  connect(to: Endpoint, signal?: AbortSignal): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = net.connect(to);
      const abort = () => socket.destroy(new Error('The connection took too long.'));
      signal?.addEventListener('abort', abort, { once: true });
      socket.once('error', reject);
      socket.once('connect', () => {
        signal?.removeEventListener('abort', abort);
        socket.off('error', reject);
        socket.setNoDelay(true);
        resolve(socket);
      });
    });
  }

  interfaces(): InterfaceAddress[] {
    const all: InterfaceAddress[] = [];
    for (const [name, addresses] of Object.entries(os.networkInterfaces())) {
      for (const a of addresses ?? []) {
        const scope = a.family === 'IPv6' ? a.scopeid : 0;
        all.push({
          name,
          address: a.address,
          netmask: a.netmask,
          family: a.family,
          internal: a.internal,
          scope,
        });
      }
    }
    return all;
  }

  datagram(options: dgram.SocketOptions): dgram.Socket {
    return dgram.createSocket(options);
  }
}
