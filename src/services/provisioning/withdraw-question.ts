import type { Question } from '../../domain/question.js';
import { notices, questions } from '../../storage/keys.js';
import type { Transaction } from '../../storage/store.js';

/** Takes a question back, and out of the notices that still wait to tell an owner of it. */
export async function withdrawQuestion(transaction: Transaction, question: Question): Promise<void> {
  transaction.delete(questions, question);
  for (const seq of question.told ?? []) {
    const notice = await transaction.get(notices, seq);
    if (notice?.body.operation !== 'ask') continue;
    const rest = notice.body.questions.filter(({ number }) => number !== question.number);
    if (rest.length === 0) transaction.delete(notices, seq);
    else transaction.put(notices, seq, { ...notice, body: { ...notice.body, questions: rest } });
  }
}
