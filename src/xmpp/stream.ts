import type { Clock } from '../system/clock.js';
import type { Log } from '../system/log.js';
import type { Connection } from '../system/network.js';
import type { Random } from '../system/random.js';
import type { Element } from './element.js';
import type { StreamLimits } from './limits.js';

/** What a stream header says (RFC 6120 §4.7). Absent attributes are `undefined`. */
export interface StreamHeader {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly id?: string | undefined;
  readonly version?: string | undefined;
  readonly lang?: string | undefined;
  /** The default namespace: jabber:client, jabber:component:accept. */
  readonly ns: string;
}

/** Who listens to a stream. Nothing thrown in here leaves the stream: it ends with internal-server-error. */
export interface StreamHandler {
  /** The peer's header came. */
  opened(header: StreamHeader): void;
  /** A first-level element came. */
  element(element: Element): void;
  /**
   * The stream is over; called once. `condition` is the stream error that ended it, sent or received, `undefined` for
   * an orderly end or a lost connection.
   */
  closed(condition: string | undefined, text: string | undefined): void;
}

/** An XML stream over a byte stream: RFC 6120 §4 for every edge, as the side that accepts and as the one that opens. */
export interface XmppStream {
  /** Sends our header. Asked for before the first `send`. */
  sendHeader(header: StreamHeader): void;
  /** Queues an element; all that is queued in one turn of the event loop leaves in one write. */
  send(element: Element): void;
  /**
   * Forgets the peer's XML so far and awaits a new header (RFC 6120 §4.3.3). What the peer sent behind the element that
   * led here is dropped. With a connection, goes on over that one: the same stream inside TLS.
   */
  restart(connection?: Connection): void;
  /** Other limits from the next first-level element on. */
  limit(limits: StreamLimits): void;
  /** Sends a stream error (RFC 6120 §4.9), with our header before it if none was sent, then closes. */
  fail(condition: string, text?: string): void;
  /** Sends `</stream:stream>`, waits for the peer's for a few seconds, then ends the connection. */
  close(): void;
  /** The connection under the stream. */
  readonly connection: Connection;
  /** Whether `closed` was called. */
  readonly ended: boolean;
}

/** How to run a stream. */
export interface StreamOptions {
  /** Whether we opened the connection or accepted it. */
  readonly role: 'initiator' | 'recipient';
  readonly limits: StreamLimits;
  readonly handler: StreamHandler;
  readonly clock: Clock;
  /** Makes the stream id of a header that goes before an error; without it that header has none. */
  readonly random?: Random | undefined;
  /** Told what a handler threw. */
  readonly log?: Log | undefined;
  /** Our header before an error that comes before `sendHeader`; jabber:client, version 1.0 if not given. */
  readonly header?: StreamHeader | undefined;
  /** Characters that may wait for a peer that does not read, before it is given up: 4 Mi if not given. */
  readonly queue?: number | undefined;
}
