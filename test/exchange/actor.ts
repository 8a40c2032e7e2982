import type { Connection } from '../../src/system/network.js';
import type { World } from '../../src/system/world.js';
import { openSession } from '../../src/thing/client/open-session.js';
import type { AccountSession } from '../../src/thing/client/session.js';
import type { Element } from '../../src/xmpp/element.js';
import { Hearing } from './hearing.js';
import { stanza } from './pattern.js';
import type { Role } from './role.js';

/** Somebody of a story: a thing, an owner, a stranger, with an ordinary client connection of his own. */
export class Actor implements Role {
  readonly name: string;
  private readonly connect: () => Promise<Connection>;
  private readonly world: Pick<World, 'clock' | 'random' | 'log'>;
  private readonly domain: string;
  private readonly hearing: Hearing;
  private session: AccountSession | undefined;

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
    this.hearing = new Hearing(name);
  }

  /** The full JID of the connection. */
  get jid(): string {
    return this.online().jid.full;
  }

  /** Connects and logs in, after making the account if it is not there yet. */
  async arrives(password = `${this.name}-secret`, resource = 'story'): Promise<void> {
    const account = { name: this.name, password };
    this.hearing.clear();
    this.session = await openSession(
      await this.connect(),
      { domain: this.domain, authority: undefined, account, create: 'after-refusal', resource },
      this.world,
    );
    this.session.start({ serves: () => true, receive: (element) => this.hearing.hear(element) });
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

  /** Waits for a stanza that fits the pattern, and takes it; stanzas that came before it stay. */
  receives(pattern: string): Promise<Element> {
    return this.hearing.take(pattern);
  }

  /** What came and nothing took. */
  get unread(): readonly Element[] {
    return this.hearing.unread;
  }

  private online(): AccountSession {
    if (this.session === undefined) throw new Error(`${this.name} is not connected`);
    return this.session;
  }
}
