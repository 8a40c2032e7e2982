import type { AdminOperations } from '../../domain/admin.js';
import { answering } from '../answering.js';
import { table } from '../columns.js';
import { byOwner } from '../request-parts.js';
import { ruleRow } from '../rows.js';
import type { Shell } from '../shell.js';

/** `hearth rules` */
export const list = answering({
  operation: 'rules',
  request: (invocation) => {
    const thing = invocation.value('thing');
    return thing === undefined ? {} : { thing };
  },
  show,
});

/** `hearth rules remove ID` */
export const remove = answering({
  operation: 'rules-remove',
  request: (invocation) => ({ id: invocation.required(0), ...byOwner(invocation) }),
  show: () => 'The rule is gone. The thing is told.\n',
});

function show({ rules }: AdminOperations['rules']['answer'], shell: Shell): string {
  if (rules.length === 0) return 'No rules. They come of answers: hearth pending, hearth allow N\n';
  return table(
    ['ID', 'RULE', 'BY', 'SINCE'],
    rules.map((rule) => ruleRow(rule, shell.now())),
  );
}
