import type { Moment } from '../../domain/decision-time.js';
import { type Decision, decideFriendship } from '../../domain/friendship.js';
import type { NodeAddress } from '../../domain/node-address.js';
import { covers, type Rule, type Subject } from '../../domain/rule.js';
import type { RuleIndex } from '../../storage/indexes/rule-index.js';
import type { ThingIndex } from '../../storage/indexes/thing-index.js';
import type { Transaction } from '../../storage/store.js';
import { rulesAbout } from './rules-about.js';

/** What friendship rests on beside rules. */
export interface FriendshipGrounds {
  /** Whether this bare JID is an address of the hub itself. */
  readonly isHub: (jid: string) => boolean;
  /** Bare JIDs that a thing (bare JID) follows or is followed by, as far as the hub keeps its roster. */
  readonly contactsOf: (jid: string) => readonly string[];
  /** Now, for rules that hold at times only. */
  readonly moment: () => Moment;
}

/** Who may be whose friend. All addresses are bare JIDs. */
export class Friendships {
  private readonly things: ThingIndex;
  private readonly rules: RuleIndex;
  private readonly grounds: FriendshipGrounds;

  constructor(things: ThingIndex, rules: RuleIndex, grounds: FriendshipGrounds) {
    this.things = things;
    this.rules = rules;
    this.grounds = grounds;
  }

  /** Whether a thing may befriend a caller, by what is on the disk. */
  decide(thing: string, caller: string): Decision {
    return this.decideBy(this.rules.covering('friend', thing, caller), thing, caller);
  }

  /** Whether the caller needs no rule: the hub, and the thing itself. */
  isOwn(thing: string, caller: string): boolean {
    return caller === thing || this.grounds.isHub(caller);
  }

  /** The contacts of a thing that a subject covers, and the rules of the transaction do not allow any more. */
  async ended(transaction: Transaction, thing: NodeAddress, subject: Subject): Promise<readonly string[]> {
    const contacts = this.grounds.contactsOf(thing.jid).filter((contact) => covers(subject, contact));
    return this.refused(transaction, thing, contacts);
  }

  /** Those of the callers whom the rules of the transaction do not allow. */
  async refused(
    transaction: Transaction,
    thing: NodeAddress,
    callers: readonly string[],
  ): Promise<readonly string[]> {
    if (callers.length === 0) return [];
    const rules = await rulesAbout(transaction, thing, 'friend');
    return callers.filter((caller) => {
      const covering = rules.filter((rule) => covers(rule.subject, caller));
      return this.decideBy(covering, thing.jid, caller).result !== 'yes';
    });
  }

  private decideBy(rules: readonly Rule[], thing: string, caller: string): Decision {
    const own = this.isOwn(thing, caller);
    const moment = this.grounds.moment();
    const holding = rules.filter((rule) => moment.standing(rule) === 'holds');
    const decision = decideFriendship({ own, owner: this.things.owns(caller, thing), rules: holding });
    if (decision.result !== 'unknown') return decision;
    // What the owner said of other times he has said: it is nothing to ask him.
    const waiting = rules.find((rule) => moment.standing(rule) === 'waits');
    return waiting === undefined ? decision : { result: 'no', why: `rule ${waiting.id}, at other times` };
  }
}
