import type { ExplainReport, ExplainRequest } from '../../domain/admin-provisioning.js';
import type { Subject } from '../../domain/rule.js';
import { printable } from '../../system/printable.js';
import { answering } from '../answering.js';
import { columns } from '../columns.js';
import type { Invocation } from '../invocation.js';
import { quoted } from '../quoted.js';
import { ruleRow } from '../rows.js';
import { ruleKind } from '../rule-kind.js';
import { whatWords } from '../rule-words.js';
import type { Shell } from '../shell.js';
import { UsageError } from '../usage-error.js';

/** `hearth explain THING CALLER KIND` */
export const run = answering({ operation: 'explain', request, show });

function request(invocation: Invocation): ExplainRequest {
  const kind = ruleKind(invocation.required(2)) ?? 'friend';
  const names = namesOf(invocation);
  const wrong = kind === 'read' ? 'parameter' : kind === 'control' ? 'field' : undefined;
  if (wrong !== undefined && invocation.flag(wrong))
    throw new UsageError(`--${wrong} does not go with ${kind}.`, 'explain');
  if (kind === 'friend' && names.length > 0)
    throw new UsageError('Friendship has no fields or parameters.', 'explain');
  return {
    thing: invocation.required(0),
    caller: invocation.required(1),
    kind,
    names,
    service: invocation.values('service'),
    device: invocation.values('device'),
    user: invocation.values('user'),
  };
}

const RESULT = { yes: 'Yes', part: 'In part', no: 'No' } as const;

function show(report: ExplainReport, shell: Shell, invocation: Invocation): string {
  const { thing, caller, kind, result, why, rules, allowed, ignored = [] } = report;
  const may = result === 'no' ? 'may not' : result === 'part' ? 'may only partly' : 'may';
  const lines = [
    `${RESULT[result]}: ${caller} ${may} ${whatWords({ kind, names: namesOf(invocation) })} ${thing}.`,
    `Because: ${reason(why)}`,
    ...ignored.map((who) => `Not counted: ${who}, whose certificate is not valid now. See: hearth tokens`),
    ...(allowed === undefined || result === 'yes' ? [] : [`What is allowed: ${allowedWords(kind, allowed)}`]),
  ];
  const rows = columns(
    rules.map((rule) => ruleRow(rule, shell.now()).map((cell, at) => (at === 0 ? `  rule ${cell}` : cell))),
    shell,
  );
  const hints = hintsOf(report, invocation).map((hint) => `  ${printable(hint)}`);
  const change = ALWAYS.test(reason(why)) ? ['No rule changes that.'] : ['To change it:', ...hints];
  return `${[...lines.map(printable), ...rows, ...change].join('\n')}\n`;
}

/** The hub's words for those who may do everything, whatever rules say. */
const ALWAYS = /^the (?:owner|hub itself|thing itself)(?:$|,)/u;

/** The hub's sentence begins with the answer, which stands above it already: `no (rule 3)`. */
function reason(why: string): string {
  return /^(?:yes|no|in part) \((.*)\)$/su.exec(why)?.[1] ?? why;
}

function namesOf(invocation: Invocation): readonly string[] {
  return [...invocation.values('field'), ...invocation.values('parameter')];
}

function allowedWords(
  kind: ExplainReport['kind'],
  { categories = [], nodes, names }: NonNullable<ExplainReport['allowed']>,
): string {
  const where = nodes.length === 0 ? 'it' : `node ${nodes.join(', ')}`;
  return `${whatWords({ kind, categories, names })} ${where}`;
}

/** What to type: an answer where a question waits, the removal of what decided, or a rule. */
function hintsOf(
  { thing, caller, kind, result, rules, question }: ExplainReport,
  invocation: Invocation,
): string[] {
  const option = kind === 'control' ? '--parameters' : '--fields';
  const names = namesOf(invocation).map((name) => name.replaceAll(/[\\,]/g, '\\$&'));
  const scope = names.length === 0 ? '' : ` ${option} ${quoted(names.join(','))}`;
  const add = (who: string) => `hearth rules add ${quoted(thing)} ${kind} ${quoted(who)}${scope}`;
  const deciding = rules.filter(({ allow }) => allow === (result === 'yes'));
  const removed = deciding.map(({ id }) => `hearth rules remove ${id}`);
  if (result === 'yes') {
    const holders = deciding.map(({ subject }) => holderOf(subject) ?? caller);
    return [...removed, ...[...new Set(holders)].map((who) => `${add(who)} --deny`)];
  }
  const answers = question === undefined ? [] : [`hearth allow ${question}, or: hearth deny ${question}`];
  // A yes replaces what was denied to the same subject, and no other denial.
  const isOthers = deciding.some(({ subject }) => subject.kind !== 'jid');
  if (isOthers) return [...answers, [...removed, add(caller)].join(', and then: ')];
  return [...answers, ...removed, add(caller)];
}

/** Digits of a fingerprint by which a hint names a certificate. */
const DIGITS = 16;

/** Whose token it is, as `hearth rules add` takes it: a denial of the address would leave it what it grants. */
function holderOf(subject: Subject): string | undefined {
  if (!('identity' in subject)) return undefined;
  const { kind, identity } = subject;
  const [fingerprint = '', ...name] = identity.split('/');
  return `${kind}:${[fingerprint.slice(0, DIGITS), ...name].join('/')}`;
}
