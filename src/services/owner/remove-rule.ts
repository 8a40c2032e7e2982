import { HubError } from '../../domain/errors.js';
import { formatAddress } from '../../domain/node-address.js';
import { formatSubject, type Rule } from '../../domain/rule.js';
import type { RuleIndex } from '../../storage/indexes/rule-index.js';
import { rules, things } from '../../storage/keys.js';
import type { Store, Transaction } from '../../storage/store.js';
import type { Clock } from '../../system/clock.js';
import { appendAudit } from '../audit-trail.js';
import { announceChange } from '../provisioning/announce-change.js';
import type { Friendships } from '../provisioning/friendships.js';
import type { Owners } from './owners.js';

/** An owner takes a rule back: the thing forgets what it cached, and leaves whom the rule had let in. */
export class RemoveRule {
  private readonly store: Store;
  private readonly rules: RuleIndex;
  private readonly owners: Owners;
  private readonly friendships: Friendships;
  private readonly clock: Clock;

  constructor(store: Store, ruleIndex: RuleIndex, owners: Owners, friendships: Friendships, clock: Clock) {
    this.store = store;
    this.rules = ruleIndex;
    this.owners = owners;
    this.friendships = friendships;
    this.clock = clock;
  }

  /** Resolves when it is on the disk. Refuses with rule-not-found, also for a rule about another owner's thing. */
  run(id: string, owner: string): Promise<void> {
    return this.store.transact(async (transaction) => {
      const known = this.rules.get(id);
      const key = known && { thing: known.thing, kind: known.kind, id };
      const rule = key && (await transaction.get(rules, key));
      if (key === undefined || rule === undefined) throw new HubError('rule-not-found');
      const thing = await transaction.get(things, rule.thing);
      if (!this.owners.actsFor(owner, rule.by) && thing?.owner !== owner)
        throw new HubError('rule-not-found');
      transaction.delete(rules, key);
      const at = this.clock.now();
      const strangers = rule.allow && rule.kind === 'friend' ? await this.strangers(transaction, rule) : [];
      await announceChange(transaction, rule.thing, { strangers }, at);
      await appendAudit(transaction, {
        at,
        what: 'remove-rule',
        by: owner,
        thing: formatAddress(rule.thing),
        about: formatSubject(rule.subject),
        outcome: `done (rule ${id})`,
      });
    });
  }

  /** Whom the rule had let in and no other rule does: the one it names, or contacts of the thing that it covers. */
  private strangers(transaction: Transaction, { thing, subject }: Rule): Promise<readonly string[]> {
    if (subject.kind === 'jid') return this.friendships.refused(transaction, thing, [subject.jid]);
    return this.friendships.ended(transaction, thing, subject);
  }
}
