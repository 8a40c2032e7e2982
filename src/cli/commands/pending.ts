import type { AdminOperations } from '../../domain/admin.js';
import { answering } from '../answering.js';
import { table } from '../columns.js';
import { byOwner } from '../request-parts.js';
import { questionRow } from '../rows.js';
import type { Shell } from '../shell.js';

/** `hearth pending` */
export const run = answering({ operation: 'pending', request: byOwner, show });

function show({ questions }: AdminOperations['pending']['answer'], shell: Shell): string {
  if (questions.length === 0) return 'No questions wait.\n';
  const rows = questions.map((question) => questionRow(question, shell.now()));
  return `${table(['N', 'QUESTION', 'ASKED'], rows)}Answer with: hearth allow N, or: hearth deny N\n`;
}
