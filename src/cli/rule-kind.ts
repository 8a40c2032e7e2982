import type { RuleKind } from '../domain/rule.js';

/** The kinds of rules, as they are typed. */
export const ruleKinds = ['read', 'control', 'friend'] as const satisfies readonly RuleKind[];

/** A word that the table of commands has checked, as a kind. */
export function ruleKind(word: string | undefined): RuleKind | undefined {
  return ruleKinds.find((kind) => kind === word);
}
