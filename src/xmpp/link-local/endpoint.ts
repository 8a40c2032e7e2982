import type { Timer } from '../../system/clock.js';
import { listenOn } from '../../system/listen-on.js';
import type { Connection, Listener } from '../../system/network.js';
import { Admission } from '../admission.js';
import type { Peer } from '../peer.js';
import { plainAddress } from '../plain-address.js';
import type { EndpointOptions, LinkWorld } from './endpoint-options.js';
import { LinkCaller } from './link-caller.js';
import type { LinkContext } from './link-context.js';
import { LinkPeer } from './link-peer.js';
import { LinkPeers } from './link-peers.js';
import { jidOf, type LinkPresence } from './link-presence.js';
import { LinkStream } from './link-stream.js';
import { LinkTls } from './link-tls.js';
import { Reception } from './reception.js';

/** Milliseconds until connections that do not end when all stops are cut. */
const STOP = 800;

/**
 * Messaging without a server (XEP-0174), both sides of it: listens, dials on demand, keeps streams while they are used,
 * and knows who speaks. A presence that is announced is one peer that stays the same while it is.
 */
export class LinkLocalEndpoint {
  private readonly options: EndpointOptions;
  private readonly world: LinkWorld;
  private readonly streams = new Set<LinkStream>();
  private readonly context: LinkContext;
  private readonly peersOnLink: LinkPeers;
  private readonly caller: LinkCaller;
  private listeners: Listener[] = [];
  private ownPort = 0;

  constructor(options: EndpointOptions, world: LinkWorld) {
    this.options = options;
    this.world = world;
    const { limits } = options;
    this.peersOnLink = new LinkPeers(options, (found) => this.peerOf(found));
    this.context = {
      ...world,
      options,
      tls: new LinkTls(options.certificate),
      peers: this.peersOnLink,
      admission: new Admission({
        waiting: limits.opening,
        waitingPerAddress: limits.openingPerAddress,
        loggedIn: limits.streams,
        loggedInPerAddress: limits.streamsPerAddress,
      }),
    };
    this.caller = new LinkCaller(
      world.network,
      this.context,
      (stream) => this.streams.add(stream),
      (stream) => this.streams.delete(stream),
    );
  }

  /** Listens and follows the presences. Rejects with the system's error where it cannot listen at all. */
  async start(): Promise<void> {
    try {
      await this.listen(this.options.port);
    } catch (error) {
      await this.closeListeners();
      if (this.options.port === 0 || !isTaken(error)) throw error;
      await this.listen(0);
    }
    this.peersOnLink.start();
  }

  /** Ends all streams in order and closes the port; within a second. Calls nobody any more. */
  async stop(): Promise<void> {
    this.peersOnLink.stop();
    this.caller.stop();
    await this.closeListeners();
    for (const peer of this.peersOnLink.all()) peer.end();
    const open = [...this.streams];
    const ends = open.map((stream) => stream.finished());
    for (const stream of open) stream.close();
    let timer: Timer | undefined;
    const late = new Promise<void>((resolve) => {
      timer = this.world.clock.after(STOP, resolve, 'stop of the link endpoint');
    });
    await Promise.race([Promise.all(ends), late]);
    timer?.cancel();
    for (const stream of open) stream.destroy();
  }

  /** The port in use, once started. */
  get port(): number {
    return this.ownPort;
  }

  /** The peer with this instance (case does not count), if it is announced now; a stream opens when something is sent. */
  peer(instance: string): Peer | undefined {
    return this.peersOnLink.find(instance);
  }

  /** All peers that are announced now. */
  peers(): readonly Peer[] {
    return this.peersOnLink.all();
  }

  private peerOf(found: LinkPresence): LinkPeer | undefined {
    const jid = jidOf(found.instance);
    if (jid === undefined) return undefined;
    const { options, world, caller } = this;
    return new LinkPeer(jid, found, { options, log: world.log, call: (peer) => caller.call(peer) });
  }

  private async listen(wanted: number): Promise<void> {
    let port = wanted;
    for (const host of this.options.listen) {
      const listener = await listenOn(this.world.network, { host, port }, (connection) =>
        this.accept(connection),
      );
      this.listeners.push(listener);
      port = listener.port;
    }
    this.ownPort = port;
  }

  private async closeListeners(): Promise<void> {
    const listeners = this.listeners;
    this.listeners = [];
    // A listener's end waits for its connections, which end later.
    for (const listener of listeners) listener.close().catch(() => undefined);
  }

  /** A connection beyond the limits costs nothing more than its end. */
  private accept(connection: Connection): void {
    const address = plainAddress(connection.remoteAddress);
    if (!this.hasRoomFor(address) || !this.context.admission.enter(address)) {
      connection.destroy();
      return;
    }
    const stream = new LinkStream(
      this.context,
      connection,
      'recipient',
      (own) => new Reception(this.context, own),
      (ended) => this.streams.delete(ended),
    );
    this.streams.add(stream);
    stream.start();
  }

  /** Addresses cost nothing: half of the room is for those at which somebody is announced. */
  private hasRoomFor(address: string): boolean {
    const { limits } = this.options;
    return this.context.admission.waiting * 2 < limits.opening || this.peersOnLink.isPlace(address);
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
