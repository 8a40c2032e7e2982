import type dgram from 'node:dgram';
import { EventEmitter } from 'node:events';
import multicastDns from 'multicast-dns';
import { completeCodec, sizeOf, type WireMessage } from './codec.js';
import { type Message, readMessage } from './packet.js';
import { refusal } from './preflight.js';

/** Where a datagram came from, or goes to. */
export interface Peer {
  readonly address: string;
  readonly port: number;
}

/** What a wire hands to its owner. Listeners must not throw. */
export interface WireEvents {
  /** Why a datagram from there is not to be read at all; `undefined` if it is. Asked before anything is decoded. */
  objection(from: Peer, response: boolean): string | undefined;
  /** A well-formed message. */
  message(message: Message, from: Peer): void;
  /** A datagram that was dropped, and why. */
  refused(reason: string, from: Peer): void;
  /** The socket failed. */
  error(error: Error): void;
}

/**
 * What multicast-dns takes for a socket: it hands on only datagrams that are safe to decode, because the
 * codec makes room for as many entries as a header claims.
 */
class Gate extends EventEmitter {
  readonly #socket: dgram.Socket;

  constructor(socket: dgram.Socket) {
    super();
    this.#socket = socket;
  }

  send(
    message: Buffer,
    offset: number,
    length: number,
    port: number,
    address: string,
    done: (error: Error | null) => void,
  ): void {
    try {
      this.#socket.send(message, offset, length, port, address, done);
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error))); // The socket was closed meanwhile.
    }
  }

  close(done: () => void): void {
    this.#socket.close(done);
  }
}

/** multicast-dns as it is used here; its own types leave `send` out. */
interface MulticastDns extends EventEmitter {
  send(message: WireMessage, to: Peer | null, done: (error?: Error | null) => void): void;
  destroy(done: () => void): void;
}

/** multicast-dns on a bound socket: messages in and out. */
export class Wire {
  readonly #socket: dgram.Socket;
  readonly #events: WireEvents;
  #mdns: MulticastDns | undefined;

  constructor(socket: dgram.Socket, events: WireEvents) {
    this.#socket = socket;
    this.#events = events;
  }

  /** Begins to use the socket. With `listen` messages are read; without, the wire only sends. */
  open(listen: boolean): void {
    completeCodec();
    const gate = new Gate(this.#socket);
    const options = { socket: gate as unknown as dgram.Socket, multicast: false, bind: false as const };
    const mdns = multicastDns(options) as EventEmitter as MulticastDns;
    this.#mdns = mdns;
    this.#socket.on('error', (error) => this.#events.error(error));
    if (!listen) return;
    let sender: Peer = { address: '', port: 0 };
    mdns.on('warning', (error: Error) => this.#events.refused(error.message, sender));
    mdns.on('packet', (wire: WireMessage) => this.#read(wire, sender));
    this.#socket.on('message', (datagram: Buffer, from: dgram.RemoteInfo) => {
      sender = { address: from.address, port: from.port };
      const reason = refusal(datagram) ?? this.#events.objection(sender, isResponse(datagram));
      if (reason === undefined) gate.emit('message', datagram, from);
      else this.#events.refused(reason, sender);
    });
  }

  /** Whatever a neighbour sends, nothing is thrown where nobody catches it. */
  #read(wire: WireMessage, from: Peer): void {
    try {
      this.#events.message(readMessage(wire), from);
    } catch (error) {
      this.#events.refused(error instanceof Error ? error.message : String(error), from);
    }
  }

  /**
   * Sends to the group, or to one peer. Rejects with the system's error, or with a RangeError if a name
   * cannot be written.
   */
  send(message: WireMessage, to?: Peer): Promise<void> {
    const mdns = this.#mdns;
    return new Promise((resolve, reject) => {
      if (mdns === undefined) return resolve();
      sizeOf(message); // Throws here what would otherwise be thrown where nobody catches it.
      const done = (error?: Error | null): void => (error ? reject(error) : resolve());
      mdns.send(message, to ?? null, done);
    });
  }

  /** Closes the socket; messages under way to it are dropped. */
  close(): Promise<void> {
    const mdns = this.#mdns;
    this.#mdns = undefined;
    return new Promise((resolve) => {
      if (mdns === undefined) resolve();
      else mdns.destroy(resolve);
    });
  }
}

function isResponse(datagram: Buffer): boolean {
  return ((datagram[2] ?? 0) & 0x80) !== 0;
}
