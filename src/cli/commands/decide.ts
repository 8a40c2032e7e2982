import type { DecideRequest, RuleReport } from '../../domain/admin.js';
import { formatSubject } from '../../domain/rule.js';
import { answering } from '../answering.js';
import type { Invocation } from '../invocation.js';
import { byOwner, wholeNumber } from '../request-parts.js';
import { ruleRow } from '../rows.js';
import type { Shell } from '../shell.js';

/** `hearth allow N` */
export const allow = answering({ operation: 'allow', request, show });

/** `hearth deny N` */
export const deny = answering({ operation: 'deny', request, show });

const RANGES = ['jid', 'domain', 'all'] as const;

function request(invocation: Invocation): DecideRequest {
  const range = RANGES.find((word) => word === invocation.value('for'));
  return {
    number: wholeNumber(invocation.required(0), 'N'),
    ...(range === undefined ? {} : { for: range }),
    ...byOwner(invocation),
  };
}

function show(rule: RuleReport, shell: Shell): string {
  const [id, what] = ruleRow(rule, shell.now());
  return `Decided for ${formatSubject(rule.subject)}: ${what}. Take it back with: hearth rules remove ${id}\n`;
}
