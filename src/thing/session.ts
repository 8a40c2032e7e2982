import type { Jid } from '../domain/jid.js';
import type { Element } from '../xmpp/element.js';
import type { PendingRequests } from '../xmpp/pending-requests.js';
import type { Destination } from '../xmpp/router.js';

/** Time with a hub, by an account of its server or without any: asks, and hands what comes to a destination. */
export interface Session {
  /** Our own address: the account's full JID, or the name of our presence on the link. */
  readonly jid: Jid;
  /** Where service discovery begins: the XMPP domain of the hub, or the name of its presence on the link. */
  readonly domain: string;
  /** Requests that await an answer; a host that serves this session settles them. */
  readonly pending: PendingRequests;
  /** Resolves with the reason, a text for a person, when the session is over. Never rejects. */
  readonly ended: Promise<string>;
  /** From now on stanzas go to `destination`, those that came already first. */
  start(destination: Destination): void;
  /**
   * Asks and resolves with the payload of the result. Rejects with RequestRefused for an error, and with
   * recipient-unavailable where no answer comes within `timeout` milliseconds, 30 seconds if not given.
   */
  ask(type: 'get' | 'set', to: string, payload: Element, timeout?: number): Promise<Element | undefined>;
  /** Says that we go, then ends the session as `close` does. */
  leave(): Promise<void>;
  /** Ends the session in order. Resolves when it is over. */
  close(): Promise<void>;
}
