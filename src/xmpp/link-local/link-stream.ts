import type { Timer } from '../../system/clock.js';
import { type Connection, closed } from '../../system/network.js';
import type { Element } from '../element.js';
import { afterLogin, beforeLogin } from '../limits.js';
import { NS } from '../namespaces.js';
import { openStream } from '../open-stream.js';
import { plainAddress, sameAddress } from '../plain-address.js';
import type { StreamHandler, StreamHeader, XmppStream } from '../stream.js';
import type { LinkContext } from './link-context.js';
import type { LinkPeer } from './link-peer.js';
import { isAt } from './link-presence.js';
import { nothingShown, type Shown, shownBy } from './link-tls.js';

/** Milliseconds without a stanza after which whoever notices ends the stream. */
const IDLE = 60_000;
/** The same for a stream that another has replaced. */
const REPLACED = 5_000;
/** Characters that may wait for a peer to read them. */
const QUEUE = 4_194_304;

/** What comes before the first stanza, as the side that was dialled or the one that dialled. */
export interface Opening {
  /** The peer's header came, in clear or inside TLS. */
  opened(header: StreamHeader): void;
  /** An element that is no stanza came. Whether it is known here. */
  element(element: Element): boolean;
  /** A stanza came. Whether it may be heard now: otherwise it is kept here until it may, or dropped. */
  admits(stanza: Element): boolean;
  /** The stream is over; no timer is left. */
  stop(): void;
}

/** One stream with one peer, from its first byte to its last. */
export class LinkStream implements StreamHandler {
  readonly role: 'initiator' | 'recipient';
  /** Whom it is with, once that is known. */
  peer: LinkPeer | undefined;
  /** What the peer proved so far. */
  shown: Shown = nothingShown;
  /** How sure we were of the peer when it last spoke, or was spoken to. */
  verdict: 'unverified' | 'certificate' = 'unverified';
  /** Whether stanzas may be sent: nothing more is negotiated. */
  settled = false;
  private readonly context: LinkContext;
  private readonly connection: Connection;
  private readonly ended: (stream: LinkStream) => void;
  private readonly opening: Opening;
  private stream: XmppStream | undefined;
  private closing = false;
  /** Where the peer listened when it was met: elsewhere is another process of it. */
  private port = 0;
  private replaced = false;
  private lastUse = 0;
  private timer: Timer | undefined;

  /** `opening` makes what negotiates; `ended` is called once. */
  constructor(
    context: LinkContext,
    connection: Connection,
    role: 'initiator' | 'recipient',
    opening: (stream: LinkStream) => Opening,
    ended: (stream: LinkStream) => void,
  ) {
    this.context = context;
    this.connection = connection;
    this.role = role;
    this.opening = opening(this);
    this.ended = ended;
  }

  /** Begins to read. The peer has so many seconds until something is settled. */
  start(): void {
    const { clock, log, random, options } = this.context;
    this.stream = openStream(this.connection, {
      role: this.role,
      limits: beforeLogin,
      handler: this,
      clock,
      random,
      log,
      header: { from: options.instance(), id: random.id(), ns: NS.client },
      queue: Math.max(QUEUE, 8 * options.limits.stanzaBytes),
    });
    this.awaitOpening();
  }

  /** The address at the other end, with its zone; IPv4 not wrapped in IPv6. */
  get address(): string {
    return (this.connection.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/i, '');
  }

  /** Whether it is inside TLS. */
  get isSecure(): boolean {
    return this.stream !== undefined && this.stream.connection !== this.connection;
  }

  /** Whether stanzas to the peer can go by this one. */
  get isUsable(): boolean {
    if (!this.settled || this.closing || this.stream?.ended !== false) return false;
    return this.isFromPeer && this.peer?.presence.port === this.port && this.isFromHere;
  }

  /** Whether the other end is still an address of the peer. */
  get isFromPeer(): boolean {
    return this.peer !== undefined && isAt(this.peer.presence, this.address);
  }

  /** Whether our end is still an address of this machine: at one that it lost nothing arrives any more. */
  private get isFromHere(): boolean {
    const { localAddress } = this.connection;
    if (localAddress === undefined) return true;
    return this.context.network.interfaces().some(({ address }) => sameAddress(address, localAddress));
  }

  sendHeader(to: string | undefined, version: string | undefined): void {
    const id = this.role === 'recipient' ? this.context.random.id() : undefined;
    this.stream?.sendHeader({ from: this.context.options.instance(), to, id, version, ns: NS.client });
  }

  /** Sends what is no stanza. */
  send(element: Element): void {
    this.stream?.send(element);
  }

  /** Sends a stanza, addressed already. */
  say(stanza: Element): void {
    this.replaced = false;
    this.lastUse = this.context.clock.monotonic();
    this.stream?.send(stanza);
  }

  /** The stream goes on inside TLS, with new headers; what came behind the word that led here is dropped. */
  secure(): void {
    const { stream, context } = this;
    if (stream === undefined || stream.ended) return;
    const { tls } = context;
    if (this.settled) this.awaitOpening();
    this.settled = false;
    stream.restart(this.role === 'recipient' ? tls.accept(stream.connection) : tls.begin(stream.connection));
  }

  /** The peer is known: stanzas of full size are read. */
  meet(peer: LinkPeer): void {
    if (this.stream?.ended !== false) return;
    if (this.role === 'recipient' && !this.context.admission.promote(plainAddress(this.address))) {
      this.fail('resource-constraint', 'There are too many streams from this address.');
      return;
    }
    this.peer = peer;
    this.port = peer.presence.port;
    this.stream.limit({ ...afterLogin, bytes: this.context.options.limits.stanzaBytes });
    peer.joined(this);
  }

  /** Nothing more is negotiated. */
  settle(): void {
    if (this.settled || this.peer === undefined || this.stream?.ended !== false) return;
    this.settled = true;
    this.lastUse = this.context.clock.monotonic();
    this.rest();
    this.peer.settled(this);
  }

  /** Another stream is used from now on: this one is read until nothing comes. */
  replace(): void {
    if (this.replaced) return;
    this.replaced = true;
    if (this.settled) this.rest();
  }

  /** Holds the peer back, or lets it go on. */
  pause(paused: boolean): void {
    const connection = this.stream?.connection;
    if (paused) connection?.pause();
    else connection?.resume();
  }

  /** Ends the stream in order. */
  close(): void {
    this.closing = true;
    this.stream?.close();
  }

  fail(condition: string, text?: string): void {
    this.closing = true;
    this.stream?.fail(condition, text);
  }

  /** Resolves when the connection is closed. */
  finished(): Promise<void> {
    return closed(this.stream?.connection ?? this.connection);
  }

  /** Cuts the connection where an orderly end took too long. */
  destroy(): void {
    (this.stream?.connection ?? this.connection).destroy();
  }

  opened(header: StreamHeader): void {
    this.shown = shownBy(this.stream?.connection ?? this.connection);
    if (header.ns === NS.client) this.opening.opened(header);
    else this.fail('invalid-namespace');
  }

  element(element: Element): void {
    const { name } = element;
    if (element.ns !== NS.client || (name !== 'iq' && name !== 'message' && name !== 'presence')) {
      // What a peer offers after we asked for nothing more is no fault.
      if (!this.opening.element(element) && !element.is('features', NS.streams))
        this.fail('unsupported-stanza-type');
    } else if (this.opening.admits(element)) this.hear(element);
  }

  /** A stanza of a peer who is known. On the link nobody sends presence [0174 5]: one that does is not heard. */
  hear(stanza: Element): void {
    const { peer } = this;
    if (peer === undefined || stanza.name === 'presence') return;
    const from = stanza.attribute('from');
    if (from !== undefined && !peer.isNamed(from)) {
      this.fail('invalid-from');
      return;
    }
    this.lastUse = this.context.clock.monotonic();
    peer.heard(stanza, this);
  }

  closed(condition: string | undefined, text: string | undefined): void {
    const isTheirs = !this.closing;
    this.closing = true;
    this.timer?.cancel();
    this.opening.stop();
    const peer = this.peer?.jid.bare;
    if (this.role === 'recipient')
      this.context.admission.leave(plainAddress(this.address), peer !== undefined);
    this.context.log.debug('A stream on the link ended.', { peer, address: this.address, condition, text });
    this.peer?.left(this);
    this.ended(this);
    if (isTheirs && condition !== undefined && this.peer !== undefined)
      this.context.options.broken?.(this.peer, condition, text);
  }

  private awaitOpening(): void {
    this.timer?.cancel();
    const { clock, options } = this.context;
    this.timer = clock.after(
      options.limits.openSeconds * 1000,
      () => this.fail('connection-timeout', 'Nothing was said in time.'),
      'opening of a link stream',
    );
  }

  private rest(): void {
    this.timer?.cancel();
    const { clock } = this.context;
    const left = this.lastUse + (this.replaced ? REPLACED : IDLE) - clock.monotonic();
    if (left <= 0) this.close();
    else this.timer = clock.after(left, () => this.rest(), 'idle link stream');
  }
}
