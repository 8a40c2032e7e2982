import type { Element } from '../../xmpp/element.js';
import type { Peer } from '../../xmpp/peer.js';
import type { Friendship, FriendshipParts } from '../friendship.js';
import type { Befriended, Befriending } from '../others/befriending.js';
import { friendQuestion } from '../question.js';
import type { Roster } from './roster.js';
import type { AccountSession } from './session.js';

/** What an account brings into friendship: its roster. */
export interface AccountFriendshipParts extends FriendshipParts {
  readonly session: AccountSession;
  readonly roster: Roster;
  readonly befriending: Befriending;
}

/** How a request for friendship ends. */
type Outcome = 'accepted' | 'refused' | 'delegated';

/**
 * Who may be the thing's friend: its servers and owners always, others as its provisioning servers say [0324 3.2.1], and
 * those whom a person at the thing accepts where these allow it [0324 3.1.1, 3.1.4].
 */
export class AccountFriendship implements Friendship {
  private readonly parts: AccountFriendshipParts;
  private readonly open = new Set<string>();

  constructor(parts: AccountFriendshipParts) {
    this.parts = parts;
  }

  /** Takes presence: only requests to subscribe matter. The answer comes when it is decided. */
  presence(stanza: Element, peer: Peer): void {
    if (stanza.attribute('type') !== 'subscribe') return;
    void this.answer(peer.jid.bare);
  }

  ask(jid: string): Promise<Befriended> {
    return this.parts.befriending.ask(jid);
  }

  recommend(jid: string): void {
    if (!this.parts.roster.follows(jid)) this.parts.session.sendPresence('subscribe', jid);
  }

  async end(jid: string): Promise<void> {
    const { session, authorities, trust, events } = this.parts;
    session.sendPresence('unsubscribed', jid);
    session.sendPresence('unsubscribe', jid);
    await trust.unfriend(jid);
    await authorities.forget(jid);
    events.emit('unfriend', { jid });
  }

  ownerLeft(jid: string): void {
    const { nodes, roster, session, log } = this.parts;
    if (nodes.isOwner(jid) || jid === session.jid.bare || roster.get(jid) === undefined) return;
    this.end(jid).catch((error: unknown) =>
      log.warn('The answer about a former owner was not forgotten.', { about: jid, error: String(error) }),
    );
  }

  /**
   * Takes the friendship with the registry back once nothing of this account is to be found there: a registry keeps as
   * few friends as it can [0347 3.10, 5.3].
   */
  leaveRegistry(): void {
    const { nodes, roster, session, registry } = this.parts;
    if (registry === undefined || !roster.follows(registry)) return;
    if (!nodes.all.every(({ removed }) => removed)) return;
    session.sendPresence('unsubscribe', registry);
    session.sendPresence('unsubscribed', registry);
  }

  /** One decision at a time about each: who asks again while a person is asked waits with that. */
  private async answer(jid: string): Promise<void> {
    const { session, roster, events, log } = this.parts;
    if (jid === session.jid.bare || this.open.has(jid)) return;
    this.open.add(jid);
    try {
      const outcome = await this.decide(jid);
      const accepted = outcome !== 'refused';
      session.sendPresence(accepted ? 'subscribed' : 'unsubscribed', jid);
      if (accepted && !this.isServer(jid) && !roster.follows(jid)) session.sendPresence('subscribe', jid);
      events.emit('friend', { jid, accepted });
      if (outcome === 'delegated') await this.welcome(jid);
    } catch (error) {
      // The request stays with the account, and comes again at the next login.
      log.warn('A request for friendship waits: the hub did not say whether it is welcome.', {
        from: jid,
        error: String(error),
      });
    } finally {
      this.open.delete(jid);
    }
  }

  private async welcome(jid: string): Promise<void> {
    try {
      await this.parts.desk.welcome(jid);
    } catch (error) {
      this.parts.log.error('A new friend is not trusted.', { jid, error: String(error) });
    }
  }

  private async decide(jid: string): Promise<Outcome> {
    const { authorities, trust, nodes, desk } = this.parts;
    if (this.isServer(jid) || nodes.isOwner(jid) || trust.isFriend(jid)) return 'accepted';
    const said = await authorities.ask(friendQuestion(jid), jid, ({ result }) => result);
    if (said.some(({ verdict }) => verdict.result)) return 'accepted';
    return (await desk.accepts(jid, said)) ? 'delegated' : 'refused';
  }

  private isServer(jid: string): boolean {
    return jid === this.parts.registry || this.parts.authorities.has(jid);
  }
}
