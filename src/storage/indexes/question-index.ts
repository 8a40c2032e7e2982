import type { Question } from '../../domain/question.js';
import { type QuestionKey, questions } from '../keys.js';
import type { View } from '../store.js';

/** The questions that wait for an owner, in memory. */
export class QuestionIndex implements View<QuestionKey, Question> {
  readonly table = questions;
  private readonly byKey = new Map<string, Question>();
  private readonly byThing = new Map<string, number>();

  changed(key: QuestionKey, question: Question | undefined): void {
    const text = questions.encode(key);
    const before = this.byKey.has(text) ? 1 : 0;
    if (question === undefined) this.byKey.delete(text);
    else this.byKey.set(text, question);
    const count = (this.byThing.get(key.thing.jid) ?? 0) + (question === undefined ? 0 : 1) - before;
    if (count === 0) this.byThing.delete(key.thing.jid);
    else this.byThing.set(key.thing.jid, count);
  }

  /** The question with this identity. */
  get(key: QuestionKey): Question | undefined {
    return this.byKey.get(questions.encode(key));
  }

  /** The question with this number. */
  numbered(number: number): Question | undefined {
    return this.all().find((question) => question.number === number);
  }

  /** The question with this key, if it is about this device and caller. */
  keyed(key: string, device: string, caller: string): Question | undefined {
    return this.all().find(
      (question) => question.key === key && question.thing.jid === device && question.caller === caller,
    );
  }

  /** The questions to an owner, oldest first. */
  to(owner: string): Question[] {
    return this.all().filter((question) => question.owner === owner);
  }

  /** How many questions about a device wait. */
  countOf(jid: string): number {
    return this.byThing.get(jid) ?? 0;
  }

  /** All questions, oldest first. */
  all(): Question[] {
    return [...this.byKey.values()].sort((a, b) => a.number - b.number);
  }
}
