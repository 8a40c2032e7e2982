import type { Socket } from 'node:net';
import tls from 'node:tls';
import type { ScramKeys } from '../../src/domain/account.js';
import { SystemClock } from '../../src/system/clock.js';
import type { Connection } from '../../src/system/network.js';
import { SystemRandom } from '../../src/system/random.js';
import { bindingBytes, bindingTypes } from '../../src/xmpp/channel-binding.js';
import { type Element, element } from '../../src/xmpp/element.js';
import { afterLogin } from '../../src/xmpp/limits.js';
import { NS } from '../../src/xmpp/namespaces.js';
import { openStream } from '../../src/xmpp/open-stream.js';
import { scramKeys } from '../../src/xmpp/scram.js';
import { ScramServer } from '../../src/xmpp/scram-server.js';
import { errorReply, resultReply } from '../../src/xmpp/stanza.js';
import type { XmppStream } from '../../src/xmpp/stream.js';
import { fits, show, stanza } from '../exchange/pattern.js';
import type { TestAuthority } from './test-authority.js';

const PATIENCE = 8000;
const HUB_FEATURES = ['urn:nf:iot:disco:1.0', 'urn:nf:iot:prov:d:1.0'];

/** A server that a test leads: it negotiates as a hub does, answers roster and disco, and the test says the rest. */
export class ScriptedHub {
  readonly domain: string;
  readonly accounts = new Map<string, ScramKeys>();
  /** How many connections came. */
  connections = 0;
  /** Whether it makes accounts. */
  open = true;
  /** Whether it offers mechanisms with -PLUS. */
  plus = true;
  /** Whether it offers STARTTLS. */
  encrypts = true;
  /** The features of hub.<domain>. */
  features: readonly string[] = HUB_FEATURES;
  /** The mechanism of the last login, and the full JID that is bound. */
  mechanism = '';
  jid = '';
  /** The domain's side of the present stream. */
  stream: XmppStream | undefined;
  private readonly key: { key: string; cert: string };
  private received: Element[] = [];
  private arrived: () => void = () => undefined;

  constructor(domain: string, authority: TestAuthority) {
    this.domain = domain;
    this.key = authority.issue(domain);
  }

  /** Serves a connection. */
  accept(connection: Connection): void {
    this.connections++;
    new ServerSide(this, connection, this.key).start();
  }

  /** Sends one stanza, written as XML; `{jid}` stands for the thing's full JID. */
  sends(xml: string): void {
    this.stream?.send(stanza(xml.replaceAll('{jid}', this.jid)));
  }

  /** Answers an iq with a payload, or with nothing. */
  answers(iq: Element, payload?: Element): void {
    this.stream?.send(resultReply(iq, payload));
  }

  /** Waits for a stanza that fits the pattern, and takes it. */
  async receives(pattern: string): Promise<Element> {
    const wanted = stanza(pattern);
    for (;;) {
      const at = this.received.findIndex((item) => fits(item, wanted));
      const [found] = at < 0 ? [] : this.received.splice(at, 1);
      if (found !== undefined) return found;
      await this.next(pattern);
    }
  }

  /** What came and nothing took. */
  get unread(): readonly Element[] {
    return this.received;
  }

  /** Makes an account. */
  async makeAccount(name: string, password: string): Promise<void> {
    this.accounts.set(name, await scramKeys('SHA-256', password, new SystemRandom().bytes(16), 4096));
  }

  /** A stanza of the thing. */
  take(item: Element): void {
    this.received.push(item);
    this.arrived();
  }

  private next(pattern: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const complain = () =>
        reject(new Error(`the hub did not receive ${pattern}, but ${this.received.map(show).join('\n')}`));
      const timer = new SystemClock().after(PATIENCE, complain, 'scripted hub');
      this.arrived = () => {
        timer.cancel();
        resolve();
      };
    });
  }
}

/** One connection of the scripted hub. */
class ServerSide {
  private readonly hub: ScriptedHub;
  private readonly stream: XmppStream;
  private readonly key: { key: string; cert: string };
  private secured: tls.TLSSocket | undefined;
  private scram: ScramServer | undefined;
  private account = '';
  private loggedIn = false;

  constructor(hub: ScriptedHub, connection: Connection, key: { key: string; cert: string }) {
    this.hub = hub;
    this.key = key;
    const handler = {
      opened: () => this.opened(),
      element: (item: Element) => void this.element(item),
      closed: () => undefined,
    };
    const clock = new SystemClock();
    this.stream = openStream(connection, { role: 'recipient', limits: afterLogin, handler, clock });
  }

  start(): void {
    this.hub.stream = this.stream;
  }

  private opened(): void {
    this.stream.sendHeader({ from: this.hub.domain, id: 's1', version: '1.0', ns: NS.client });
    this.stream.send(element('features', NS.streams, {}, ...this.features()));
  }

  private features(): Element[] {
    if (this.secured === undefined) return this.hub.encrypts ? [element('starttls', NS.tls)] : [];
    if (this.loggedIn) return [element('bind', NS.bind)];
    const names = ['SCRAM-SHA-1', 'SCRAM-SHA-256', ...(this.hub.plus ? ['SCRAM-SHA-256-PLUS'] : [])];
    const mechanisms = names.map((name) => element('mechanism', NS.sasl, {}, name));
    return [element('mechanisms', NS.sasl, {}, ...mechanisms), element('register', NS.registerFeature)];
  }

  private async element(item: Element): Promise<void> {
    if (item.is('starttls', NS.tls)) this.startTls();
    else if (item.ns === NS.sasl) this.sasl(item);
    else if (item.name === 'iq' && item.attribute('type') !== 'result') await this.iq(item);
    else this.hub.take(item);
  }

  private startTls(): void {
    this.stream.send(element('proceed', NS.tls));
    const raw = this.stream.connection as Socket;
    this.secured = new tls.TLSSocket(raw, { isServer: true, ...this.key });
    this.stream.restart(this.secured);
  }

  private sasl(item: Element): void {
    const text = Buffer.from(item.text(), 'base64').toString();
    if (item.name === 'auth') this.begin(item.attribute('mechanism') ?? '', text);
    else {
      try {
        const proof = this.scram?.finish(text) ?? '';
        this.loggedIn = true;
        this.stream.send(element('success', NS.sasl, {}, Buffer.from(proof).toString('base64')));
        this.stream.restart();
      } catch {
        this.stream.send(element('failure', NS.sasl, {}, element('not-authorized', NS.sasl)));
      }
    }
  }

  private begin(mechanism: string, text: string): void {
    const { secured } = this;
    if (secured === undefined) return;
    this.hub.mechanism = mechanism;
    const plus = mechanism.endsWith('-PLUS');
    const bindings = this.hub.plus ? bindingTypes(secured) : [];
    this.scram = new ScramServer({
      hash: mechanism.includes('256') ? 'SHA-256' : 'SHA-1',
      plus,
      bindings,
      binding: (type) => bindingBytes(secured, type, 'server'),
      nonce: 'server',
    });
    this.account = this.scram.first(text).username;
    const keys = this.hub.accounts.get(this.account);
    const answer =
      keys === undefined
        ? element('failure', NS.sasl, {}, element('not-authorized', NS.sasl))
        : element('challenge', NS.sasl, {}, Buffer.from(this.scram.challenge(keys)).toString('base64'));
    this.stream.send(answer);
  }

  private async iq(iq: Element): Promise<void> {
    const [payload] = iq.elements();
    if (payload?.ns === NS.register) await this.register(iq, payload);
    else if (payload?.ns === NS.bind) this.bind(iq, payload);
    else if (payload?.ns === NS.roster) this.hub.answers(iq, element('query', NS.roster));
    else if (payload?.ns === NS.discoItems) this.items(iq);
    else if (payload?.ns === NS.discoInfo) this.info(iq);
    else this.hub.take(iq);
  }

  private async register(iq: Element, query: Element): Promise<void> {
    const name = query.child('username')?.text() ?? '';
    if (!this.hub.open) this.stream.send(errorReply(iq, 'registration-closed'));
    else if (this.hub.accounts.has(name)) this.stream.send(errorReply(iq, 'conflict'));
    else {
      await this.hub.makeAccount(name, query.child('password')?.text() ?? '');
      this.stream.send(resultReply(iq));
    }
  }

  private bind(iq: Element, bind: Element): void {
    this.hub.jid = `${this.account}@${this.hub.domain}/${bind.child('resource')?.text() ?? 'r'}`;
    this.stream.send(
      resultReply(iq, element('bind', NS.bind, {}, element('jid', NS.bind, {}, this.hub.jid))),
    );
  }

  private items(iq: Element): void {
    const item = element('item', NS.discoItems, { jid: `hub.${this.hub.domain}` });
    this.hub.answers(iq, element('query', NS.discoItems, {}, item));
  }

  private info(iq: Element): void {
    const features = iq.attribute('to') === this.hub.domain ? [] : this.hub.features;
    const children = features.map((name) => element('feature', NS.discoInfo, { var: name }));
    this.hub.answers(iq, element('query', NS.discoInfo, {}, ...children));
  }
}
