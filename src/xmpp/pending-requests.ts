import { HubError } from '../domain/errors.js';
import type { Clock, Timer } from '../system/clock.js';
import type { Random } from '../system/random.js';
import type { Element } from './element.js';
import type { Peer } from './peer.js';
import { request } from './stanza.js';

interface Waiting {
  readonly peer: Peer;
  readonly timer: Timer;
  readonly resolve: (reply: Element) => void;
  readonly reject: (error: Error) => void;
}

/** Requests that await their answer. An answer counts only from the address that was asked, with the same id. */
export class PendingRequests {
  private readonly waiting = new Map<string, Waiting>();
  private readonly clock: Clock;
  private readonly random: Random;

  constructor(clock: Clock, random: Random) {
    this.clock = clock;
    this.random = random;
  }

  /**
   * Sends an iq to the peer and resolves with its result or error stanza. Rejects with recipient-unavailable when
   * no answer came in `timeout` milliseconds, or the peer went away.
   */
  ask(
    peer: Peer,
    from: string,
    payload: Element,
    timeout: number,
    type: 'get' | 'set' = 'set',
  ): Promise<Element> {
    const id = this.random.id();
    const key = keyOf(peer.jid.full, id);
    return new Promise((resolve, reject) => {
      const timer = this.clock.after(timeout, () => this.drop(key), 'iq answer');
      this.waiting.set(key, { peer, timer, resolve, reject });
      peer.send(request(type, id, payload, { from, to: peer.jid.full }));
    });
  }

  /** Takes an iq of type result or error; one that nobody waits for is ignored. Returns whether somebody did. */
  settle(reply: Element, peer: Peer): boolean {
    const key = keyOf(peer.jid.full, reply.attribute('id') ?? '');
    const waiting = this.waiting.get(key);
    if (waiting === undefined) return false;
    this.waiting.delete(key);
    waiting.timer.cancel();
    waiting.resolve(reply);
    return true;
  }

  /** Gives up on all that this peer was asked. */
  gone(peer: Peer): void {
    for (const [key, waiting] of this.waiting) {
      if (waiting.peer.jid.full === peer.jid.full) this.drop(key);
    }
  }

  /** Gives up on everything. */
  stop(): void {
    for (const key of [...this.waiting.keys()]) this.drop(key);
  }

  private drop(key: string): void {
    const waiting = this.waiting.get(key);
    if (waiting === undefined) return;
    this.waiting.delete(key);
    waiting.timer.cancel();
    waiting.reject(new HubError('recipient-unavailable'));
  }
}

function keyOf(jid: string, id: string): string {
  return `${jid}\u0000${id}`;
}
