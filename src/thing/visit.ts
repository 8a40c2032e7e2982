import type { World } from '../system/world.js';
import { Host } from '../xmpp/host.js';
import { NS } from '../xmpp/namespaces.js';
import { Answers } from './answers.js';
import { KeepAlive } from './client/keep-alive.js';
import type { Session } from './client/session.js';
import type { HubService } from './hub-service.js';
import { Relations } from './relations.js';
import type { TokenKeeper } from './tokens/token-keeper.js';
import type { Authority } from './trust.js';

/** One session of a program: answers what a client must answer, and notices when the hub is gone. */
export class Visit {
  readonly relations: Relations;
  private readonly session: Session;
  private readonly host: Host;
  private readonly keepAlive: KeepAlive;
  private readonly trusted: { authorities: readonly Authority[] } = { authorities: [] };

  /** `keeper` is absent for a program without a certificate. */
  constructor(session: Session, keeper: TokenKeeper | undefined, world: World) {
    const { clock, log } = world;
    this.session = session;
    // A program asks nobody about others, so no answer is ever kept.
    const answers = new Answers('', world);
    const parts = { session, trust: this.trusted, answers, role: 'service', world } as const;
    this.relations = new Relations(keeper === undefined ? parts : { ...parts, keeper });
    const identity = { category: 'client', type: 'pc', name: 'app' };
    this.host = new Host(
      {
        serves: (to) => to.bare === session.jid.bare,
        identity,
        presence: (stanza, _to, { jid }) => this.relations.presence(stanza, jid),
      },
      session.pending,
      log,
    );
    this.keepAlive = new KeepAlive(session, clock);
  }

  /** From now on the session is served, until it ends. */
  start(): void {
    const { host, session } = this;
    host.add({ kind: 'iq', types: ['get'], ns: NS.ping, name: 'ping', handle: () => undefined });
    for (const handler of this.relations.handlers) host.add(handler, false);
    session.start(host);
    this.keepAlive.start();
    void session.ended.then(() => this.stop());
  }

  /** The hub's provisioning gives the tokens. */
  trust({ provisioning, generation }: HubService): void {
    this.trusted.authorities = provisioning === undefined ? [] : [{ jid: provisioning, generation }];
  }

  /** Nothing is waited for any more. */
  stop(): void {
    this.keepAlive.stop();
    this.relations.stop();
  }
}
