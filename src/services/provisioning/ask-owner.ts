import { deviceAddress, formatAddress } from '../../domain/node-address.js';
import type { Question } from '../../domain/question.js';
import type { RuleKind } from '../../domain/rule.js';
import type { QuestionIndex } from '../../storage/indexes/question-index.js';
import type { ThingIndex } from '../../storage/indexes/thing-index.js';
import { counters, questions } from '../../storage/keys.js';
import type { Store, Transaction } from '../../storage/store.js';
import type { Clock } from '../../system/clock.js';
import type { AuditRepeats } from '../audit-repeats.js';
import { appendAudit } from '../audit-trail.js';
import { notify } from '../notices.js';

/** Keeps what no rule answers for the owner, and tells him once: one question per thing, caller and kind. */
export class AskOwner {
  private readonly store: Store;
  private readonly things: ThingIndex;
  private readonly questions: QuestionIndex;
  private readonly audit: AuditRepeats;
  private readonly limit: number;
  private readonly clock: Clock;

  /** `limit`: questions about one device that may wait; further callers get their no without one. */
  constructor(
    store: Store,
    things: ThingIndex,
    questionIndex: QuestionIndex,
    audit: AuditRepeats,
    limit: number,
    clock: Clock,
  ) {
    this.store = store;
    this.things = things;
    this.questions = questionIndex;
    this.audit = audit;
    this.limit = limit;
    this.clock = clock;
  }

  /** Resolves when a new question is on the disk; `undefined` where none arises. */
  run(kind: RuleKind, jid: string, caller: string): Promise<void> | undefined {
    const thing = deviceAddress(jid);
    const owner = this.things.of(jid).find((node) => node.owner !== undefined && node.owner !== jid)?.owner;
    if (owner === undefined) return this.note(kind, jid, caller, 'no (nobody owns the thing)');
    if (this.questions.get({ thing, caller, kind }))
      return this.note(kind, jid, caller, 'no (the owner is asked already)');
    if (this.questions.countOf(jid) >= this.limit)
      return this.note(kind, jid, caller, 'no (too many questions wait)');
    return this.store.transact((transaction) => this.keep(transaction, { kind, thing, caller, owner }));
  }

  private note(kind: RuleKind, jid: string, caller: string, outcome: string): undefined {
    this.audit.note(`is-${kind}`, jid, caller, outcome);
    return undefined;
  }

  private async keep(transaction: Transaction, asked: Omit<Question, 'number' | 'askedAt'>): Promise<void> {
    const { kind, thing, caller, owner } = asked;
    const key = { thing, caller, kind };
    if ((await transaction.get(questions, key)) !== undefined) return;
    const number = ((await transaction.get(counters, 'question')) ?? 0) + 1;
    const at = this.clock.now();
    transaction.put(counters, 'question', number);
    transaction.put(questions, key, { ...asked, number, askedAt: at });
    const text =
      `${caller} wants to befriend your thing ${formatAddress(thing)}. ` +
      `To decide, on the hub: hearth allow ${number} or hearth deny ${number}`;
    await notify(transaction, { to: owner, body: { operation: 'tell', text }, createdAt: at });
    await appendAudit(transaction, {
      at,
      what: `is-${kind}`,
      by: thing.jid,
      about: caller,
      outcome: 'no, asked the owner',
    });
  }
}
