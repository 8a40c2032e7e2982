import { bareJid } from '../../domain/jid.js';
import type { Friendship, FriendshipParts } from '../friendship.js';
import type { Befriended } from '../others/befriending.js';
import { friendQuestion } from '../question.js';
import type { Whereabouts } from '../whereabouts.js';
import type { LinkMemory } from './link-memory.js';

/** What friendship without a server needs beside. */
export interface LinkFriendshipParts extends FriendshipParts {
  readonly memory: Pick<LinkMemory, 'isFriend' | 'befriend' | 'unfriend'>;
  readonly whereabouts: Whereabouts;
}

/**
 * Friendship without a server: nobody asks for it on the link, where everybody sees everybody. Who is a friend is what
 * the hub says [0324 3.2], of itself or when it is asked.
 */
export class LinkFriendship implements Friendship {
  private readonly parts: LinkFriendshipParts;

  constructor(parts: LinkFriendshipParts) {
    this.parts = parts;
  }

  /** Asks the hub: `refused` where it says no, `later` where the other is away, or nobody says anything. */
  async ask(address: string): Promise<Befriended> {
    const jid = bareJid(address);
    const { whereabouts, log } = this.parts;
    try {
      if (!(await this.isWelcome(jid))) return 'refused';
    } catch (error) {
      log.warn('The hub did not say whether a friendship is welcome.', { with: jid, error: String(error) });
      return 'later';
    }
    return whereabouts.of(jid) === undefined ? 'later' : 'accepted';
  }

  async recommend(jid: string): Promise<void> {
    const { memory, authorities, events } = this.parts;
    if (memory.isFriend(jid)) return;
    await memory.befriend(jid);
    // A no from before does not hold any more.
    await authorities.forget(jid);
    events.emit('friend', { jid, accepted: true });
  }

  async end(jid: string): Promise<void> {
    const { memory, trust, authorities, events } = this.parts;
    await memory.unfriend(jid);
    await trust.unfriend(jid);
    await authorities.forget(jid);
    events.emit('unfriend', { jid });
  }

  ownerLeft(jid: string): void {
    const { nodes, memory, log } = this.parts;
    if (nodes.isOwner(jid) || !memory.isFriend(jid)) return;
    this.end(jid).catch((error: unknown) =>
      log.warn('The answer about a former owner was not forgotten.', { about: jid, error: String(error) }),
    );
  }

  /** There is no friendship with a registry on the link. */
  leaveRegistry(): void {}

  private async isWelcome(jid: string): Promise<boolean> {
    const { nodes, trust, memory, authorities, registry } = this.parts;
    if (jid === registry || authorities.has(jid) || nodes.isOwner(jid)) return true;
    if (trust.isFriend(jid) || memory.isFriend(jid)) return true;
    const said = await authorities.ask(friendQuestion(jid), jid, ({ result }) => result);
    return said.some(({ verdict }) => verdict.result);
  }
}
