import type { ThingReport } from '../domain/admin.js';
import type { QuestionReport, RuleReport } from '../domain/admin-provisioning.js';
import { readableTime } from './readable-time.js';
import { questionWords, ruleWords, whenWords } from './rule-words.js';
import { tagText } from './tag-text.js';

/** The cells of a thing in a list: address, owner, state, tags. */
export function thingRow(thing: ThingReport): string[] {
  const { address, owner, tags } = thing;
  const state = [thing.connected ? 'connected' : 'away'];
  if (owner !== null && !thing.public) state.push('private');
  if (thing.removed) state.push('removed');
  if (thing.certificateUnclear) state.push('certificate unclear');
  return [address, owner ?? '(nobody)', state.join(', '), tagText(tags)];
}

/** The cells of a question: number, what, when. */
export function questionRow(question: QuestionReport, now: number): string[] {
  return [String(question.number), questionWords(question), readableTime(question.askedAt, now)];
}

/** The cells of a rule: id, what, when it holds, by whom, since when. */
export function ruleRow(rule: RuleReport, now: number): string[] {
  return [rule.id, ruleWords(rule), whenWords(rule, now), rule.by, readableTime(rule.createdAt, now)];
}
