import type { Caller } from '../../domain/command.js';
import { HubError } from '../../domain/errors.js';
import { deviceAddress, type NodeAddress } from '../../domain/node-address.js';
import type { FriendStates, PendingFriend } from '../../domain/owner-commands.js';
import type { QuestionIndex } from '../../storage/indexes/question-index.js';
import type { RuleIndex } from '../../storage/indexes/rule-index.js';
import type { ThingIndex } from '../../storage/indexes/thing-index.js';
import type { Store } from '../../storage/store.js';
import type { Owners } from './owners.js';
import type { RuleBook } from './rule-book.js';

/** Most items of one update, and most decisions that may come of it. */
const MOST_ITEMS = 100;
const MOST_DECISIONS = 10_000;

/**
 * Simple IoT's words of an owner on friends [siot 7, 8]. They name no thing: they are meant of every thing of his where
 * the friend is pending; else of those where he has a rule about him; else of all that are his.
 */
export class FriendStatesOfOwner {
  private readonly store: Store;
  private readonly questions: QuestionIndex;
  private readonly rules: RuleIndex;
  private readonly things: ThingIndex;
  private readonly owners: Owners;
  private readonly book: RuleBook;

  constructor(
    store: Store,
    indexes: { readonly questions: QuestionIndex; readonly rules: RuleIndex; readonly things: ThingIndex },
    owners: Owners,
    book: RuleBook,
  ) {
    this.store = store;
    this.questions = indexes.questions;
    this.rules = indexes.rules;
    this.things = indexes.things;
    this.owners = owners;
    this.book = book;
  }

  /** Who waits for the caller's decision; nobody for one who owns nothing. */
  pending(caller: Caller): { readonly friends: readonly PendingFriend[] } {
    const waiting = this.questions.to(caller.jid).filter(({ kind }) => kind === 'friend');
    return { friends: [...new Set(waiting.map((question) => question.caller))].map((jid) => ({ jid })) };
  }

  /** Decides. Refuses with forbidden one who owns nothing here, and what contradicts itself with bad-request. */
  async update({ items }: FriendStates, caller: Caller): Promise<undefined> {
    const mine = this.devices(caller);
    if (mine.length === 0) throw new HubError('forbidden', 'You own nothing here.');
    check(items);
    const decisions = items.flatMap(({ jid, friend: allow }) =>
      this.meant(mine, jid, caller).map(
        (thing) => ({ kind: 'friend', thing, subject: { kind: 'jid', jid }, allow }) as const,
      ),
    );
    if (decisions.length > MOST_DECISIONS) throw tooMany(MOST_DECISIONS, 'decisions');
    await this.store.transact(async (transaction) => {
      for (const decision of decisions) await this.book.put(transaction, decision, caller.jid);
    });
    return undefined;
  }

  /** The devices of which he says who befriends them: not those of others, behind which he has but a node. */
  private devices(caller: Caller): NodeAddress[] {
    if (!this.owners.mayOwn(caller.jid)) return [];
    const jids = new Set(this.things.ownedBy(caller.jid).map(({ jid }) => jid));
    return [...jids].map(deviceAddress).filter((device) => {
      const owner = this.things.get(device)?.owner;
      return owner === undefined || owner === caller.jid;
    });
  }

  private meant(mine: readonly NodeAddress[], jid: string, caller: Caller): readonly NodeAddress[] {
    const asked = this.questions
      .to(caller.jid)
      .filter((question) => question.kind === 'friend' && question.caller === jid)
      .map(({ thing }) => thing);
    if (asked.length > 0) return asked;
    const decided = mine.filter(
      (thing) => this.rules.about('friend', thing.jid, { kind: 'jid', jid }) !== undefined,
    );
    return decided.length > 0 ? decided : mine;
  }
}

function check(items: FriendStates['items']): void {
  if (items.length > MOST_ITEMS) throw tooMany(MOST_ITEMS, 'items');
  if (new Set(items.map(({ jid }) => jid)).size < items.length)
    throw new HubError('bad-request', 'An address comes twice.');
}

function tooMany(most: number, what: string): HubError {
  return new HubError('limit-reached', `An update has at most ${most} ${what}.`);
}
