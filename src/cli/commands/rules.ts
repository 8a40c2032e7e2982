import type { AdminOperations } from '../../domain/admin.js';
import type { AddRule } from '../../domain/admin-provisioning.js';
import { answering } from '../answering.js';
import { table } from '../columns.js';
import { decisionText } from '../decision-text.js';
import type { Invocation } from '../invocation.js';
import { byOwner } from '../request-parts.js';
import { ruleRow } from '../rows.js';
import { ruleKind } from '../rule-kind.js';
import { scopeOf } from '../scope-options.js';
import type { Shell } from '../shell.js';

/** `hearth rules` */
export const list = answering({
  operation: 'rules',
  request: (invocation) => {
    const thing = invocation.value('thing');
    const kind = ruleKind(invocation.value('kind'));
    return { ...(thing !== undefined && { thing }), ...(kind !== undefined && { kind }) };
  },
  show,
});

/** `hearth rules add THING KIND WHO` */
export const add = answering({
  operation: 'rules-add',
  request: (invocation, shell): AddRule => ({
    thing: invocation.required(0),
    kind: ruleKind(invocation.required(1)) ?? 'friend',
    who: invocation.required(2),
    ...(invocation.flag('deny') && { deny: true }),
    ...scopeOf(invocation, shell, 'rules add'),
    ...byOwner(invocation),
  }),
  show: decisionText,
});

/** `hearth rules remove ID` */
export const remove = answering({
  operation: 'rules-remove',
  request: (invocation) => ({ id: invocation.required(0), ...byOwner(invocation) }),
  show: () => 'The rule is gone. The thing is told.\n',
});

function show({ rules }: AdminOperations['rules']['answer'], shell: Shell, invocation: Invocation): string {
  if (rules.length === 0)
    return invocation.flag('thing') || invocation.flag('kind')
      ? 'No such rules.\n'
      : 'No rules. They come of answers, hearth pending, or of: hearth rules add\n';
  return table(
    ['ID', 'RULE', 'WHEN', 'BY', 'SINCE'],
    rules.map((rule) => ruleRow(rule, shell.now())),
    shell,
  );
}
