import type { Rule } from './rule.js';

/** What the hub knows when a thing asks about a caller. */
export interface FriendshipFacts {
  /** Whether the caller is one of the hub's own addresses, or the thing itself. */
  readonly own: boolean;
  /** Whether the caller owns the thing. */
  readonly owner: boolean;
  /** The friendship rules of the thing that cover the caller, in any order. */
  readonly rules: readonly Rule[];
}

/** A decision and what it rests on, for the audit and for the owner who asks why. */
export interface Decision {
  /** `unknown`: no rule says anything, so the answer is no and the owner is asked. */
  readonly result: 'yes' | 'no' | 'unknown';
  readonly why: string;
}

/**
 * Whether a thing may befriend a caller: always the hub and the owner, else by rule, where one that denies wins over
 * any that allows [0324 3.2].
 */
export function decideFriendship(facts: FriendshipFacts): Decision {
  if (facts.own) return { result: 'yes', why: 'the hub itself' };
  if (facts.owner) return { result: 'yes', why: 'the owner' };
  const denial = facts.rules.find((rule) => !rule.allow);
  if (denial !== undefined) return { result: 'no', why: `rule ${denial.id}` };
  const grant = facts.rules[0];
  if (grant !== undefined) return { result: 'yes', why: `rule ${grant.id}` };
  return { result: 'unknown', why: 'no rule' };
}
