import type { ThingDetail } from '../../domain/admin.js';
import { answering } from '../answering.js';
import { facts } from '../columns.js';
import type { Run } from '../command.js';
import { readableTime } from '../readable-time.js';
import { questionRow, ruleRow } from '../rows.js';
import type { Shell } from '../shell.js';
import { tagText } from '../tag-text.js';
import { asksForCode, showCode } from './thing-code.js';

/** `hearth things show ADDRESS` */
export const run: Run = (invocation, shell) =>
  asksForCode(invocation) ? showCode(invocation, shell) : details(invocation, shell);

const details = answering({
  operation: 'things-show',
  request: (invocation) => ({ address: invocation.required(0) }),
  show,
});

function show(thing: ThingDetail, shell: Shell): string {
  const now = shell.now();
  const claimed = thing.claimedAt === null ? '' : `, since ${readableTime(thing.claimedAt, now)}`;
  const rows: [string, string][] = [
    ['Address', thing.address],
    ['Owner', thing.owner === null ? 'nobody yet. Claim it with: hearth claim CODE' : thing.owner + claimed],
    ['Found by', foundBy(thing)],
    ['State', thing.connected ? 'connected' : 'away'],
    ['Registered', readableTime(thing.registeredAt, now)],
    ['Tags', tagText(thing.tags)],
    ...thing.rules.map((rule): [string, string] => ['Rule', ruleRow(rule, now).slice(0, 3).join('  ')]),
    ...thing.questions.map((question): [string, string] => [
      'Question',
      questionRow(question, now).join('  '),
    ]),
  ];
  return facts(rows, shell);
}

function foundBy({ owner, public: found, removed }: ThingDetail): string {
  if (owner === null) return 'nobody, until it is claimed';
  if (removed) return 'nobody: taken out of the registry. To bring it back: hearth claim ADDRESS';
  return found ? 'everybody' : 'nobody: it is private';
}
