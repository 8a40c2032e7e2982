import { bareJid, type Jid } from '../../domain/jid.js';
import type { Element } from '../../xmpp/element.js';
import type { AccountSession } from '../client/session.js';
import type { Presences } from '../presences.js';

/** What came of a wish for friendship: `later` where nobody said anything yet; then the wish stays with the other. */
export type Befriended = 'accepted' | 'refused' | 'later';

/** Longest wait for the other's word, and for its presence after a yes, in milliseconds. */
const WORD = 30_000;
const PRESENCE = 5_000;

/** What a wish for friendship needs. */
export interface BefriendingParts {
  readonly session: AccountSession;
  readonly presences: Presences;
}

/** Asks others for their friendship (RFC 6121 §3.1), so that they are seen when they are here. */
export class Befriending {
  private readonly parts: BefriendingParts;
  private readonly open = new Map<string, Promise<Befriended>>();
  private readonly words = new Map<string, (word: Befriended) => void>();
  private readonly wished = new Set<string>();

  constructor(parts: BefriendingParts) {
    this.parts = parts;
  }

  /** Asks an account, once at a time, and waits for what it says. Throws jid-malformed. */
  async ask(address: string): Promise<Befriended> {
    const jid = bareJid(address);
    if (this.parts.presences.of(jid) !== undefined) return 'accepted';
    const open = this.open.get(jid) ?? this.answer(jid).finally(() => this.open.delete(jid));
    this.open.set(jid, open);
    return open;
  }

  /** Whether this friendship was asked for in this session. */
  isWished(jid: string): boolean {
    return this.wished.has(jid);
  }

  /** Takes a presence stanza: the answers of those who were asked matter. */
  take(stanza: Element, from: Jid): void {
    const type = stanza.attribute('type');
    if (type === 'subscribed') this.words.get(from.bare)?.('accepted');
    if (type === 'unsubscribed') this.words.get(from.bare)?.('refused');
  }

  private async answer(jid: string): Promise<Befriended> {
    const { session, presences } = this.parts;
    this.wished.add(jid);
    const word = new Promise<Befriended>((resolve) => this.words.set(jid, resolve));
    // A friend from before says nothing any more, but is here.
    const sight = presences.appearance(jid, WORD);
    session.sendPresence('subscribe', jid);
    const said = await Promise.race([
      word,
      sight.then((full): Befriended => (full === undefined ? 'later' : 'accepted')),
    ]);
    this.words.delete(jid);
    if (said === 'accepted') await presences.appearance(jid, PRESENCE);
    return said;
  }
}
