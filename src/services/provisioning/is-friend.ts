import type { Caller, IsFriend, IsFriendAnswer } from '../../domain/command.js';
import { decideFriendship } from '../../domain/friendship.js';
import type { RuleIndex } from '../../storage/indexes/rule-index.js';
import type { ThingIndex } from '../../storage/indexes/thing-index.js';
import type { Store } from '../../storage/store.js';
import type { AuditRepeats } from '../audit-repeats.js';
import type { AskOwner } from './ask-owner.js';

/** What is decided by configuration and by the hub's own addresses. */
export interface FriendshipPolicy {
  /** Whether this bare JID is an address of the hub itself. */
  readonly isHub: (jid: string) => boolean;
  /** `provisioning.secondaryTrust` [0324 3.1.4]. */
  readonly secondaryTrust: boolean;
}

/**
 * A thing asks whether it may befriend somebody [0324 3.2.1]. What no rule answers is no, and a question to the thing's
 * owner that is on the disk before the thing hears the no, for it keeps that answer for months.
 */
export class IsFriendOf {
  private readonly store: Store;
  private readonly things: ThingIndex;
  private readonly rules: RuleIndex;
  private readonly ask: AskOwner;
  private readonly audit: AuditRepeats;
  private readonly policy: FriendshipPolicy;

  constructor(
    store: Store,
    things: ThingIndex,
    rules: RuleIndex,
    ask: AskOwner,
    audit: AuditRepeats,
    policy: FriendshipPolicy,
  ) {
    this.store = store;
    this.things = things;
    this.rules = rules;
    this.ask = ask;
    this.audit = audit;
    this.policy = policy;
  }

  /** Decides from memory; waits for the disk only where a new question arises. */
  run(command: IsFriend, caller: Caller): IsFriendAnswer | Promise<IsFriendAnswer> {
    const { jid } = command;
    const answer = (result: boolean) => ({ jid, result, secondaryTrust: this.policy.secondaryTrust });
    const own = jid === caller.jid || this.policy.isHub(jid);
    if (this.store.damage !== undefined) return answer(own);
    const decision = decideFriendship({
      own,
      owner: this.things.owns(jid, caller.jid),
      rules: this.rules.covering('friend', caller.jid, jid),
    });
    if (decision.result !== 'unknown') {
      this.audit.note('is-friend', caller.jid, jid, `${decision.result} (${decision.why})`);
      return answer(decision.result === 'yes');
    }
    const asked = this.ask.run('friend', caller.jid, jid);
    if (asked === undefined) return answer(false);
    return asked.then(() => answer(false));
  }
}
