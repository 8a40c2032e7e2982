import { deviceAddress, formatAddress, type NodeAddress, sameAddress } from '../../domain/node-address.js';
import type { Question, Wants } from '../../domain/question.js';
import { covers, type RuleKind } from '../../domain/rule.js';
import { answersAll } from '../../domain/rule-scope.js';
import type { KnownThing } from '../../domain/thing.js';
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

/** What the owner is asked about. */
type Asked = Omit<Question, 'number' | 'askedAt' | 'told' | 'key'>;

/** How the audit names what was asked. */
const WORDS: Readonly<Record<RuleKind, string>> = {
  friend: 'is-friend',
  read: 'can-read',
  control: 'can-control',
};

/** Tokens of a kind that a question keeps. */
const MOST_TOKENS = 16;

/** A question on its way to the disk. */
type Coming = Asked & { readonly kept: Promise<void> };

/**
 * Keeps what no rule answers for the owner, and tells him once: one question per thing or node, caller and kind, which
 * gathers all that the caller wants.
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
  ) {
    this.store = store;
    this.things = indexes.things;
    this.questions = indexes.questions;
    this.owners = owners;
    this.audit = audit;
    this.limit = limit;
    this.clock = clock;
    this.random = random;
  }

  /** Resolves when a new question, or more of one, is on the disk; `undefined` where none arises. */
  run(kind: RuleKind, thing: NodeAddress, caller: string, wants?: Wants): Promise<void> | undefined {
    const { jid } = thing;
    const owner = ownerOf(this.things.of(jid), thing);
    if (owner === undefined) return this.note(kind, thing, caller, 'no (nobody owns the thing)');
    const kept = this.questions.get({ thing, caller, kind });
    if (kept !== undefined && covered(kept.wants, wants))
      return this.note(kind, thing, caller, 'no (the owner is asked already)');
    const coming = [...(this.coming.get(jid) ?? [])].filter((one) => this.questions.get(one) === undefined);
    const known = coming.find(
      (one) => one.caller === caller && one.kind === kind && sameAddress(one.thing, thing),
    );
    if (known !== undefined && covered(known.wants, wants)) return known.kept;
    if (
      kept === undefined &&
      known === undefined &&
      this.questions.countOf(jid) + coming.length >= this.limit
    )
      return this.note(kind, thing, caller, 'no (too many questions wait)');
    return this.begin({ kind, thing, caller, owner, ...(wants === undefined ? {} : { wants }) });
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
    if (before !== undefined && covered(before.wants, asked.wants)) return;
    // The owner may have decided for all while this was on its way: then there is nothing to ask him.
    const rules = await rulesAbout(transaction, thing, kind);
    if (rules.some((rule) => covers(rule.subject, caller) && answersAll(rule, asked.wants))) return;
    const question =
      before === undefined ? await this.number(transaction, asked) : grown(before, asked.wants);
    const earlier = await lastTold(transaction, asked);
    const told = await this.tell(transaction, question, earlier);
    transaction.put(questions, id, { ...question, told: [...new Set([...(before?.told ?? []), ...told])] });
    if (before !== undefined) return;
    await appendAudit(transaction, {
      at: question.askedAt,
      what: WORDS[kind],
      by: formatAddress(thing),
      about: caller,
      outcome: 'no, asked the owner',
    });
  }

  private async number(transaction: Transaction, asked: Asked): Promise<Question> {
    const number = ((await transaction.get(counters, 'question')) ?? 0) + 1;
    transaction.put(counters, 'question', number);
    return { ...asked, number, askedAt: this.clock.now(), key: this.random.id() };
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

/** Whether a question holds all that is wanted now. */
function covered(asked: Wants | undefined, wants: Wants | undefined): boolean {
  if (wants === undefined || asked === undefined) return true;
  return (
    partCovered(asked.categories, wants.categories) &&
    partCovered(asked.names, wants.names) &&
    (['service', 'device', 'user'] as const).every((kind) =>
      partCovered(asked.tokens[kind], wants.tokens[kind], true),
    )
  );
}

/** An empty list stands for all, but for tokens, where it is none. */
function partCovered(asked: readonly string[], wanted: readonly string[], plain = false): boolean {
  if (!plain && asked.length === 0) return true;
  if (!plain && wanted.length === 0) return false;
  return wanted.every((one) => asked.includes(one));
}

/** A question that holds what is wanted now too. */
function grown(question: Question, wants: Wants | undefined): Question {
  const before = question.wants;
  if (wants === undefined || before === undefined) return question;
  const join = <T>(a: readonly T[], b: readonly T[]): T[] => [...new Set([...a, ...b])];
  const whole = <T>(a: readonly T[], b: readonly T[]): T[] =>
    a.length === 0 || b.length === 0 ? [] : join(a, b);
  return {
    ...question,
    wants: {
      categories: whole(before.categories, wants.categories),
      names: whole(before.names, wants.names),
      tokens: {
        service: join(before.tokens.service, wants.tokens.service).slice(-MOST_TOKENS),
        device: join(before.tokens.device, wants.tokens.device).slice(-MOST_TOKENS),
        user: join(before.tokens.user, wants.tokens.user).slice(-MOST_TOKENS),
      },
    },
  };
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
