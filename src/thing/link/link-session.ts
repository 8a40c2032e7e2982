import { HubError } from '../../domain/errors.js';
import { Jid } from '../../domain/jid.js';
import type { World } from '../../system/world.js';
import type { Element } from '../../xmpp/element.js';
import type { Peer } from '../../xmpp/peer.js';
import { PendingRequests } from '../../xmpp/pending-requests.js';
import { type Destination, Router } from '../../xmpp/router.js';
import { payloadOf } from '../request-refused.js';
import type { Session } from '../session.js';

/** Longest wait for the answer to a request, in milliseconds, where nothing else is said. */
const ANSWER = 30_000;

/** Finds who is announced now, by bare JID. */
export type FindPeer = (bare: string) => Peer | undefined;

/** Time with a hub on the link: as long as both are announced. */
export class LinkSession implements Session {
  readonly jid: Jid;
  readonly pending: PendingRequests;
  readonly ended: Promise<string>;
  private readonly find: FindPeer;
  private readonly router: Router;
  private waiting: [Element, Peer][] | undefined = [];
  private finish: (reason: string) => void = () => {};
  private hub = '';
  private over = false;

  /** `jid` is our own presence. */
  constructor(jid: Jid, find: FindPeer, world: Pick<World, 'clock' | 'random' | 'log'>) {
    this.jid = jid;
    this.find = find;
    this.pending = new PendingRequests(world.clock, world.random);
    this.router = new Router(world.log);
    this.ended = new Promise((resolve) => {
      this.finish = resolve;
    });
  }

  get domain(): string {
    return this.hub;
  }

  /** Whether it ended. */
  get isOver(): boolean {
    return this.over;
  }

  /** The hub (bare JID) was found; it is asked from now on, and the session ends when it leaves. */
  belongTo(hub: string): void {
    this.hub = hub;
    if (this.find(hub) === undefined) this.end(`${hub} left this network.`);
  }

  start(destination: Destination): void {
    this.router.add(destination);
    const waiting = this.waiting ?? [];
    this.waiting = undefined;
    for (const [stanza, peer] of waiting) this.router.route(stanza, peer);
  }

  async ask(
    type: 'get' | 'set',
    to: string,
    payload: Element,
    timeout: number = ANSWER,
  ): Promise<Element | undefined> {
    const peer = this.over ? undefined : this.find(Jid.parse(to).bare);
    if (peer === undefined) throw new HubError('recipient-unavailable', `${to} is not on this link.`);
    return payloadOf(await this.pending.ask(peer, this.jid.bare, payload, timeout, type));
  }

  /** Takes a stanza of a peer. */
  receive(stanza: Element, peer: Peer): void {
    const type = stanza.attribute('type');
    // Answers are awaited before anything is served.
    if (stanza.name === 'iq' && (type === 'result' || type === 'error')) this.pending.settle(stanza, peer);
    else if (this.waiting === undefined) this.router.route(stanza, peer);
    else this.waiting.push([stanza, peer]);
  }

  /** A peer does not answer any more. `end` is why the session is over if that is the hub. */
  broken(peer: Peer, end: string | undefined): void {
    this.pending.gone(peer);
    if (end !== undefined && peer.jid.bare === this.hub) this.end(end);
  }

  /** A peer is not announced any more. */
  gone(peer: Peer): void {
    this.pending.gone(peer);
    if (peer.jid.bare === this.hub) this.end(`${this.hub} left this network.`);
  }

  /** The session is over; the reason is a text for a person. */
  end(reason: string): void {
    if (this.over) return;
    this.over = true;
    this.pending.stop();
    this.finish(reason);
  }

  /** Whoever leaves takes its presence back; nothing more is to be said. */
  leave(): Promise<void> {
    return this.close();
  }

  async close(): Promise<void> {
    this.end('The thing left.');
  }
}
