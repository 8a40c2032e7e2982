import type { Category } from '../../domain/access.js';
import { HubError } from '../../domain/errors.js';
import { deviceAddress, type NodeAddress, sameAddress } from '../../domain/node-address.js';
import type { Question } from '../../domain/question.js';
import type { CallerRange, DailyPart, Rule, Subject } from '../../domain/rule.js';
import type { RuleDraft } from '../../domain/rule-scope.js';
import type { QuestionIndex } from '../../storage/indexes/question-index.js';
import { questions } from '../../storage/keys.js';
import type { Store } from '../../storage/store.js';
import type { Owners } from './owners.js';
import type { RuleBook } from './rule-book.js';

/** An owner's answer to a question. */
export interface Decide {
  readonly number: number;
  readonly allow: boolean;
  /** Whom the answer covers: the caller, everyone of his domain, everyone. */
  readonly range: CallerRange['kind'];
  /** Whom it covers instead, where he goes by a token. */
  readonly subject?: Subject;
  /** What it covers; without it an allowance covers what was asked for, and a denial everything. */
  readonly scope?: DecisionScope;
}

/** What a decision covers; a part that is absent covers all. */
export interface DecisionScope {
  /** The nodes that it is about; the one that was asked about if absent. */
  readonly nodes?: readonly NodeAddress[];
  readonly categories?: readonly Category[];
  readonly names?: readonly string[];
  readonly until?: number;
  readonly daily?: DailyPart;
}

/** The rule that came of it; the first of several. */
export interface Decided {
  readonly question: Question;
  readonly rule: Rule;
}

/**
 * An owner answers a question: the rule is stored, the question and those that the rule answers too are gone, the
 * thing is told. Refuses with question-not-found, also for a question to another owner, and with item-not-found an answer
 * about a node that is not his.
 */
export class DecideQuestion {
  private readonly store: Store;
  private readonly questions: QuestionIndex;
  private readonly owners: Owners;
  private readonly book: RuleBook;

  constructor(store: Store, questionIndex: QuestionIndex, owners: Owners, book: RuleBook) {
    this.store = store;
    this.questions = questionIndex;
    this.owners = owners;
    this.book = book;
  }

  /** Decides in the owner's name (bare JID); resolves when the rule and all that follows from it is on the disk. */
  run(command: Decide, owner: string): Promise<Decided> {
    return this.store.transact(async (transaction) => {
      const key = this.questions.numbered(command.number);
      const question = key && (await transaction.get(questions, key));
      if (question?.number !== command.number || !this.owners.actsFor(owner, question.owner))
        throw new HubError('question-not-found');
      const [first, ...more] = draftsOf(question, command);
      if (first === undefined) throw new HubError('bad-request', 'The answer names no node.');
      for (const { thing } of [first, ...more])
        if (!sameAddress(thing, question.thing)) await this.book.mustOwn(transaction, thing, owner);
      const rule = await this.book.put(transaction, first, owner, question);
      for (const draft of more) await this.book.put(transaction, draft, owner);
      return { question, rule };
    });
  }
}

function draftsOf(question: Question, command: Decide): RuleDraft[] {
  const { kind, thing, caller } = question;
  const { allow, range } = command;
  const { nodes = [thing], ...parts } = command.scope ?? scopeAsked(question, allow);
  const subject = command.subject ?? subjectOf(range, caller);
  const abouts = kind === 'friend' ? [deviceAddress(thing.jid)] : nodes;
  return abouts.map((about) => ({ ...parts, kind, thing: about, subject, allow }));
}

/** What was asked for and no more, where it is allowed. */
function scopeAsked({ wants }: Question, allow: boolean): DecisionScope {
  if (!allow || wants === undefined) return {};
  const { categories, names } = wants;
  return { ...(categories.length > 0 ? { categories } : {}), ...(names.length > 0 ? { names } : {}) };
}

/** Callers by the range that an owner names. */
export function subjectOf(range: CallerRange['kind'], caller: string): CallerRange {
  if (range === 'jid') return { kind: 'jid', jid: caller };
  return range === 'domain'
    ? { kind: 'domain', domain: caller.slice(caller.indexOf('@') + 1) }
    : { kind: 'all' };
}
