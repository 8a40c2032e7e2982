import { Duplex } from 'node:stream';
import type { Connection } from '../../src/system/network.js';

/** What the ends of a pair say of each other's place. */
export interface MemoryAddresses {
  readonly client?: { readonly address: string; readonly port: number };
  readonly server?: { readonly address: string; readonly port: number };
}

/**
 * One end of a connection in memory. It behaves as a socket does: each write arrives as one segment in a later turn of
 * the event loop, both directions end together, a full buffer holds the writer back, a lost connection is an error.
 */
export class MemoryConnection extends Duplex implements Connection {
  readonly remoteAddress: string | undefined;
  readonly remotePort: number | undefined;
  readonly localAddress: string | undefined;
  private other: MemoryConnection | undefined;
  /** The other end's write that waits until this end reads on. */
  private heldWriter: (() => void) | undefined;

  constructor(remote: { address: string; port: number }, local: string) {
    super({ allowHalfOpen: false });
    this.remoteAddress = remote.address;
    this.remotePort = remote.port;
    this.localAddress = local;
  }

  /** Joins two ends. */
  static join(one: MemoryConnection, other: MemoryConnection): void {
    one.other = other;
    other.other = one;
  }

  /** The connection breaks as when the peer's machine forgot it: ECONNRESET at both ends. */
  reset(): void {
    for (const end of [this, this.other]) {
      end?.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
    }
  }

  override _read(): void {
    const resume = this.heldWriter;
    this.heldWriter = undefined;
    resume?.();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const other = this.other;
    setImmediate(() => {
      if (other === undefined || other.destroyed) {
        done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
        return;
      }
      if (other.push(Buffer.from(chunk))) done();
      else other.heldWriter = done;
    });
  }

  override _final(done: (error?: Error | null) => void): void {
    const other = this.other;
    setImmediate(() => {
      if (other !== undefined && !other.destroyed) other.push(null);
      done();
    });
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    const other = this.other;
    const waiting = this.heldWriter;
    this.heldWriter = undefined;
    waiting?.();
    // What was written before still arrives; then the other end sees the end.
    setImmediate(() => {
      if (other !== undefined && !other.destroyed && !other.readableEnded) other.push(null);
      const held = other?.heldWriter;
      if (other !== undefined) other.heldWriter = undefined;
      held?.();
    });
    done(error);
  }
}

/** Two ends of one connection: the client's, the server's. */
export function memoryPair(addresses: MemoryAddresses = {}): [MemoryConnection, MemoryConnection] {
  const client = addresses.client ?? { address: '192.0.2.10', port: 40_000 };
  const server = addresses.server ?? { address: '192.0.2.1', port: 5222 };
  const clientEnd = new MemoryConnection(server, client.address);
  const serverEnd = new MemoryConnection(client, server.address);
  MemoryConnection.join(clientEnd, serverEnd);
  return [clientEnd, serverEnd];
}
