import type { Question } from '../../domain/question.js';
import { type QuestionKey, questions } from '../keys.js';
import type { View } from '../store.js';

/** The questions that wait for an owner, in memory, found without a walk by all that they go by. */
export class QuestionIndex implements View<QuestionKey, Question> {
  readonly table = questions;
  private readonly byId = new Map<string, Question>();
  private readonly byNumber = new Map<number, Question>();
  private readonly byKey = new Map<string, Question>();
  /** By owner, then by number. */
  private readonly byOwner = new Map<string, Map<number, Question>>();
  private readonly byThing = new Map<string, number>();

  changed(key: QuestionKey, question: Question | undefined): void {
    const id = questions.encode(key);
    const before = this.byId.get(id);
    if (before !== undefined) this.take(before);
    if (question === undefined) this.byId.delete(id);
    else this.put(id, question);
    const { jid } = key.thing;
    const change = Number(question !== undefined) - Number(before !== undefined);
    const count = (this.byThing.get(jid) ?? 0) + change;
    if (count === 0) this.byThing.delete(jid);
    else this.byThing.set(jid, count);
  }

  /** The question with this identity. */
  get(key: QuestionKey): Question | undefined {
    return this.byId.get(questions.encode(key));
  }

  /** The question with this number. */
  numbered(number: number): Question | undefined {
    return this.byNumber.get(number);
  }

  /** The question with this key, if it is about this device and caller. */
  keyed(key: string, device: string, caller: string): Question | undefined {
    const question = this.byKey.get(key);
    return question?.thing.jid === device && question.caller === caller ? question : undefined;
  }

  /** The questions to an owner, oldest first. */
  to(owner: string): Question[] {
    return inOrder(this.byOwner.get(owner)?.values() ?? []);
  }

  /** How many questions about a device wait. */
  countOf(jid: string): number {
    return this.byThing.get(jid) ?? 0;
  }

  /** All questions, oldest first. */
  all(): Question[] {
    return inOrder(this.byId.values());
  }

  private put(id: string, question: Question): void {
    const { number, key, owner } = question;
    const own = this.byOwner.get(owner) ?? new Map<number, Question>();
    this.byId.set(id, question);
    this.byNumber.set(number, question);
    this.byKey.set(key, question);
    this.byOwner.set(owner, own.set(number, question));
  }

  private take({ number, key, owner }: Question): void {
    const own = this.byOwner.get(owner);
    this.byNumber.delete(number);
    this.byKey.delete(key);
    own?.delete(number);
    if (own?.size === 0) this.byOwner.delete(owner);
  }
}

function inOrder(some: Iterable<Question>): Question[] {
  return [...some].sort((a, b) => a.number - b.number);
}
