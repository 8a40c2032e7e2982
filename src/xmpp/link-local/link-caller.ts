import type { Timer } from '../../system/clock.js';
import type { Connection, Network } from '../../system/network.js';
import { Calling } from './calling.js';
import type { LinkContext } from './link-context.js';
import type { LinkPeer } from './link-peer.js';
import { LinkStream } from './link-stream.js';

/** Milliseconds that an address has to take a connection. */
const CONNECT = 3000;
/** Milliseconds from a call that reached nobody to the next one of the same peer. */
const REST = 1000;
/** Milliseconds that our own presence has to become known. */
const SETTLE = 10_000;

const SILENT = 'This peer does not answer at the addresses that it announces.';

/** Opens streams to peers, at their addresses in turn. */
export class LinkCaller {
  private readonly network: Pick<Network, 'connect'>;
  private readonly context: LinkContext;
  private readonly opened: (stream: LinkStream) => void;
  private readonly ended: (stream: LinkStream) => void;
  private readonly pending = new Set<() => void>();
  /** When a peer was last called in vain, in monotonic time. */
  private readonly inVain = new WeakMap<LinkPeer, number>();
  private stopped = false;

  /** `opened` and `ended` hear of each stream. */
  constructor(
    network: Pick<Network, 'connect'>,
    context: LinkContext,
    opened: (stream: LinkStream) => void,
    ended: (stream: LinkStream) => void,
  ) {
    this.network = network;
    this.context = context;
    this.opened = opened;
    this.ended = ended;
  }

  /** Opens a stream and tells the peer how that ended. */
  call(peer: LinkPeer): void {
    this.reach(peer).then(
      (reached) => peer.called(reached ? undefined : SILENT),
      (error: unknown) => {
        this.context.log.error('A peer on the link could not be called.', { error: String(error) });
        peer.called(SILENT);
      },
    );
  }

  /** Calls nobody any more; what waits ends now. */
  stop(): void {
    this.stopped = true;
    for (const cancel of [...this.pending]) cancel();
  }

  /** The place of a peer is read when it is called, since addresses change. */
  private async reach(peer: LinkPeer): Promise<boolean> {
    const { options, clock } = this.context;
    await this.within(SETTLE, options.settled?.() ?? Promise.resolve());
    await this.rest(peer);
    const { addresses, port, instance } = peer.presence;
    let isThere = false;
    for (const host of addresses) {
      if (this.stopped || peer.isGone) return false;
      const connection = await this.connect({ host, port });
      if (connection === undefined) continue;
      isThere = true;
      if (await this.open(connection, peer)) return true;
    }
    if (!isThere) options.presences.doubt(instance);
    this.inVain.set(peer, clock.monotonic());
    return false;
  }

  /** Whoever announces what is not there, and asks for answers, has nobody else called as fast as he asks. */
  private async rest(peer: LinkPeer): Promise<void> {
    const last = this.inVain.get(peer);
    const left = last === undefined ? 0 : last + REST - this.context.clock.monotonic();
    if (left > 0) await this.within(left, new Promise<void>(() => undefined));
  }

  private async connect(to: { host: string; port: number }): Promise<Connection | undefined> {
    const late = new AbortController();
    const connecting = this.network.connect(to, late.signal).then((connection) => {
      if (!late.signal.aborted && !this.stopped) return connection;
      connection.destroy();
      return undefined;
    });
    const connection = await this.within(CONNECT, connecting);
    // One that is still under way would be for minutes yet.
    if (connection === undefined) late.abort();
    return connection;
  }

  private open(connection: Connection, peer: LinkPeer): Promise<boolean> {
    return new Promise((resolve) => {
      const context = this.context;
      const stream = new LinkStream(
        context,
        connection,
        'initiator',
        (own) => new Calling(context.clock, own, peer, resolve),
        this.ended,
      );
      this.opened(stream);
      stream.start();
      stream.sendHeader(peer.presence.instance, '1.0');
    });
  }

  /** What the promise resolves with in so many milliseconds; `undefined` where it rejects, is late, or all stops. */
  private within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
    const { clock, log } = this.context;
    return new Promise((resolve) => {
      let timer: Timer | undefined;
      const finish = (result: T | undefined) => {
        timer?.cancel();
        this.pending.delete(cancel);
        resolve(result);
      };
      const cancel = () => finish(undefined);
      this.pending.add(cancel);
      timer = clock.after(ms, cancel, 'call on the link');
      promise.then(finish, (error: unknown) => {
        log.debug('A peer on the link was not reached.', { error: String(error) });
        cancel();
      });
    });
  }
}
