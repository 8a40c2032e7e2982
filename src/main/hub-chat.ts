import { isOnLink } from '../domain/assurance.js';
import type { Chatter, Conversation } from '../domain/conversation.js';
import type { Jid } from '../domain/jid.js';
import { RateLimit } from '../services/rate-limit.js';
import type { Clock } from '../system/clock.js';
import type { Log } from '../system/log.js';
import { chatAnswer, chatText } from '../xmpp/chat-message.js';
import type { Element } from '../xmpp/element.js';
import type { Peer } from '../xmpp/peer.js';

/** Answers a minute: to one who writes, and to all together who write by the free names of the link. */
const EACH = 20;
const LINK = 200;

/** How many chatters are remembered; beyond that the oldest are forgotten. */
const CHATTERS = 1000;

/** What is said where an answer failed; the log says what. */
const FAILED = 'Something went wrong in the hub. Its log says what.';

/** What is known of one who wrote. */
interface Talk {
  /** Ends when all that he wrote until now is answered. */
  done: Promise<void>;
  answer: string | undefined;
}

/** What the chat needs to know of the addresses that write to it. */
export interface ChatFacts {
  mayOwn(jid: string): boolean;
  isHub(jid: string): boolean;
}

/**
 * Messages to the hub itself, answered in their order. Never those of a hub, what was just said to him who sends it
 * back, nor more than a person can read: no two machines talk to each other for ever.
 */
export class HubChat {
  private readonly facts: ChatFacts;
  private readonly log: Log;
  private readonly each: RateLimit;
  private readonly link: RateLimit;
  private readonly talks = new Map<string, Talk>();
  private conversation: Conversation | undefined;

  constructor(facts: ChatFacts, clock: Clock, log: Log) {
    this.facts = facts;
    this.log = log;
    this.each = new RateLimit(EACH, clock);
    this.link = new RateLimit(LINK, clock);
  }

  /** Begins to answer; without a conversation messages are none of the hub's business. */
  open(conversation: Conversation | undefined): void {
    this.conversation = conversation;
  }

  /** Ends once all that was taken is answered. */
  async close(): Promise<void> {
    this.conversation = undefined;
    await Promise.all([...this.talks.values()].map(({ done }) => done));
  }

  /** Takes a message that no program here knows; whether it did. Answers later, or never. */
  receive(message: Element, _to: Jid, peer: Peer): boolean {
    const { conversation } = this;
    if (conversation === undefined) return false;
    const text = chatText(message);
    const { bare } = peer.jid;
    if (text === undefined || peer.edge === 'local' || this.facts.isHub(bare)) return true;
    const talk = this.talkOf(bare);
    if (text === talk.answer || !this.mayAsk(peer)) return true;
    talk.done = talk.done.then(async () => {
      const answer = await this.answer(conversation, text, peer);
      talk.answer = answer;
      if (answer !== undefined) peer.send(chatAnswer(message, peer.jid.full, answer));
    });
    return true;
  }

  private mayAsk({ jid, assurance }: Peer): boolean {
    return this.each.take(jid.bare) && (!isOnLink(assurance) || this.link.take(''));
  }

  /** What was written may be a claim code, so it is in no line of the log. */
  private async answer(
    conversation: Conversation,
    text: string,
    { jid, assurance }: Peer,
  ): Promise<string | undefined> {
    const chatter: Chatter = { jid: jid.bare, assurance, mayOwn: this.facts.mayOwn(jid.bare) };
    try {
      return await conversation.answer(text, chatter);
    } catch (error) {
      this.log.error('A message to the hub could not be answered.', {
        from: jid.bare,
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
      return FAILED;
    }
  }

  private talkOf(bare: string): Talk {
    const talk = this.talks.get(bare) ?? { done: Promise.resolve(), answer: undefined };
    this.talks.delete(bare);
    if (this.talks.size >= CHATTERS) this.talks.delete(this.talks.keys().next().value ?? '');
    this.talks.set(bare, talk);
    return talk;
  }
}
