import { HubError } from '../../domain/errors.js';
import { Jid } from '../../domain/jid.js';
import type { Clock } from '../../system/clock.js';
import type { Log } from '../../system/log.js';
import type { World } from '../../system/world.js';
import { type Element, element } from '../../xmpp/element.js';
import { NS } from '../../xmpp/namespaces.js';
import type { Peer } from '../../xmpp/peer.js';
import { PendingRequests } from '../../xmpp/pending-requests.js';
import { type Destination, Router } from '../../xmpp/router.js';
import type { XmppStream } from '../../xmpp/stream.js';
import { payloadOf } from '../request-refused.js';
import type { Session } from '../session.js';
import type { Inbox } from './inbox.js';

/** Longest wait for the answer to a request, in milliseconds, where nothing else is said. */
const ANSWER = 30_000;

/** A bound session of an account: sends stanzas, asks, and hands what comes to a destination. */
export class AccountSession implements Session {
  readonly jid: Jid;
  readonly domain: string;
  readonly pending: PendingRequests;
  readonly ended: Promise<string>;
  private readonly stream: XmppStream;
  private readonly inbox: Inbox;
  private readonly router: Router;
  private readonly clock: Clock;
  private readonly log: Log;
  private finish: (reason: string) => void = () => {};
  private heard: number;
  private started = false;

  constructor(
    stream: XmppStream,
    inbox: Inbox,
    jid: Jid,
    domain: string,
    world: Pick<World, 'clock' | 'random' | 'log'>,
  ) {
    this.stream = stream;
    this.inbox = inbox;
    this.jid = jid;
    this.domain = domain;
    this.clock = world.clock;
    this.log = world.log;
    this.pending = new PendingRequests(world.clock, world.random);
    this.router = new Router(world.log);
    this.heard = world.clock.monotonic();
    this.ended = new Promise((resolve) => {
      this.finish = resolve;
    });
  }

  start(destination: Destination): void {
    this.router.add(destination);
    this.listen();
  }

  private listen(): void {
    this.started = true;
    this.inbox.forward({
      element: (stanza) => this.receive(stanza),
      closed: (reason) => {
        this.pending.stop();
        this.finish(reason);
      },
    });
  }

  /** The clock's monotonic time when the hub was last heard. */
  get lastHeard(): number {
    return this.heard;
  }

  /** Sends a stanza. One after the end is dropped. */
  send(stanza: Element): void {
    if (!this.stream.ended) this.stream.send(stanza);
  }

  async ask(
    type: 'get' | 'set',
    to: string,
    payload: Element,
    timeout: number = ANSWER,
  ): Promise<Element | undefined> {
    if (this.stream.ended) throw new HubError('recipient-unavailable');
    return payloadOf(await this.pending.ask(this.peer(Jid.parse(to)), this.jid.full, payload, timeout, type));
  }

  /** Sends presence: to everybody who may see it, or to one. */
  sendPresence(type?: string, to?: string): void {
    this.send(element('presence', NS.client, { type, to }));
  }

  leave(): Promise<void> {
    this.sendPresence('unavailable');
    return this.close();
  }

  async close(): Promise<void> {
    if (!this.started) this.listen();
    this.stream.close();
    await this.ended;
  }

  /** Ends the session because the hub does not answer any more. */
  abandon(): void {
    this.stream.fail('connection-timeout', 'The hub does not answer.');
  }

  /** Only the hub itself speaks without `from`, for the account (RFC 6120 §8.1.2.1). */
  private receive(stanza: Element): void {
    this.heard = this.clock.monotonic();
    try {
      const from = Jid.parse(stanza.attribute('from') ?? this.jid.bare);
      const to = stanza.attribute('to') ?? this.jid.full;
      this.router.route(stanza.withAttributes({ to }), this.peer(from));
    } catch (error) {
      this.log.warn('A stanza from nowhere was dropped.', { error: String(error) });
    }
  }

  private peer(jid: Jid): Peer {
    return { jid, edge: 'c2s', assurance: 'server-vouched', send: (stanza) => this.send(stanza) };
  }
}
