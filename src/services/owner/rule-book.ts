import { HubError } from '../../domain/errors.js';
import { deviceAddress, formatAddress, type NodeAddress, sameAddress } from '../../domain/node-address.js';
import type { Question } from '../../domain/question.js';
import { covers, formatSubject, type Rule } from '../../domain/rule.js';
import { answersAll, isAbout, overlaps, type RuleDraft, within } from '../../domain/rule-scope.js';
import type { ThingIndex } from '../../storage/indexes/thing-index.js';
import { counters, questions, rules, things } from '../../storage/keys.js';
import type { Store, Transaction } from '../../storage/store.js';
import { joinKey } from '../../storage/table.js';
import type { Clock } from '../../system/clock.js';
import { appendAudit } from '../audit-trail.js';
import { announceChange } from '../provisioning/announce-change.js';
import type { Friendships } from '../provisioning/friendships.js';
import { rulesAbout } from '../provisioning/rules-about.js';
import { withdrawQuestion } from '../provisioning/withdraw-question.js';
import type { Owners } from './owners.js';

/** Most rules about one thing. */
const MOST_RULES = 1000;

/**
 * Where rules are made. What an owner says now takes the place of what he said before to the same subject, where it
 * covers that; a permission that lies under a wider denial is refused with conflict. Questions that the rule answers are gone, and
 * the thing hears of it.
 */
export class RuleBook {
  private readonly store: Store;
  private readonly things: ThingIndex;
  private readonly owners: Owners;
  private readonly friendships: Friendships;
  private readonly clock: Clock;

  constructor(store: Store, things: ThingIndex, owners: Owners, friendships: Friendships, clock: Clock) {
    this.store = store;
    this.things = things;
    this.owners = owners;
    this.friendships = friendships;
    this.clock = clock;
  }

  /**
   * Adds a rule in an owner's name (bare JID); a friendship is always the device's. Refuses with item-not-found what is
   * not his, and with limit-reached.
   */
  run(draft: RuleDraft, owner: string): Promise<Rule> {
    const thing = draft.kind === 'friend' ? deviceAddress(draft.thing.jid) : draft.thing;
    return this.store.transact(async (transaction) => {
      await this.mustOwn(transaction, thing, owner);
      return this.put(transaction, { ...draft, thing }, owner);
    });
  }

  /**
   * Refuses with item-not-found one who does not decide about a thing: a node without owner is its device's owner's, and
   * a device without owner everybody's who has something behind it.
   */
  async mustOwn(transaction: Transaction, address: NodeAddress, owner: string): Promise<void> {
    const device = deviceAddress(address.jid);
    const thing = await transaction.get(things, address);
    const decider = thing?.owner ?? (await transaction.get(things, device))?.owner;
    if (decider !== undefined && this.owners.actsFor(owner, decider)) return;
    if (decider === undefined && sameAddress(address, device)) {
      const owned = this.things
        .of(address.jid)
        .some((node) => node.owner && this.owners.actsFor(owner, node.owner));
      if (owned) return;
    }
    throw new HubError('item-not-found', 'There is no such thing among yours. See: hearth things');
  }

  /** Adds a rule within a transaction; `asked` is the question that it answers. Refuses with limit-reached. */
  async put(transaction: Transaction, draft: RuleDraft, by: string, asked?: Question): Promise<Rule> {
    await this.makeRoom(transaction, draft, by);
    const number = ((await transaction.get(counters, 'rule')) ?? 0) + 1;
    transaction.put(counters, 'rule', number);
    const at = this.clock.now();
    const rule: Rule = { ...draft, id: String(number), by, createdAt: at };
    transaction.put(rules, { thing: rule.thing, kind: rule.kind, id: rule.id }, rule);
    const callers = await this.closeAnswered(transaction, rule, asked);
    await this.tell(transaction, rule, callers);
    await appendAudit(transaction, {
      at,
      what: rule.allow ? 'allow' : 'deny',
      by,
      thing: formatAddress(rule.thing),
      about: formatSubject(rule.subject),
      outcome: `done (rule ${rule.id})`,
    });
    return rule;
  }

  /** Of a device that nobody owns, owners of nodes behind it may have rules: each changes his own. */
  private async makeRoom(transaction: Transaction, draft: RuleDraft, by: string): Promise<void> {
    const known = await rulesAbout(transaction, draft.thing, draft.kind);
    const own = known.filter((old) => this.owners.actsFor(by, old.by));
    if (draft.allow) refuseUnder(own, draft);
    const gone = own.filter((old) => within(old, draft));
    for (const { thing, kind, id } of gone) transaction.delete(rules, { thing, kind, id });
    if (known.length - gone.length >= MOST_RULES)
      throw new HubError('limit-reached', `A thing has at most ${MOST_RULES} rules of a kind.`);
  }

  /**
   * Deletes the questions that the rule answers, of those that are its maker's to answer; returns who had asked, in the
   * order in which they did.
   */
  private async closeAnswered(
    transaction: Transaction,
    rule: Rule,
    asked: Question | undefined,
  ): Promise<string[]> {
    const answered: Question[] = [];
    const prefix = `${joinKey([rule.thing.jid])}\u0000`;
    for await (const [, question] of transaction.scan(questions, { prefix })) {
      if (question.kind !== rule.kind || !isAbout(rule.thing, question.thing)) continue;
      const own = question.number === asked?.number;
      if (!own && !this.answers(rule, question)) continue;
      await withdrawQuestion(transaction, question);
      answered.push(question);
    }
    return answered.sort((a, b) => a.number - b.number).map(({ caller }) => caller);
  }

  private answers(rule: Rule, { owner, caller, wants }: Question): boolean {
    return this.owners.actsFor(rule.by, owner) && covers(rule.subject, caller) && answersAll(rule, wants);
  }

  /** The thing forgets what it cached; a rule on friendship also makes and ends friendships. */
  private async tell(transaction: Transaction, rule: Rule, callers: readonly string[]): Promise<void> {
    const at = rule.createdAt;
    if (rule.kind !== 'friend') return announceChange(transaction, rule.thing, {}, at);
    const named = rule.subject.kind === 'jid' ? [rule.subject.jid] : [];
    const friends = rule.allow ? [...new Set([...named, ...callers])] : [];
    const strangers = rule.allow ? [] : await this.friendships.ended(transaction, rule.thing, rule.subject);
    return announceChange(transaction, rule.thing, { friends, strangers }, at);
  }
}

/** A permission under a wider denial would have no effect, and taking that away would open more than was said. */
function refuseUnder(known: readonly Rule[], draft: RuleDraft): void {
  const denial = known.find((old) => !old.allow && overlaps(old, draft) && !within(old, draft));
  if (denial === undefined) return;
  const text = `Rule ${denial.id} denies more than that, and a denial wins. Take it back first: hearth rules remove ${denial.id}`;
  throw new HubError('conflict', text);
}
