import type { Clock } from '../../system/clock.js';
import type { Element } from '../../xmpp/element.js';
import type { Handler } from '../../xmpp/host.js';
import { NS } from '../../xmpp/namespaces.js';
import type { Peer } from '../../xmpp/peer.js';
import type { Appearance, Company } from '../company.js';
import type { Friendship, FriendshipParts } from '../friendship.js';
import type { Offer } from '../hub-service.js';
import { Befriending } from '../others/befriending.js';
import { Presences } from '../presences.js';
import { AccountFriendship } from './account-friendship.js';
import { KeepAlive } from './keep-alive.js';
import { Roster } from './roster.js';
import type { AccountSession } from './session.js';

/** The company of an account: its roster, and the presence of those who let it see that. */
export class AccountCompany implements Company {
  readonly whereabouts: Presences;
  readonly handlers: readonly Handler[];
  private readonly session: AccountSession;
  private readonly roster: Roster;
  private readonly keepAlive: KeepAlive;
  private readonly befriending: Befriending;
  private friendship: AccountFriendship | undefined;

  constructor(session: AccountSession, clock: Clock) {
    this.session = session;
    this.whereabouts = new Presences(clock);
    this.roster = new Roster(session);
    this.keepAlive = new KeepAlive(session, clock);
    this.befriending = new Befriending({ session, presences: this.whereabouts });
    const ping: Handler = { kind: 'iq', types: ['get'], ns: NS.ping, name: 'ping', handle: () => undefined };
    this.handlers = [this.roster.pushHandler, ping];
  }

  load(): Promise<void> {
    return this.roster.load();
  }

  presence(stanza: Element, peer: Peer): void {
    this.whereabouts.take(stanza, peer.jid);
    this.befriending.take(stanza, peer.jid);
    this.friendship?.presence(stanza, peer);
  }

  befriended(parts: FriendshipParts): Friendship {
    const { session, roster, befriending } = this;
    this.friendship = new AccountFriendship({ ...parts, session, roster, befriending });
    return this.friendship;
  }

  /**
   * Presence comes last: the hub tells what it kept for the thing, and shows requests for friendship, to those only
   * who are present. The XEP's own registries want to be befriended, as long as there is something to say [0347 5.3].
   */
  appear({ generation, registry }: Offer, { listed }: Appearance): void {
    this.session.sendPresence();
    if (listed && generation === 'xmpp' && registry !== undefined && !this.roster.follows(registry))
      this.session.sendPresence('subscribe', registry);
    this.keepAlive.start();
  }

  stop(): void {
    this.keepAlive.stop();
    this.whereabouts.stop();
  }
}
