import type { Finding, Severity } from '../../domain/finding.js';
import { printable } from '../../system/printable.js';
import type { Run } from '../command.js';
import { exitCode } from '../exit-code.js';
import { hubClient } from '../hub-client.js';

/** What stands before a finding. */
const MARKS: Readonly<Record<Severity, string>> = {
  ok: 'ok      ',
  warning: 'WARNING ',
  problem: 'PROBLEM ',
};

/** `hearth doctor` */
export const run: Run = async (invocation, shell) => {
  const hub = await hubClient(invocation, shell);
  const isJson = invocation.flag('json');
  if (!isJson) shell.complain('The hub asks its network, for three seconds at most …');
  const answer = await hub.ask('doctor', {});
  shell.print(isJson ? `${JSON.stringify(answer)}\n` : show(answer.findings));
  return answer.findings.some(({ severity }) => severity === 'problem') ? exitCode.refused : exitCode.ok;
};

function show(findings: readonly Finding[]): string {
  const lines = findings.flatMap(({ severity, text, advice }) => [
    `${MARKS[severity]}${printable(text)}`,
    ...(advice === undefined ? [] : [`${' '.repeat(MARKS.ok.length)}→ ${printable(advice)}`]),
  ]);
  return `${[...lines, summary(findings)].join('\n')}\n`;
}

function summary(findings: readonly Finding[]): string {
  const count = (wanted: Severity): number => findings.filter(({ severity }) => severity === wanted).length;
  const parts = (['problem', 'warning'] as const)
    .map((severity) => ({ severity, number: count(severity) }))
    .filter(({ number }) => number > 0)
    .map(({ severity, number }) => `${number} ${severity}${number === 1 ? '' : 's'}`);
  return parts.length === 0 ? 'No problem was found.' : `${parts.join(', ')}.`;
}
