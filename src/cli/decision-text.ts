import type { DecisionReport } from '../domain/admin-provisioning.js';
import { printable } from '../system/printable.js';
import { ruleWords, whenWords } from './rule-words.js';
import type { Shell } from './shell.js';

/** Things that a decision names before it only counts them. */
const NAMED = 5;

/** What was decided, in words, and how to take it back. */
export function decisionText(decision: DecisionReport, shell: Shell): string {
  const { id, things } = decision;
  const [, ...more] = things;
  const others =
    more.slice(0, NAMED).join(', ') + (more.length > NAMED ? `, ${more.length - NAMED} more` : '');
  const when = whenWords(decision, shell.now());
  const lines = [
    `Decided: ${ruleWords(decision)}${when === 'always' ? '' : `, ${when}`}.`,
    ...(more.length === 0 ? [] : [`The same about ${others}.`]),
    more.length === 0
      ? `The thing is told. Take it back with: hearth rules remove ${id}`
      : 'The device is told. Each is a rule of its own: hearth rules',
  ];
  return `${lines.map(printable).join('\n')}\n`;
}
