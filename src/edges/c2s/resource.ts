import { HubError } from '../../domain/errors.js';
import { Jid } from '../../domain/jid.js';
import type { Element } from '../../xmpp/element.js';
import { NS } from '../../xmpp/namespaces.js';
import type { Peer } from '../../xmpp/peer.js';
import type { XmppStream } from '../../xmpp/stream.js';

/** Who takes what a resource's client sends, after its shape and sender were checked. */
export interface ClientDesk {
  /** An iq or a message, `from` stamped; `to` as the client wrote it. */
  request(stanza: Element, resource: Resource): void;
  /** A presence stanza, `from` stamped; `to` as the client wrote it. */
  presence(stanza: Element, resource: Resource): void;
}

/** A logged-in stream with its full JID: what the rest of the hub sees of a client. */
export class Resource implements Peer {
  readonly jid: Jid;
  readonly edge = 'c2s';
  readonly assurance = 'sasl';
  readonly stream: XmppStream;
  /** The last available presence that the client broadcast, `undefined` while it is not available. */
  presence: Element | undefined;
  /** The priority of that presence, −128 to 127. */
  priority = 0;
  /** Whether the client fetched the roster (RFC 6121 §2.1.6). */
  interested = false;
  /** Addresses that were told of its presence by directed stanzas only (RFC 6121 §4.6). */
  directed: Set<string> | undefined;
  /** Set while the client changes its own account: what follows from that does not end this stream early. */
  managing = false;
  /** The changes of its own account that the client waits for, and the end of the last; `undefined` if there is none. */
  changes: { count: number; last: Promise<void> } | undefined;
  private readonly desk: ClientDesk;

  constructor(jid: Jid, stream: XmppStream, desk: ClientDesk) {
    this.jid = jid;
    this.stream = stream;
    this.desk = desk;
  }

  send(stanza: Element): void {
    this.stream.send(stanza);
  }

  /** Takes what the client sent (RFC 6120 §8.1.2.1: `from` is stamped, never believed). */
  element(stanza: Element): void {
    const { name } = stanza;
    if (stanza.ns !== NS.client || (name !== 'iq' && name !== 'message' && name !== 'presence')) {
      this.stream.fail('unsupported-stanza-type');
      return;
    }
    const from = stanza.attribute('from');
    if (from !== undefined && from !== this.jid.full && !this.owns(from)) {
      this.stream.fail('invalid-from');
      return;
    }
    const stamped = from === this.jid.full ? stanza : stanza.withAttributes({ from: this.jid.full });
    if (name === 'presence') this.desk.presence(stamped, this);
    else this.desk.request(stamped, this);
  }

  private owns(from: string): boolean {
    try {
      const jid = Jid.parse(from);
      return jid.full === this.jid.full || jid.full === this.jid.bare;
    } catch (error) {
      if (error instanceof HubError) return false;
      throw error;
    }
  }
}
