import type { Account } from '../domain/account.js';
import type { AccountReport, AuditReport, QuestionReport, RuleReport, ThingReport } from '../domain/admin.js';
import type { AuditEntry } from '../domain/audit.js';
import { formatAddress, type NodeAddress, sameAddress } from '../domain/node-address.js';
import type { Question } from '../domain/question.js';
import type { Rule } from '../domain/rule.js';
import { publicTags } from '../domain/tag.js';
import type { KnownThing } from '../domain/thing.js';

/** A time as the administrator gets it. */
export function isoTime(at: number): string {
  return new Date(at).toISOString();
}

/** A thing without its KEY. */
export function thingReport(thing: KnownThing, connected: boolean): ThingReport {
  return {
    address: formatAddress(thing),
    owner: thing.owner ?? null,
    public: thing.public,
    removed: thing.removed === true,
    connected,
    tags: Object.fromEntries(publicTags(thing.tags).map(({ name, value }) => [name, value])),
  };
}

/** A question. */
export function questionReport(question: Question): QuestionReport {
  const { number, kind, thing, caller, owner, askedAt } = question;
  return { number, kind, thing: formatAddress(thing), caller, owner, askedAt: isoTime(askedAt) };
}

/** A rule. */
export function ruleReport(rule: Rule): RuleReport {
  const { id, kind, thing, subject, allow, by, createdAt } = rule;
  return { id, kind, thing: formatAddress(thing), subject, allow, by, createdAt: isoTime(createdAt) };
}

/** The rules about a thing, or all, the oldest first. */
export function rulesAbout(all: Iterable<Rule>, thing: NodeAddress | undefined): RuleReport[] {
  const chosen = [...all].filter((rule) => thing === undefined || sameAddress(rule.thing, thing));
  return chosen.sort((a, b) => a.createdAt - b.createdAt || Number(a.id) - Number(b.id)).map(ruleReport);
}

/** An account without its keys. */
export function accountReport(
  account: Omit<Account, 'scram'>,
  jid: string,
  connected: boolean,
): AccountReport {
  const { name, role, createdAt, createdFrom } = account;
  return { name, jid, role, connected, createdAt: isoTime(createdAt), createdFrom };
}

/** A line of the audit. */
export function auditReport(entry: AuditEntry): AuditReport {
  return { ...entry, at: isoTime(entry.at) };
}
