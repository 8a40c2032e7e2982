import type { Jid } from '../domain/jid.js';
import type { World } from '../system/world.js';
import { type Element, element } from '../xmpp/element.js';
import { Host } from '../xmpp/host.js';
import { NS } from '../xmpp/namespaces.js';
import { Answers } from './answers.js';
import { KeepAlive } from './client/keep-alive.js';
import { Roster } from './client/roster.js';
import type { AccountSession } from './client/session.js';
import type { HubService } from './hub-service.js';
import { type Befriended, Befriending } from './others/befriending.js';
import { Presences } from './presences.js';
import { Relations } from './relations.js';
import type { TokenKeeper } from './tokens/token-keeper.js';
import type { Authority } from './trust.js';

/** One session of a program: answers what a client must answer, and notices when the hub is gone. */
export class Visit {
  readonly relations: Relations;
  private readonly session: AccountSession;
  private readonly host: Host;
  private readonly keepAlive: KeepAlive;
  private readonly roster: Roster;
  private readonly presences: Presences;
  private readonly befriending: Befriending;
  private appearance: Promise<void> | undefined;
  private readonly trusted: { authorities: readonly Authority[] } = { authorities: [] };

  /** `keeper` is absent for a program without a certificate. */
  constructor(session: AccountSession, keeper: TokenKeeper | undefined, world: World) {
    const { clock, log } = world;
    this.session = session;
    this.presences = new Presences(clock);
    this.befriending = new Befriending({ session, presences: this.presences });
    // A program asks nobody about others, so no answer is ever kept.
    const answers = new Answers('', world);
    const { presences: whereabouts, trusted: trust } = this;
    const parts = { session, whereabouts, trust, answers, role: 'service', world } as const;
    this.relations = new Relations(keeper === undefined ? parts : { ...parts, keeper });
    const identity = { category: 'client', type: 'pc', name: 'app' };
    this.host = new Host(
      {
        serves: (to) => to.bare === session.jid.bare,
        identity,
        presence: (stanza, _to, { jid }) => this.presence(stanza, jid),
      },
      session.pending,
      log,
    );
    this.keepAlive = new KeepAlive(session, clock);
    this.roster = new Roster(session);
  }

  /** From now on the session is served, until it ends. */
  start(): void {
    const { host, session } = this;
    host.add({ kind: 'iq', types: ['get'], ns: NS.ping, name: 'ping', handle: () => undefined });
    host.add(this.roster.pushHandler, false);
    for (const handler of this.relations.handlers) host.add(handler, false);
    session.start(host);
    this.keepAlive.start();
    void session.ended.then(() => this.stop());
  }

  /** Asks a thing for its friendship, and is present from then on, to see friends and to be told what they say. */
  async befriend(jid: string): Promise<Befriended> {
    this.appearance ??= this.appear();
    await this.appearance;
    return this.befriending.ask(jid);
  }

  /** The hub's provisioning gives the tokens. */
  trust({ provisioning, generation }: HubService): void {
    this.trusted.authorities = provisioning === undefined ? [] : [{ jid: provisioning, generation }];
  }

  /** Nothing is waited for any more. */
  stop(): void {
    this.keepAlive.stop();
    this.relations.stop();
    this.presences.stop();
  }

  /** Answers to wishes for friendship reach those only who fetched the roster (RFC 6121 §2.1.6). */
  private async appear(): Promise<void> {
    const { session, roster } = this;
    await roster.load();
    // What people write goes to their other programs (RFC 6121 §4.7.2.3).
    const priority = element('priority', NS.client, {}, '-1');
    session.send(element('presence', NS.client, {}, priority));
  }

  /** Whom the program wanted as a friend may see it as well; he comes by himself once his owner allows it [0324 3.2.3]. */
  private presence(stanza: Element, from: Jid): void {
    const { bare } = from;
    this.presences.take(stanza, from);
    this.befriending.take(stanza, from);
    if (stanza.attribute('type') !== 'subscribe' || !this.befriending.isWished(bare)) return;
    this.session.sendPresence('subscribed', bare);
    if (!this.roster.follows(bare)) this.session.sendPresence('subscribe', bare);
  }
}
