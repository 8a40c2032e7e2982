import { TLSSocket } from 'node:tls';
import { HubError } from '../../domain/errors.js';
import { Jid } from '../../domain/jid.js';
import { type Element, element } from '../../xmpp/element.js';
import { NS } from '../../xmpp/namespaces.js';
import { failureReply, resultReply } from '../../xmpp/stanza.js';
import type { XmppStream } from '../../xmpp/stream.js';
import type { C2sContext } from './context.js';
import { bindFeatures, loginFeatures } from './features.js';
import { Login } from './login.js';
import { Registration } from './registration.js';
import { startTls } from './start-tls.js';

/** Elements that may wait while one before them is worked on. */
const MAX_WAITING = 8;

/** Resources that one account may have bound. */
const MAX_RESOURCES = 64;

/** The namespace of XEP-0138, which is not offered. */
const COMPRESS = 'http://jabber.org/protocol/compress';

/** What a session hears of its negotiation. */
export interface NegotiationEvents {
  /** The account (local part) is proven. Whether there is room for it. */
  loggedIn(name: string): boolean;
  /** The client has its address: the negotiation is over. */
  bound(jid: Jid): void;
}

/** What comes before the first stanza: TLS, account, login, resource (RFC 6120 §5 to §7). Dropped after that. */
export class Negotiation {
  private readonly context: C2sContext;
  private readonly stream: XmppStream;
  private readonly events: NegotiationEvents;
  private readonly login: Login;
  private readonly registration: Registration;
  private account: string | undefined;
  private busy = false;
  private waiting: Element[] = [];

  /** `address`: the IP address of the peer. */
  constructor(context: C2sContext, stream: XmppStream, address: string, events: NegotiationEvents) {
    this.context = context;
    this.stream = stream;
    this.events = events;
    this.login = new Login(context, stream, address, (name) => this.events.loggedIn(name));
    this.registration = new Registration(context, address);
  }

  /** The features to offer now. */
  features(): Element {
    if (this.account !== undefined) return bindFeatures(this.context.options.stanzaBytes);
    return loginFeatures({
      secure: this.secured,
      tlsRequired: this.context.options.tls === 'required',
      sasl: this.login.sasl,
      registration: this.registration.offered,
    });
  }

  /** The login was answered with success: what comes next is a new stream for this account. */
  proven(account: string): void {
    this.account = account;
  }

  /** The connection is gone. */
  stop(): void {
    this.waiting = [];
    this.login.stop();
  }

  /** Takes a first-level element. One at a time: what comes while one is worked on waits. */
  element(message: Element): void {
    if (!this.busy) this.dispatch(message);
    else if (this.waiting.length < MAX_WAITING) this.waiting.push(message);
    else this.stream.fail('policy-violation', 'Await the answer before you send more.');
  }

  private dispatch(message: Element): void {
    if (message.ns === NS.client) this.stanza(message);
    else if (message.is('compress', COMPRESS))
      this.stream.send(element('failure', COMPRESS, {}, element('unsupported-method', COMPRESS)));
    else if (this.account !== undefined) this.stream.fail('unsupported-stanza-type');
    else if (message.ns === NS.sasl) this.work(this.authenticate(message));
    else if (message.is('starttls', NS.tls)) this.secure();
    else this.stream.fail('unsupported-stanza-type');
  }

  private async authenticate(message: Element): Promise<void> {
    await this.login.take(message);
    if (this.account === undefined || this.stream.ended) return;
    this.waiting = [];
    this.stream.restart();
  }

  /** RFC 6120 §5.4.2: a failure ends the stream. */
  private secure(): void {
    if (this.secured) {
      this.stream.send(element('failure', NS.tls));
      this.stream.close();
      return;
    }
    // What waits came in clear as well.
    this.waiting = [];
    this.stream.send(element('proceed', NS.tls));
    startTls(this.stream, this.context.certificate());
  }

  private stanza(stanza: Element): void {
    const type = stanza.attribute('type');
    const [payload, second] = stanza.elements();
    const request = stanza.name === 'iq' && (type === 'get' || type === 'set') && second === undefined;
    if (!request || payload === undefined || stanza.attribute('id') === undefined)
      this.stream.fail('not-authorized');
    else if (this.account !== undefined) {
      if (type === 'set' && payload.is('bind', NS.bind)) this.bind(stanza, payload, this.account);
      else this.stream.fail('not-authorized', 'Bind a resource first.');
    } else if (this.mayRegister && this.registration.takes(payload))
      this.work(this.register(stanza, type, payload));
    else this.stream.fail('not-authorized', 'Log in first.');
  }

  private get mayRegister(): boolean {
    return this.secured || this.context.options.tls === 'optional';
  }

  private async register(stanza: Element, type: 'get' | 'set', payload: Element): Promise<void> {
    try {
      this.stream.send(resultReply(stanza, await this.registration.answer(type, payload)));
    } catch (error) {
      this.stream.send(failureReply(stanza, error));
      if (!(error instanceof HubError)) throw error;
    }
  }

  /** RFC 6120 §7.6 and §7.7. */
  private bind(stanza: Element, bind: Element, account: string): void {
    try {
      const wanted = bind.child('resource')?.text() ?? '';
      const jid = this.address(account, wanted === '' ? this.context.random.id() : wanted);
      if (this.context.attendance.countBeside(jid) >= MAX_RESOURCES)
        throw new HubError('limit-reached', `An account has at most ${MAX_RESOURCES} sessions at once.`);
      const address = element('jid', NS.bind, {}, jid.full);
      this.stream.send(resultReply(stanza, element('bind', NS.bind, {}, address)));
      this.events.bound(jid);
    } catch (error) {
      this.stream.send(failureReply(stanza, error));
      if (!(error instanceof HubError)) throw error;
    }
  }

  private address(account: string, resource: string): Jid {
    try {
      return Jid.of(account, this.context.options.domain, resource);
    } catch (cause) {
      throw new HubError('bad-request', 'This resource is no part of an address.', { cause });
    }
  }

  private get secured(): boolean {
    return this.stream.connection instanceof TLSSocket;
  }

  private work(task: Promise<void>): void {
    this.busy = true;
    task
      .catch((error: unknown) => {
        this.context.log.error('A login or registration failed inside the hub.', { error: String(error) });
        this.stream.fail('internal-server-error');
      })
      .finally(() => this.proceed());
  }

  private proceed(): void {
    this.busy = false;
    while (!this.busy && !this.stream.ended) {
      const next = this.waiting.shift();
      if (next === undefined) return;
      this.dispatch(next);
    }
  }
}
