import { TLSSocket } from 'node:tls';
import { type Element, element } from '../../xmpp/element.js';
import { NS } from '../../xmpp/namespaces.js';
import type { XmppStream } from '../../xmpp/stream.js';
import type { C2sContext } from './context.js';
import { plainChannel, tlsChannel } from './sasl/channel.js';
import { SaslNegotiation } from './sasl/negotiation.js';
import type { SaslStep } from './sasl/step.js';

/** Failed logins that a stream may have (RFC 6120 §6.4.5 asks for at least two, and suggests five at most). */
const MAX_FAILURES = 5;

/** The SASL elements of one stream (RFC 6120 §6). */
export class Login {
  private readonly context: C2sContext;
  private readonly stream: XmppStream;
  private readonly address: string;
  private readonly succeeded: (name: string) => boolean;
  private negotiation: SaslNegotiation | undefined;
  /** Whether that one is bound to TLS. */
  private secure = false;

  /** `succeeded` is told the account (local part); it says whether there is room for it. */
  constructor(
    context: C2sContext,
    stream: XmppStream,
    address: string,
    succeeded: (name: string) => boolean,
  ) {
    this.context = context;
    this.stream = stream;
    this.address = address;
    this.succeeded = succeeded;
  }

  /** The negotiation on the connection as it is now: another one inside TLS than before. */
  get sasl(): SaslNegotiation {
    const { connection } = this.stream;
    const secure = connection instanceof TLSSocket;
    if (this.negotiation === undefined || secure !== this.secure) {
      const channel = secure ? tlsChannel(connection) : plainChannel;
      this.negotiation = new SaslNegotiation(this.context.sasl, channel, this.address);
      this.secure = secure;
    }
    return this.negotiation;
  }

  /** Takes an element of the SASL namespace; resolves when it is answered. */
  async take(message: Element): Promise<void> {
    const { sasl } = this;
    if (!this.secure && this.context.options.tls === 'required')
      this.answer({ kind: 'failure', condition: 'encryption-required' });
    else if (message.name === 'auth')
      this.answer(await sasl.start(message.attribute('mechanism') ?? '', message.text()));
    else if (message.name === 'abort') this.answer(sasl.abort());
    else if (message.name === 'response') this.answer(await sasl.respond(message.text()));
    else this.stream.fail('unsupported-stanza-type');
  }

  /** The connection is gone. */
  stop(): void {
    this.negotiation?.stop();
  }

  private answer(step: SaslStep): void {
    if (this.stream.ended) return;
    if (step.kind === 'challenge') this.stream.send(element('challenge', NS.sasl, {}, step.data));
    else if (step.kind === 'failure') this.fail(step.condition);
    else if (this.succeeded(step.name)) this.stream.send(element('success', NS.sasl, {}, step.data));
    else {
      this.fail('temporary-auth-failure');
      this.stream.fail('resource-constraint', 'This hub has as many clients as it takes.');
    }
  }

  private fail(condition: string): void {
    this.stream.send(element('failure', NS.sasl, {}, element(condition, NS.sasl)));
    if (this.sasl.failures >= MAX_FAILURES) this.stream.fail('policy-violation', 'Too many failed logins.');
  }
}
