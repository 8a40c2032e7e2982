import { deviceAddress, sameAddress } from '../../domain/node-address.js';
import type { Question } from '../../domain/question.js';
import { covers, type RuleKind } from '../../domain/rule.js';
import type { KnownThing } from '../../domain/thing.js';
import type { QuestionIndex } from '../../storage/indexes/question-index.js';
import type { ThingIndex } from '../../storage/indexes/thing-index.js';
import { counters, notices, questions, things } from '../../storage/keys.js';
import type { Store, Transaction } from '../../storage/store.js';
import type { Clock } from '../../system/clock.js';
import type { AuditRepeats } from '../audit-repeats.js';
import { appendAudit } from '../audit-trail.js';
import { notify } from '../notices.js';
import type { Owners } from '../owner/owners.js';
import { rulesAbout } from './rules-about.js';

/** What the owner is asked about. */
type Asked = Omit<Question, 'number' | 'askedAt' | 'told'>;

/** A question on its way to the disk. */
type Coming = Asked & { readonly kept: Promise<void> };

/** Keeps what no rule answers for the owner, and tells him once: one question per thing, caller and kind. */
export class AskOwner {
  private readonly store: Store;
  private readonly things: ThingIndex;
  private readonly questions: QuestionIndex;
  private readonly owners: Owners;
  private readonly audit: AuditRepeats;
  private readonly limit: number;
  private readonly clock: Clock;
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
  ) {
    this.store = store;
    this.things = indexes.things;
    this.questions = indexes.questions;
    this.owners = owners;
    this.audit = audit;
    this.limit = limit;
    this.clock = clock;
  }

  /** Resolves when a new question is on the disk; `undefined` where none arises. */
  run(kind: RuleKind, jid: string, caller: string): Promise<void> | undefined {
    const thing = deviceAddress(jid);
    const owner = ownerOf(this.things.of(jid), jid);
    if (owner === undefined) return this.note(kind, jid, caller, 'no (nobody owns the thing)');
    if (this.questions.get({ thing, caller, kind }) !== undefined)
      return this.note(kind, jid, caller, 'no (the owner is asked already)');
    const coming = [...(this.coming.get(jid) ?? [])].filter((one) => this.questions.get(one) === undefined);
    const known = coming.find((one) => one.caller === caller && one.kind === kind);
    if (known !== undefined) return known.kept;
    if (this.questions.countOf(jid) + coming.length >= this.limit)
      return this.note(kind, jid, caller, 'no (too many questions wait)');
    return this.begin({ kind, thing, caller, owner });
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

  private note(kind: RuleKind, jid: string, caller: string, outcome: string): undefined {
    this.audit.note(`is-${kind}`, jid, caller, outcome);
    return undefined;
  }

  private async keep(transaction: Transaction, asked: Asked): Promise<void> {
    const { kind, thing, caller } = asked;
    const key = { thing, caller, kind };
    if ((await transaction.get(questions, key)) !== undefined) return;
    // The owner may have decided for all while this was on its way: then there is nothing to ask him.
    const rules = await rulesAbout(transaction, thing, kind);
    if (rules.some((rule) => covers(rule.subject, caller))) return;
    const number = ((await transaction.get(counters, 'question')) ?? 0) + 1;
    const at = this.clock.now();
    const earlier = await lastTold(transaction, asked);
    transaction.put(counters, 'question', number);
    const told = await this.tell(transaction, { ...asked, number, askedAt: at }, earlier);
    transaction.put(questions, key, { ...asked, number, askedAt: at, told });
    await appendAudit(transaction, {
      at,
      what: `is-${kind}`,
      by: thing.jid,
      about: caller,
      outcome: 'no, asked the owner',
    });
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

/** Whom to ask about a device: its own owner, else that of the first node behind it. */
function ownerOf(nodes: readonly KnownThing[], jid: string): string | undefined {
  const owned = nodes.filter(({ owner }) => owner !== undefined && owner !== jid);
  const device = owned.find((node) => sameAddress(node, deviceAddress(jid)));
  return (device ?? owned[0])?.owner;
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
