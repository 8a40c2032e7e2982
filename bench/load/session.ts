import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { attributeOf } from './attribute.js';
import type { Target } from './jobs.js';
import { ScramLogin } from './scram-login.js';
import { Splitter } from './splitter.js';

const SASL = 'urn:ietf:params:xml:ns:xmpp-sasl';

/** How long a server may take for one step of the login, in milliseconds. */
const PATIENCE = 20_000;

/** One connection of the load: as little client as a login needs. */
export class Session {
  /** The full JID once logged in. */
  jid = '';
  /** Gets each stanza; set it to take over from `next`. */
  onStanza: (stanza: string) => void = (stanza) => this.arrived(stanza);
  private readonly socket: Socket;
  private splitter: Splitter;
  private readonly arrivals: string[] = [];
  private waiting: ((stanza: string) => void) | undefined;
  private dead: Error | undefined;
  private fail: (error: Error) => void = () => undefined;

  private constructor(socket: Socket, raw: boolean, target: string) {
    this.socket = socket;
    this.splitter = new Splitter(!raw);
    socket.setNoDelay(true).setEncoding('latin1');
    socket.on('data', (text) => this.splitter.push(String(text), this.take));
    socket.on('error', (error) => this.died(error));
    socket.on('close', () => this.died(new Error(`${target} closed the connection.`)));
  }

  /** Connects, and logs in unless the stream is raw. */
  static async open(target: Target, user: string, password: string): Promise<Session> {
    const session = new Session(
      await connect(target),
      target.transport === 'raw',
      `The server of "${target.domain}" (${target.transport})`,
    );
    if (target.transport !== 'raw') await session.logIn(target.domain, user, password);
    return session;
  }

  /** Sends text as it is. */
  send(text: string): void {
    this.socket.write(text, 'latin1');
  }

  /** The next stanza that fits, dropping those before it. */
  async next(fits: (stanza: string) => boolean): Promise<string> {
    for (;;) {
      const stanza = this.arrivals.shift() ?? (await this.arrival());
      if (fits(stanza)) return stanza;
    }
  }

  /** Sends an iq and returns its reply. */
  async ask(id: string, text: string): Promise<string> {
    this.send(text);
    return this.next((stanza) => stanza.startsWith('<iq') && attributeOf(stanza, 'id') === id);
  }

  /** Gives stanzas back to `next`. */
  release(): void {
    this.onStanza = (stanza) => this.arrived(stanza);
  }

  close(): void {
    this.socket.destroy();
  }

  private readonly take = (stanza: string): void => {
    if (stanza.startsWith('<stream:error')) {
      this.died(new Error(`The server ended the stream: ${stanza}`));
    } else if (stanza.startsWith('<iq') && attributeOf(stanza, 'type') === 'set') {
      // What the hub tells a thing (claimed, clearCache) must be acknowledged, or it is told again.
      const from = attributeOf(stanza, 'from');
      this.send(`<iq type='result' to='${from}' id='${attributeOf(stanza, 'id')}'/>`);
    } else this.onStanza(stanza);
  };

  private arrived(stanza: string): void {
    const { waiting } = this;
    this.waiting = undefined;
    if (waiting === undefined) this.arrivals.push(stanza);
    else waiting(stanza);
  }

  private arrival(): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.dead !== undefined) return reject(this.dead);
      const timer = setTimeout(() => reject(new Error('The server does not answer.')), PATIENCE);
      this.fail = (error) => {
        clearTimeout(timer);
        reject(error);
      };
      this.waiting = (stanza) => {
        clearTimeout(timer);
        resolve(stanza);
      };
    });
  }

  private died(error: Error): void {
    this.dead ??= error;
    this.fail(this.dead);
  }

  private async logIn(domain: string, user: string, password: string): Promise<void> {
    await this.header(domain);
    const scram = new ScramLogin(user, password);
    this.send(`<auth xmlns='${SASL}' mechanism='SCRAM-SHA-1'>${encode(scram.first())}</auth>`);
    const challenge = await this.step('<challenge');
    this.send(`<response xmlns='${SASL}'>${encode(await scram.final(decode(challenge)))}</response>`);
    await this.step('<success');
    this.splitter = new Splitter(true);
    await this.header(domain);
    const bind = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>";
    const bound = await this.ask('bind', `<iq type='set' id='bind'>${bind}</iq>`);
    [, this.jid = ''] = /<jid>([^<]+)<\/jid>/.exec(bound) ?? [];
    if (this.jid === '') throw new Error(`Bind was refused: ${bound}`);
    this.send('<presence/>');
    // A round trip, so that the presence is served before anything is measured.
    await this.ask('in', `<iq type='get' id='in' to='${domain}'><ping xmlns='urn:xmpp:ping'/></iq>`);
  }

  private async header(domain: string): Promise<void> {
    const names = "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'";
    this.send(`<?xml version='1.0'?><stream:stream to='${domain}' version='1.0' ${names}>`);
    await this.next((stanza) => stanza.startsWith('<stream:features'));
  }

  private async step(expected: string): Promise<string> {
    const stanza = await this.next(() => true);
    if (!stanza.startsWith(expected)) throw new Error(`The server said ${stanza} instead of ${expected}>.`);
    return stanza;
  }
}

function connect({ port, domain, transport }: Target): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const host = '127.0.0.1';
    const socket =
      transport === 'tls'
        ? connectTls({
            host,
            port,
            servername: domain,
            ALPNProtocols: ['xmpp-client'],
            // The certificate is not what is measured.
            rejectUnauthorized: false,
          })
        : connectTcp({ host, port });
    socket.once('error', reject);
    socket.once(transport === 'tls' ? 'secureConnect' : 'connect', () => resolve(socket));
  });
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64');
}

function decode(stanza: string): string {
  const [, base64 = ''] = />([^<]*)</.exec(stanza) ?? [];
  return Buffer.from(base64, 'base64').toString();
}
