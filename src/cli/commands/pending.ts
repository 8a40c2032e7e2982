import type { AdminOperations } from '../../domain/admin.js';
import { answering } from '../answering.js';
import { table } from '../columns.js';
import type { Invocation } from '../invocation.js';
import { byOwner } from '../request-parts.js';
import { questionRow } from '../rows.js';
import { ruleKind } from '../rule-kind.js';
import type { Shell } from '../shell.js';

/** `hearth pending` */
export const run = answering({
  operation: 'pending',
  request: (invocation) => {
    const kind = ruleKind(invocation.value('kind'));
    return { ...byOwner(invocation), ...(kind !== undefined && { kind }) };
  },
  show,
});

function show(
  { questions }: AdminOperations['pending']['answer'],
  shell: Shell,
  invocation: Invocation,
): string {
  if (questions.length === 0)
    return invocation.flag('kind') || invocation.flag('owner')
      ? 'No such questions wait.\n'
      : 'No questions wait.\n';
  const rows = questions.map((question) => questionRow(question, shell.now()));
  return `${table(['N', 'QUESTION', 'ASKED'], rows, shell)}Answer with: hearth allow N, or: hearth deny N\n`;
}
