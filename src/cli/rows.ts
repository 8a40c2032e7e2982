import type { QuestionReport, RuleReport } from '../domain/admin.js';
import { formatSubject, type RuleKind } from '../domain/rule.js';
import { readableTime } from './readable-time.js';

const WISH: Record<RuleKind, string> = {
  friend: 'wants to be friends with',
  read: 'wants to read',
  control: 'wants to control',
};

const RIGHT: Record<RuleKind, string> = { friend: 'be friends with', read: 'read', control: 'control' };

/** The cells of a question: number, what, when. */
export function questionRow(question: QuestionReport, now: number): string[] {
  const { number, kind, thing, caller, askedAt } = question;
  return [String(number), `${caller} ${WISH[kind]} ${thing}`, readableTime(askedAt, now)];
}

/** The cells of a rule: id, what, by whom, when. */
export function ruleRow(rule: RuleReport, now: number): string[] {
  const may = rule.allow ? 'may' : 'may not';
  const what = `${formatSubject(rule.subject)} ${may} ${RIGHT[rule.kind]} ${rule.thing}`;
  return [rule.id, what, rule.by, readableTime(rule.createdAt, now)];
}
