import tls from 'node:tls';
import { SystemClock } from '../../src/system/clock.js';
import type { Connection } from '../../src/system/network.js';
import type { Element } from '../../src/xmpp/element.js';
import { afterLogin } from '../../src/xmpp/limits.js';
import { NS } from '../../src/xmpp/namespaces.js';
import { openStream } from '../../src/xmpp/open-stream.js';
import { ScramClient } from '../../src/xmpp/scram-client.js';
import type { StreamHandler, StreamHeader, XmppStream } from '../../src/xmpp/stream.js';
import { fits, show, stanza } from '../exchange/pattern.js';
import { until } from '../xmpp/recording.js';

/** A client that says exactly what a test makes it say, and keeps what it hears until the test asks. */
export class TestClient implements StreamHandler {
  /** The server's last header. */
  header: StreamHeader | undefined;
  /** The stream error that ended the stream; empty for an end without one. */
  ended: string | undefined;
  /** The full JID, once bound. */
  jid = '';
  readonly heard: Element[] = [];
  private readonly stream: XmppStream;

  constructor(connection: Connection) {
    const clock = new SystemClock();
    this.stream = openStream(connection, { role: 'initiator', limits: afterLogin, handler: this, clock });
  }

  opened(header: StreamHeader): void {
    this.header = header;
  }

  element(element: Element): void {
    this.heard.push(element);
  }

  closed(condition: string | undefined): void {
    this.ended = condition ?? '';
  }

  /** Opens a stream, and waits for the features. */
  async opens(to = 'home.local', version = '1.0'): Promise<Element> {
    this.sendsHeader(to, version);
    return this.hears('<features xmlns="http://etherx.jabber.org/streams"/>');
  }

  /** Sends the header of a stream. */
  sendsHeader(to: string, version = '1.0'): void {
    this.sends(
      `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='${NS.streams}' to='${to}' version='${version}'>`,
    );
  }

  /** Sends text as it is. */
  sends(xml: string): void {
    this.stream.connection.write(xml);
  }

  /** Waits for an element that fits the pattern and takes it. */
  async hears(pattern: string): Promise<Element> {
    const wanted = stanza(pattern);
    const find = () => this.heard.findIndex((element) => fits(element, wanted));
    await until(() => find() >= 0 || this.ended !== undefined, pattern).catch((cause: unknown) => {
      throw new Error(`${pattern} never came, but ${this.heard.map(show).join('\n')}`, { cause });
    });
    const [found] = this.heard.splice(find(), find() < 0 ? 0 : 1);
    if (found === undefined) throw new Error(`${pattern} never came; the stream ended: ${this.ended}`);
    return found;
  }

  /** All that came until the server answered a ping, and leaves nothing. */
  async hearsAll(): Promise<string[]> {
    this.sends("<iq type='get' id='barrier'><ping xmlns='urn:xmpp:ping'/></iq>");
    await this.hears("<iq type='result' id='barrier'/>");
    return this.heard.splice(0).map(show);
  }

  /** Waits for the end of the stream and tells its error. */
  async ends(): Promise<string> {
    await until(() => this.ended !== undefined, 'the end of the stream');
    return this.ended ?? '';
  }

  /** Goes on inside TLS. */
  async secures(): Promise<void> {
    await this.opens();
    this.sends(`<starttls xmlns='${NS.tls}'/>`);
    await this.hears(`<proceed xmlns='${NS.tls}'/>`);
    const socket = this.stream.connection;
    this.stream.restart(tls.connect({ socket, rejectUnauthorized: false }));
  }

  /** Logs in with SCRAM-SHA-1 on an open stream; resolves with the server's last word. */
  async authenticates(username: string, password: string): Promise<Element> {
    const scram = new ScramClient({ hash: 'SHA-1', username, password, nonce: 'fyko' });
    const first = base64(await scram.first());
    this.sends(`<auth xmlns='${NS.sasl}' mechanism='SCRAM-SHA-1'>${first}</auth>`);
    const challenge = await this.hears(`<challenge xmlns='${NS.sasl}'/>`);
    const final = await scram.respond(Buffer.from(challenge.text(), 'base64').toString());
    this.sends(`<response xmlns='${NS.sasl}'>${base64(final)}</response>`);
    await until(() => this.heard.length > 0 || this.ended !== undefined, 'the answer to a login');
    const [answer] = this.heard.splice(0, 1);
    if (answer === undefined) throw new Error('the stream ended before the answer to a login');
    if (answer.name === 'success') {
      scram.finish(Buffer.from(answer.text(), 'base64').toString());
      this.stream.restart();
    }
    return answer;
  }

  /** Opens, logs in and binds. */
  async comes(username: string, resource = '', password = `${username}-secret`): Promise<this> {
    await this.opens();
    const answer = await this.authenticates(username, password);
    if (answer.name !== 'success') throw new Error(`no login: ${show(answer)}`);
    await this.opens();
    await this.binds(resource);
    return this;
  }

  /** Binds a resource, the server's choice if empty. */
  async binds(resource = ''): Promise<void> {
    const wanted = resource === '' ? '' : `<resource>${resource}</resource>`;
    this.sends(`<iq type='set' id='bind'><bind xmlns='${NS.bind}'>${wanted}</bind></iq>`);
    const bound = await this.hears("<iq type='result' id='bind'/>");
    this.jid = bound.child('bind', NS.bind)?.child('jid')?.text() ?? '';
  }

  /** Fetches the roster and becomes available, as clients do. */
  async appears(presence = '<presence/>'): Promise<this> {
    this.sends("<iq type='get' id='roster'><query xmlns='jabber:iq:roster'/></iq>");
    await this.hears("<iq type='result' id='roster'/>");
    this.sends(presence);
    await this.hears(`<presence from='${this.jid}'/>`);
    return this;
  }

  /** Ends the stream in order. */
  leaves(): void {
    this.sends('</stream:stream>');
  }

  /** The connection breaks. */
  vanishes(): void {
    this.stream.connection.destroy();
  }
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
