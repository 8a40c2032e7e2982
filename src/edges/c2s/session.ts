import { Jid } from '../../domain/jid.js';
import type { Timer } from '../../system/clock.js';
import { type Connection, closed } from '../../system/network.js';
import type { Element } from '../../xmpp/element.js';
import { afterLogin, beforeLogin } from '../../xmpp/limits.js';
import { NS } from '../../xmpp/namespaces.js';
import { openStream } from '../../xmpp/open-stream.js';
import type { StreamHandler, StreamHeader, XmppStream } from '../../xmpp/stream.js';
import type { C2sContext } from './context.js';
import { headerFault } from './header-fault.js';
import { Negotiation, type NegotiationEvents } from './negotiation.js';
import { Resource } from './resource.js';

/** Characters that may wait for a client to read them: more than one stanza of the default size becomes by escapes. */
const QUEUE = 4_194_304;

/** One connection of a client, from its first byte to its last. */
export class Session implements StreamHandler, NegotiationEvents {
  /** The account (local part), once it is proven. */
  account: string | undefined;
  /** What the rest of the hub sees of it, once it is bound. */
  resource: Resource | undefined;
  private readonly context: C2sContext;
  private readonly connection: Connection;
  private readonly address: string;
  private readonly ended: (session: Session) => void;
  private stream: XmppStream | undefined;
  private negotiation: Negotiation | undefined;
  private timer: Timer | undefined;

  /** `address`: the peer's IP address, which has entered the admission; `ended` is called once. */
  constructor(
    context: C2sContext,
    connection: Connection,
    address: string,
    ended: (session: Session) => void,
  ) {
    this.context = context;
    this.connection = connection;
    this.address = address;
    this.ended = ended;
  }

  /** Begins to read. */
  start(): void {
    const { clock, options } = this.context;
    const stream = openStream(this.connection, {
      role: 'recipient',
      limits: beforeLogin,
      handler: this,
      clock,
      log: this.context.log,
      header: this.header(undefined),
      queue: Math.max(QUEUE, 8 * options.stanzaBytes),
    });
    this.stream = stream;
    this.negotiation = new Negotiation(this.context, stream, this.address, this);
    this.timer = clock.after(
      options.loginSeconds * 1000,
      () => stream.fail('connection-timeout', 'Nobody logged in in time.'),
      'login',
    );
  }

  /** Ends the stream with this error. */
  fail(condition: string, text?: string): void {
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
    this.stream?.sendHeader(this.header(bareOf(header.from)));
    const fault = headerFault(header, this.context);
    if (fault !== undefined) this.stream?.fail(fault);
    else if (this.negotiation !== undefined) this.stream?.send(this.negotiation.features());
  }

  element(element: Element): void {
    if (this.resource !== undefined) this.resource.element(element);
    else this.negotiation?.element(element);
  }

  closed(condition: string | undefined, text: string | undefined): void {
    this.timer?.cancel();
    this.negotiation?.stop();
    this.context.admission.leave(this.address, this.account !== undefined);
    if (this.resource !== undefined) this.context.attendance.leave(this.resource);
    if (condition !== undefined && this.account !== undefined)
      this.context.log.info('The stream of a client ended with an error.', {
        account: this.account,
        condition,
        text,
      });
    this.ended(this);
  }

  /** Our header, each with an id that nobody can guess (RFC 6120 §4.7). */
  private header(to: string | undefined): StreamHeader {
    const { random, options } = this.context;
    return { from: options.domain, to, id: random.id(), version: '1.0', lang: 'en', ns: NS.client };
  }

  loggedIn(name: string): boolean {
    const { accounts, admission } = this.context;
    if (accounts.directory.find(name) === undefined || !admission.promote(this.address)) return false;
    this.account = name;
    this.negotiation?.proven(name);
    this.stream?.limit({ ...afterLogin, bytes: this.context.options.stanzaBytes });
    return true;
  }

  bound(jid: Jid): void {
    if (this.stream === undefined) return;
    this.timer?.cancel();
    this.timer = undefined;
    this.negotiation = undefined;
    this.resource = new Resource(jid, this.stream, this.context.attendance);
    this.context.attendance.arrive(this.resource);
  }
}

/** The address to answer to (RFC 6120 §4.7.2), if the client named a sound one. */
function bareOf(from: string | undefined): string | undefined {
  return from === undefined ? undefined : Jid.tryParse(from)?.bare;
}
