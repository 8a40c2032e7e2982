import type { NodeAddress } from './node-address.js';

/** What a rule is about. */
export type RuleKind = 'friend' | 'read' | 'control';

/** To whom a rule applies: one caller, everyone of a domain, or everyone. */
export type Subject =
  | { readonly kind: 'jid'; readonly jid: string }
  | { readonly kind: 'domain'; readonly domain: string }
  | { readonly kind: 'all' };

/** An owner's decision about a thing, kept until he changes it. */
export interface Rule {
  readonly id: string;
  readonly kind: RuleKind;
  readonly thing: NodeAddress;
  readonly subject: Subject;
  readonly allow: boolean;
  /** Bare JID of the owner who decided. */
  readonly by: string;
  readonly createdAt: number;
}

/** Whether the rule's subject covers this caller (bare JID). */
export function covers(subject: Subject, caller: string): boolean {
  if (subject.kind === 'all') return true;
  if (subject.kind === 'jid') return subject.jid === caller;
  return subject.domain === caller.slice(caller.indexOf('@') + 1);
}

/** Whether both cover the same callers. */
export function sameSubject(a: Subject, b: Subject): boolean {
  return formatSubject(a) === formatSubject(b);
}

/** The subject as a person reads it. */
export function formatSubject(subject: Subject): string {
  if (subject.kind === 'all') return 'everyone';
  return subject.kind === 'jid' ? subject.jid : `everyone at ${subject.domain}`;
}
