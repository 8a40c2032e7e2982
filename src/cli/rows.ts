import type { QuestionReport, RuleReport, ThingReport } from '../domain/admin.js';
import { formatSubject, type RuleKind } from '../domain/rule.js';
import { readableTime } from './readable-time.js';
import { tagText } from './tag-text.js';

const WISH: Record<RuleKind, string> = {
  friend: 'wants to be friends with',
  read: 'wants to read',
  control: 'wants to control',
};

const RIGHT: Record<RuleKind, string> = { friend: 'be friends with', read: 'read', control: 'control' };

/** The cells of a thing in a list: address, owner, state, tags. */
export function thingRow(thing: ThingReport): string[] {
  const { address, owner, tags } = thing;
  const state = [thing.connected ? 'connected' : 'away'];
  if (owner !== null && !thing.public) state.push('private');
  if (thing.removed) state.push('removed');
  return [address, owner ?? '(nobody)', state.join(', '), tagText(tags)];
}

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
