import type { Account } from '../domain/account.js';
import type { AuditReport, ThingReport } from '../domain/admin.js';
import type { AccountReport } from '../domain/admin-accounts.js';
import type { QuestionReport, RuleReport, WantsReport } from '../domain/admin-provisioning.js';
import type { PinReport } from '../domain/admin-trust.js';
import type { AuditEntry } from '../domain/audit.js';
import { formatDaily } from '../domain/daily-part.js';
import { formatAddress, type NodeAddress } from '../domain/node-address.js';
import type { Question, Wants } from '../domain/question.js';
import type { Rule } from '../domain/rule.js';
import { isAbout } from '../domain/rule-scope.js';
import { publicTags } from '../domain/tag.js';
import type { KnownThing } from '../domain/thing.js';
import type { Admin } from './admin.js';
import { subjectWords } from './subject-words.js';

/** A time as the administrator gets it. */
export function isoTime(at: number): string {
  return new Date(at).toISOString();
}

/** A thing without its KEY; `isSeenWhole` not for who may know of it no more than what a search tells. */
export function thingReport(admin: Admin, thing: KnownThing, isSeenWhole = true): ThingReport {
  return {
    address: formatAddress(thing),
    owner: thing.owner ?? null,
    public: thing.public,
    removed: thing.removed === true,
    connected: admin.hub.connected(thing.jid),
    certificateUnclear: isSeenWhole && isUnclear(admin, thing.jid),
    tags: Object.fromEntries(publicTags(thing.tags).map(({ name, value }) => [name, value])),
  };
}

function isUnclear({ trust }: Admin, jid: string): boolean {
  const { certificates, inClear } = trust.refusedOf(jid);
  return inClear || certificates.length > 0;
}

/** A question, without the tokens that came with it. */
export function questionReport(admin: Admin, question: Question): QuestionReport {
  const { number, kind, thing, caller, owner, askedAt, wants } = question;
  return {
    number,
    kind,
    thing: formatAddress(thing),
    caller,
    owner,
    askedAt: isoTime(askedAt),
    ...(wants !== undefined && { wants: wantsReport(admin, wants) }),
  };
}

function wantsReport(admin: Admin, { categories, names, tokens }: Wants): WantsReport {
  const behind = (['service', 'device', 'user'] as const).flatMap((kind) => {
    const found = tokens[kind].flatMap((token) => admin.tokens.identityOf(kind, token) ?? []);
    return [...new Set(found)].map((identity) => {
      const subject = { kind, identity };
      return { subject, who: subjectWords(admin, subject) };
    });
  });
  return { categories, names, behind };
}

/** A rule. */
export function ruleReport(admin: Admin, rule: Rule): RuleReport {
  const { id, kind, thing, subject, allow, categories, names, until, daily, by, createdAt } = rule;
  return {
    id,
    kind,
    thing: formatAddress(thing),
    subject,
    who: subjectWords(admin, subject),
    allow,
    ...(categories !== undefined && { categories }),
    ...(names !== undefined && { names }),
    ...(until !== undefined && { until: isoTime(until) }),
    ...(daily !== undefined && { daily: formatDaily(daily) }),
    standing: admin.hub.moment().standing(rule),
    by,
    createdAt: isoTime(createdAt),
  };
}

/** The rules that fit, the oldest first. */
export function ruleReports(admin: Admin, wanted: (rule: Rule) => boolean): RuleReport[] {
  return [...admin.rules.all()]
    .filter(wanted)
    .sort((a, b) => a.createdAt - b.createdAt || Number(a.id) - Number(b.id))
    .map((rule) => ruleReport(admin, rule));
}

/** Whether a rule matters for a thing: one about the device for what is behind it, and for a device all that is behind. */
export function matters({ thing }: Pick<Rule, 'thing'>, address: NodeAddress): boolean {
  return isAbout(thing, address) || isAbout(address, thing);
}

/** The certificate of a name of the link (bare JID); `null` while it has none. */
export function pinReport({ trust }: Pick<Admin, 'trust'>, jid: string): PinReport | null {
  const pin = trust.pinOf(jid);
  if (pin === undefined) return null;
  const { certificate, since } = pin;
  return { certificate, since: isoTime(since), refused: trust.refusedOf(jid).certificates };
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
