import type { Category } from './access.js';
import type { NodeAddress } from './node-address.js';

/** What a rule is about. */
export type RuleKind = 'friend' | 'read' | 'control';

/** Callers by their addresses: one, everyone of a domain, or everyone. */
export type CallerRange =
  | { readonly kind: 'jid'; readonly jid: string }
  | { readonly kind: 'domain'; readonly domain: string }
  | { readonly kind: 'all' };

/** Callers by a token that they bring: an identity of `Identities` [0324 3.1.3, 3.6]. */
export type TokenSubject = { readonly kind: 'service' | 'device' | 'user'; readonly identity: string };

/** To whom a rule applies. */
export type Subject = CallerRange | TokenSubject;

/** A part of each day, in minutes since midnight of the machine's time; over midnight where `to` comes before `from`. */
export interface DailyPart {
  readonly from: number;
  readonly to: number;
}

/** An owner's decision about a thing, kept until he changes it. A part that is absent covers all. */
export interface Rule {
  readonly id: string;
  readonly kind: RuleKind;
  /** The device covers all nodes behind it that its owner has; a node covers itself. */
  readonly thing: NodeAddress;
  readonly subject: Subject;
  readonly allow: boolean;
  /** Which categories of fields, for `read`. */
  readonly categories?: readonly Category[];
  /** Which fields for `read`, which parameters for `control`. Names compare exactly. */
  readonly names?: readonly string[];
  /** Holds until then, in milliseconds since 1970. */
  readonly until?: number;
  readonly daily?: DailyPart;
  /** Bare JID of the owner who decided. */
  readonly by: string;
  readonly createdAt: number;
}

/** Whether the rule's subject covers this caller (bare JID), by his address alone. */
export function covers(subject: Subject, caller: string): boolean {
  if (subject.kind === 'all') return true;
  if (subject.kind === 'jid') return subject.jid === caller;
  return subject.kind === 'domain' && subject.domain === caller.slice(caller.indexOf('@') + 1);
}

/** Whether both cover the same callers. */
export function sameSubject(a: Subject, b: Subject): boolean {
  return a.kind === b.kind && subjectName(a) === subjectName(b);
}

/** What tells a subject from others of its kind. */
export function subjectName(subject: Subject): string {
  switch (subject.kind) {
    case 'jid':
      return subject.jid;
    case 'domain':
      return subject.domain;
    case 'all':
      return '';
    default:
      return subject.identity;
  }
}

/** The subject as a person reads it. */
export function formatSubject(subject: Subject): string {
  switch (subject.kind) {
    case 'all':
      return 'everyone';
    case 'jid':
      return subject.jid;
    case 'domain':
      return `everyone at ${subject.domain}`;
    default:
      return `the ${subject.kind} ${subject.identity}`;
  }
}
