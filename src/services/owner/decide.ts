import { HubError } from '../../domain/errors.js';
import { formatAddress } from '../../domain/node-address.js';
import type { Question } from '../../domain/question.js';
import { covers, formatSubject, type Rule, type Subject, sameSubject } from '../../domain/rule.js';
import type { QuestionIndex } from '../../storage/indexes/question-index.js';
import { counters, questions, rules, things } from '../../storage/keys.js';
import type { Store, Transaction } from '../../storage/store.js';
import type { Clock } from '../../system/clock.js';
import { appendAudit } from '../audit-trail.js';
import { announceChange } from '../provisioning/announce-change.js';
import type { Friendships } from '../provisioning/friendships.js';
import { rulesAbout } from '../provisioning/rules-about.js';
import { withdrawQuestion } from '../provisioning/withdraw-question.js';
import type { Owners } from './owners.js';

/** An owner's answer to a question. */
export interface Decide {
  readonly number: number;
  readonly allow: boolean;
  /** Whom the answer covers: the caller, everyone of his domain, everyone. */
  readonly range: Subject['kind'];
}

/** The rule that came of it. */
export interface Decided {
  readonly question: Question;
  readonly rule: Rule;
}

/**
 * An owner answers a question: the rule is stored, the question and those that the rule answers too are gone, the
 * thing is told. Refuses with question-not-found, also for a question to another owner.
 */
export class DecideQuestion {
  private readonly store: Store;
  private readonly questions: QuestionIndex;
  private readonly owners: Owners;
  private readonly friendships: Friendships;
  private readonly clock: Clock;

  constructor(
    store: Store,
    questionIndex: QuestionIndex,
    owners: Owners,
    friendships: Friendships,
    clock: Clock,
  ) {
    this.store = store;
    this.questions = questionIndex;
    this.owners = owners;
    this.friendships = friendships;
    this.clock = clock;
  }

  /** Decides in the owner's name (bare JID); resolves when the rule and all that follows from it is on the disk. */
  run(command: Decide, owner: string): Promise<Decided> {
    return this.store.transact(async (transaction) => {
      const key = this.questions.numbered(command.number);
      const question = key && (await transaction.get(questions, key));
      if (question?.number !== command.number || !this.owners.actsFor(owner, question.owner))
        throw new HubError('question-not-found');
      const rule = await this.makeRule(transaction, question, command, owner);
      const at = rule.createdAt;
      const callers = await closeAnswered(transaction, rule);
      const friends = rule.allow ? callers : [];
      const strangers = rule.allow ? [] : await this.friendships.ended(transaction, rule.thing, rule.subject);
      await announceChange(transaction, rule.thing, { friends, strangers }, at);
      await appendAudit(transaction, {
        at,
        what: command.allow ? 'allow' : 'deny',
        by: owner,
        thing: formatAddress(rule.thing),
        about: formatSubject(rule.subject),
        outcome: `done (rule ${rule.id})`,
      });
      return { question, rule };
    });
  }

  private async makeRule(
    transaction: Transaction,
    question: Question,
    command: Decide,
    owner: string,
  ): Promise<Rule> {
    const subject = subjectOf(command.range, question.caller);
    const { kind, thing } = question;
    for (const old of await rulesAbout(transaction, thing, kind)) {
      if (sameSubject(old.subject, subject)) transaction.delete(rules, { thing, kind, id: old.id });
    }
    const number = ((await transaction.get(counters, 'rule')) ?? 0) + 1;
    transaction.put(counters, 'rule', number);
    const id = String(number);
    const rule: Rule = {
      id,
      kind,
      thing,
      subject,
      allow: command.allow,
      by: owner,
      createdAt: this.clock.now(),
    };
    transaction.put(rules, { thing, kind, id }, rule);
    return rule;
  }
}

/** Deletes the questions that the rule answers; returns who had asked, in the order in which they did. */
async function closeAnswered(transaction: Transaction, rule: Rule): Promise<string[]> {
  const answered: Question[] = [];
  const prefix = `${things.encode(rule.thing)}\u0000`;
  for await (const [, question] of transaction.scan(questions, { prefix })) {
    if (question.kind !== rule.kind || !covers(rule.subject, question.caller)) continue;
    await withdrawQuestion(transaction, question);
    answered.push(question);
  }
  return answered.sort((a, b) => a.number - b.number).map(({ caller }) => caller);
}

function subjectOf(range: Subject['kind'], caller: string): Subject {
  if (range === 'jid') return { kind: 'jid', jid: caller };
  return range === 'domain'
    ? { kind: 'domain', domain: caller.slice(caller.indexOf('@') + 1) }
    : { kind: 'all' };
}
