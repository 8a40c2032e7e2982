import type { Moment } from '../../domain/decision-time.js';
import { deviceAddress, formatAddress, type NodeAddress, sameAddress } from '../../domain/node-address.js';
import type { Question, Wants } from '../../domain/question.js';
import { covers, type RuleKind } from '../../domain/rule.js';
import { answersAll } from '../../domain/rule-scope.js';
import type { KnownThing } from '../../domain/thing.js';
import { boundedWants, joinedWants, sameWish, wantsCovered } from '../../domain/wants.js';
import type { QuestionIndex } from '../../storage/indexes/question-index.js';
import type { ThingIndex } from '../../storage/indexes/thing-index.js';
import { counters, notices, questions, things } from '../../storage/keys.js';
import type { Store, Transaction } from '../../storage/store.js';
import type { Clock } from '../../system/clock.js';
import type { Random } from '../../system/random.js';
import type { AuditRepeats } from '../audit-repeats.js';
import { appendAudit } from '../audit-trail.js';
import { notify } from '../notices.js';
import type { Owners } from '../owner/owners.js';
import { rulesAbout } from './rules-about.js';
import { withdrawQuestion } from './withdraw-question.js';

/** What the owner is asked about. */
type Asked = Omit<Question, 'number' | 'askedAt' | 'told' | 'key'>;

/** How the audit names what was asked. */
const WORDS: Readonly<Record<RuleKind, string>> = {
  friend: 'is-friend',
  read: 'can-read',
  control: 'can-control',
};

/** A question on its way to the disk. */
type Coming = Asked & { readonly kept: Promise<void> };

/**
 * Keeps what no rule answers for the owner, and tells him once: one question per thing or node, caller and kind, which
 * gathers all that the caller wants. What asks for more gets another number, and is told anew: who answers the earlier
 * one must not allow what he has not heard of.
 */
export class AskOwner {
  private readonly store: Store;
  private readonly things: ThingIndex;
  private readonly questions: QuestionIndex;
  private readonly owners: Owners;
  private readonly audit: AuditRepeats;
  private readonly limit: number;
  private readonly clock: Clock;
  private readonly random: Random;
  private readonly moment: () => Moment;
  /** Questions on their way to the disk, by device. */
  private readonly coming = new Map<string, Set<Coming>>();

  /** `limit`: questions about one device that may wait; further callers get their no without one. */
  constructor(
    store: Store,
    indexes: { readonly things: ThingIndex; readonly questions: QuestionIndex },
    owners: Owners,
    audit: AuditRepeats,
    limit: number,
    clock: Clock,
    random: Random,
    moment: () => Moment,
  ) {
    this.store = store;
    this.things = indexes.things;
    this.questions = indexes.questions;
    this.owners = owners;
    this.audit = audit;
    this.limit = limit;
    this.clock = clock;
    this.random = random;
    this.moment = moment;
  }

  /** Resolves when a new question, or more of one, is on the disk; `undefined` where none arises. */
  run(kind: RuleKind, thing: NodeAddress, caller: string, wants?: Wants): Promise<void> | undefined {
    const { jid } = thing;
    const owner = ownerOf(this.things.of(jid), thing);
    if (owner === undefined) return this.note(kind, thing, caller, 'no (nobody owns the thing)');
    const kept = this.questions.get({ thing, caller, kind });
    if (kept !== undefined && wantsCovered(kept.wants, wants))
      return this.note(kind, thing, caller, 'no (the owner is asked already)');
    const coming = [...(this.coming.get(jid) ?? [])].filter((one) => this.questions.get(one) === undefined);
    const known = coming.find(
      (one) => one.caller === caller && one.kind === kind && sameAddress(one.thing, thing),
    );
    if (known !== undefined && wantsCovered(known.wants, wants)) return known.kept;
    if (
      kept === undefined &&
      known === undefined &&
      this.questions.countOf(jid) + coming.length >= this.limit
    )
      return this.note(kind, thing, caller, 'no (too many questions wait)');
    return this.begin({
      kind,
      thing,
      caller,
      owner,
      ...(wants === undefined ? {} : { wants: boundedWants(wants) }),
    });
  }

  /** Whether an owner has such a question before him. */
  waits(kind: RuleKind, thing: NodeAddress, caller: string): boolean {
    return this.questions.get({ thing, caller, kind }) !== undefined;
  }

  private begin(asked: Asked): Promise<void> {
    const { jid } = asked.thing;
    const kept = this.store.transact((transaction) => this.keep(transaction, asked));
    const one = { ...asked, kept };
    const coming = this.coming.get(jid) ?? new Set<Coming>();
    this.coming.set(jid, coming.add(one));
    const forget = () => {
      coming.delete(one);
      if (coming.size === 0) this.coming.delete(jid);
    };
    kept.then(forget, forget);
    return kept;
  }

  private note(kind: RuleKind, thing: NodeAddress, caller: string, outcome: string): undefined {
    this.audit.note(WORDS[kind], formatAddress(thing), caller, outcome);
    return undefined;
  }

  private async keep(transaction: Transaction, asked: Asked): Promise<void> {
    const { kind, thing, caller } = asked;
    const id = { thing, caller, kind };
    const before = await transaction.get(questions, id);
    if (before !== undefined && wantsCovered(before.wants, asked.wants)) return;
    if (await this.answered(transaction, asked)) return;
    if (before !== undefined) {
      const wants = joinedWants(before.wants, asked.wants);
      if (sameWish(before.wants, wants)) {
        transaction.put(questions, id, wants === undefined ? before : { ...before, wants });
        return;
      }
      await withdrawQuestion(transaction, before);
    }
    const question = await this.number(transaction, asked, before);
    const told = await this.tell(transaction, question, await lastTold(transaction, asked));
    transaction.put(questions, id, { ...question, told });
    if (before !== undefined) return;
    await appendAudit(transaction, {
      at: question.askedAt,
      what: WORDS[kind],
      by: formatAddress(thing),
      about: caller,
      outcome: 'no, asked the owner',
    });
  }

  /** The owner may have decided for all while this was on its way: then there is nothing to ask him. */
  private async answered(
    transaction: Transaction,
    { kind, thing, caller, owner, wants }: Asked,
  ): Promise<boolean> {
    const moment = this.moment();
    const rules = await rulesAbout(transaction, thing, kind);
    return rules.some(
      (rule) =>
        covers(rule.subject, caller) &&
        this.owners.actsFor(rule.by, owner) &&
        answersAll(rule, wants) &&
        moment.standing(rule) !== 'over',
    );
  }

  /** A question with a number of its own; the key is that of what it grew from. */
  private async number(
    transaction: Transaction,
    asked: Asked,
    before: Question | undefined,
  ): Promise<Question> {
    const number = ((await transaction.get(counters, 'question')) ?? 0) + 1;
    transaction.put(counters, 'question', number);
    if (before === undefined) return { ...asked, number, askedAt: this.clock.now(), key: this.random.id() };
    const wants = joinedWants(before.wants, asked.wants);
    const { key, askedAt } = before;
    return { ...asked, number, askedAt, key, ...(wants === undefined ? {} : { wants }) };
  }

  /** Tells the owner, or every owner where the thing's own is none any more. Returns the notices' numbers. */
  private async tell(
    transaction: Transaction,
    { owner, thing, number, caller, askedAt }: Question,
    earlier: readonly number[],
  ): Promise<number[]> {
    const told: number[] = [];
    for (const to of this.owners.mayOwn(owner) ? [owner] : this.owners.local()) {
      const joined = await joinNotice(transaction, earlier, to, { number, caller });
      const body = { operation: 'ask', thing, questions: [{ number, caller }] } as const;
      told.push(joined ?? (await notify(transaction, { to, body, createdAt: askedAt })));
    }
    return told;
  }
}

/** Whom to ask about a thing: its own owner, else the device's, else that of the first node behind it. */
function ownerOf(nodes: readonly KnownThing[], thing: NodeAddress): string | undefined {
  const owned = nodes.filter(({ owner, jid }) => owner !== undefined && owner !== jid);
  const itself = owned.find((node) => sameAddress(node, thing));
  const device = owned.find((node) => sameAddress(node, deviceAddress(thing.jid)));
  return (itself ?? device ?? owned[0])?.owner;
}

/** The notices that told of the last question about the thing. */
async function lastTold(transaction: Transaction, { thing, kind }: Asked): Promise<readonly number[]> {
  let last: Question | undefined;
  const prefix = `${things.encode(thing)}\u0000`;
  for await (const [, question] of transaction.scan(questions, { prefix })) {
    if (question.kind === kind && question.number > (last?.number ?? 0)) last = question;
  }
  return last?.told ?? [];
}

/** Adds a question to a notice that still waits for this receiver; its number, or `undefined` where none does. */
async function joinNotice(
  transaction: Transaction,
  candidates: readonly number[],
  to: string,
  question: { readonly number: number; readonly caller: string },
): Promise<number | undefined> {
  for (const seq of candidates) {
    const notice = await transaction.get(notices, seq);
    if (notice?.to !== to || notice.body.operation !== 'ask') continue;
    const body = { ...notice.body, questions: [...notice.body.questions, question] };
    transaction.put(notices, seq, { ...notice, body });
    return seq;
  }
  return undefined;
}
