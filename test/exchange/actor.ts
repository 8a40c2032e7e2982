import { SystemClock } from '../../src/system/clock.js';
import type { Connection } from '../../src/system/network.js';
import type { World } from '../../src/system/world.js';
import { openSession } from '../../src/thing/client/open-session.js';
import type { Session } from '../../src/thing/client/session.js';
import type { Element } from '../../src/xmpp/element.js';
import { fits, show, stanza } from './pattern.js';

/** How long an actor waits for what the story says it receives, in milliseconds of real time. */
const PATIENCE = 8000;

/** Somebody of a story: a thing, an owner, a stranger, with an ordinary client connection of his own. */
export class Actor {
  readonly name: string;
  private readonly connect: () => Promise<Connection>;
  private readonly world: Pick<World, 'clock' | 'random' | 'log'>;
  private readonly domain: string;
  private session: Session | undefined;
  private received: Element[] = [];
  private arrived: () => void = () => undefined;

  constructor(
    name: string,
    domain: string,
    connect: () => Promise<Connection>,
    world: Pick<World, 'clock' | 'random' | 'log'>,
  ) {
    this.name = name;
    this.domain = domain;
    this.connect = connect;
    this.world = world;
  }

  /** The full JID of the connection. */
  get jid(): string {
    return this.online().jid.full;
  }

  /** Connects and logs in, after making the account if it is not there yet. */
  async arrives(password = `${this.name}-secret`, resource = 'story'): Promise<void> {
    const account = { name: this.name, password };
    this.received = [];
    this.session = await openSession(
      await this.connect(),
      { domain: this.domain, authority: undefined, account, create: 'after-refusal', resource },
      this.world,
    );
    this.session.start({
      serves: () => true,
      receive: (element) => {
        this.received.push(element);
        this.arrived();
      },
    });
  }

  /** Closes the stream in order. */
  async leaves(): Promise<void> {
    const session = this.online();
    this.session = undefined;
    await session.close();
  }

  /** Sends one stanza, written as XML. */
  sends(xml: string): void {
    this.online().send(stanza(xml));
  }

  /**
   * Waits for a stanza that fits the pattern, and takes it; stanzas that came before it stay. Rejects with all that
   * came instead.
   */
  async receives(pattern: string): Promise<Element> {
    const wanted = stanza(pattern);
    const deadline = new SystemClock().monotonic() + PATIENCE;
    for (;;) {
      const at = this.received.findIndex((element) => fits(element, wanted));
      const found = this.received[at];
      if (found !== undefined) {
        this.received.splice(at, 1);
        return found;
      }
      await this.next(deadline - new SystemClock().monotonic(), pattern);
    }
  }

  /** What came and nothing took. */
  get unread(): readonly Element[] {
    return this.received;
  }

  private next(patience: number, pattern: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = new SystemClock().after(
        patience,
        () => {
          const instead = this.received.map(show).join('\n  ');
          reject(new Error(`${this.name} did not receive\n  ${pattern.trim()}\nbut\n  ${instead}`));
        },
        'actor',
      );
      this.arrived = () => {
        timer.cancel();
        resolve();
      };
    });
  }

  private online(): Session {
    if (this.session === undefined) throw new Error(`${this.name} is not connected`);
    return this.session;
  }
}
