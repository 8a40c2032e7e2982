import type { AnswerRange, DecideRequest } from '../../domain/admin-provisioning.js';
import { answering } from '../answering.js';
import { decisionText } from '../decision-text.js';
import type { Invocation } from '../invocation.js';
import { byOwner, wholeNumber } from '../request-parts.js';
import { scopeOf } from '../scope-options.js';
import type { Shell } from '../shell.js';
import { UsageError } from '../usage-error.js';

/** Whom an answer may cover, as it is typed. */
export const ranges = [
  'jid',
  'domain',
  'all',
  'service',
  'device',
  'user',
] as const satisfies readonly AnswerRange[];

/** `hearth allow N` */
export const allow = answering({ operation: 'allow', request: request('allow'), show: decisionText });

/** `hearth deny N` */
export const deny = answering({ operation: 'deny', request: request('deny'), show: decisionText });

function request(command: 'allow' | 'deny') {
  return (invocation: Invocation, shell: Shell): DecideRequest => {
    const range = ranges.find((word) => word === invocation.value('for'));
    const everything = invocation.flag('all');
    const named = ['fields', 'parameters', 'categories'].find((name) => invocation.flag(name));
    if (everything && named !== undefined)
      throw new UsageError(`--all means everything, and --${named} only a part of it.`, command);
    return {
      number: wholeNumber(invocation.required(0), 'N'),
      ...(range === undefined ? {} : { for: range }),
      ...(everything && { everything }),
      ...scopeOf(invocation, shell, command),
      ...byOwner(invocation),
    };
  };
}
