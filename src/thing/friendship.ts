import { rowOf } from '../dialects/table.js';
import type { Log } from '../system/log.js';
import type { Element } from '../xmpp/element.js';
import type { Peer } from '../xmpp/peer.js';
import type { Answers } from './answers.js';
import type { Roster } from './client/roster.js';
import type { Session } from './client/session.js';
import type { Listeners, ThingEvents } from './events.js';
import type { HubService } from './hub-service.js';
import type { NodeSet } from './node-set.js';

/** Most questions to the hub that wait for an answer at once; further ones wait for the next login. */
const MOST_OPEN = 32;

/** What friendship needs of the thing. */
export interface FriendshipParts {
  readonly session: Session;
  readonly service: HubService;
  readonly roster: Roster;
  readonly answers: Answers;
  readonly events: Listeners<ThingEvents>;
  readonly log: Log;
  readonly nodes: NodeSet;
}

/** Who may be the thing's friend: hub and owners always, others as the hub says [0324 3.2.1]. */
export class Friendship {
  private readonly parts: FriendshipParts;
  private readonly open = new Map<string, Promise<boolean>>();

  constructor(parts: FriendshipParts) {
    this.parts = parts;
  }

  /** Takes presence: only requests to subscribe matter. The answer comes when the hub has decided. */
  presence(stanza: Element, peer: Peer): void {
    if (stanza.attribute('type') !== 'subscribe') return;
    void this.answer(peer.jid.bare);
  }

  /** Whether this bare JID is the hub, an owner, or a friend. Asks the hub; rejects if that does not answer. */
  mayBeFriend(jid: string): Promise<boolean> {
    return this.isTrusted(jid) ? Promise.resolve(true) : this.isFriend(jid);
  }

  /** The hub says that this friendship is welcome [0324 3.2.3]. */
  recommend(jid: string): void {
    if (!this.parts.roster.follows(jid)) this.parts.session.sendPresence('subscribe', jid);
  }

  /** The hub ends this friendship, in both directions [0324 3.2.4]. */
  async end(jid: string): Promise<void> {
    const { session, answers, events } = this.parts;
    session.sendPresence('unsubscribed', jid);
    session.sendPresence('unsubscribe', jid);
    await answers.drop(jid);
    events.emit('unfriend', { jid });
  }

  /** Somebody does not own a node any more: the friendship ends, unless he owns another one [0347 3.17]. */
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
    const { nodes, roster, session, service } = this.parts;
    if (!nodes.all.every(({ removed }) => removed) || !roster.follows(service.registry)) return;
    session.sendPresence('unsubscribe', service.registry);
    session.sendPresence('unsubscribed', service.registry);
  }

  private isTrusted(jid: string): boolean {
    const { service, nodes } = this.parts;
    return jid === service.provisioning || jid === service.registry || nodes.isOwner(jid);
  }

  private async answer(jid: string): Promise<void> {
    const { session, service, roster, events, log } = this.parts;
    if (jid === session.jid.bare) return;
    try {
      const accepted = await this.mayBeFriend(jid);
      session.sendPresence(accepted ? 'subscribed' : 'unsubscribed', jid);
      const isHub = jid === service.provisioning || jid === service.registry;
      if (accepted && !isHub && !roster.follows(jid)) session.sendPresence('subscribe', jid);
      events.emit('friend', { jid, accepted });
    } catch (error) {
      // The request stays with the account, and comes again at the next login.
      log.warn('A request for friendship waits: the hub did not say whether it is welcome.', {
        from: jid,
        error: String(error),
      });
    }
  }

  private async isFriend(jid: string): Promise<boolean> {
    const known = this.parts.answers.get(jid);
    if (known !== undefined) return known;
    const asked = this.open.get(jid);
    if (asked !== undefined) return asked;
    if (this.open.size >= MOST_OPEN) throw new Error('too many questions to the hub are open');
    const question = this.ask(jid).finally(() => this.open.delete(jid));
    this.open.set(jid, question);
    return question;
  }

  /** An answer that clearCache overtook is good for this once, and not kept. */
  private async ask(jid: string): Promise<boolean> {
    const { session, service, answers } = this.parts;
    if (service.provisioning === undefined) return false;
    const row = rowOf('is-friend', service.generation);
    const age = answers.age;
    const answer = row.readAnswer(await session.ask('get', service.provisioning, row.writeRequest({ jid })));
    if (answer.jid !== jid) throw new Error('the hub answered about somebody else');
    await answers.keep(jid, answer.result, age);
    return answer.result;
  }
}
