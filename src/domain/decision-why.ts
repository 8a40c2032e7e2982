import type { AccessOutcome, Grant } from './decision.js';
import { formatSubject, type Rule } from './rule.js';

/** What a decision rests on, for the audit and for the owner who asks why. */
export interface Reasons {
  /** A short sentence. */
  readonly why: string;
  /** Ids of the rules that decided, in the order in which they were made. */
  readonly rules: readonly string[];
}

/** Why an outcome is what it is; `whole` where all that was asked for is granted. */
export function reasonsOf(outcome: AccessOutcome, whole: boolean): Reasons {
  const { best, grants } = outcome;
  if (best?.box === undefined) return refusalReasons(outcome);
  const { painting, box, authority } = best;
  const granting = inOrder(painting.granting(box));
  const denying = whole ? [] : inOrder(painting.denying());
  const owned = painting.owned(box) ? ['the owner'] : [];
  const subject = authority.token === undefined ? [] : [formatSubject(authority.token)];
  const grounds = [...owned, ...named(granting), ...subject].join(', ');
  const against = denying.length === 0 ? '' : `; denied by ${named(denying).join()}`;
  const among = grants.length > 1 && authority.token === undefined ? ', by his address' : '';
  return {
    why: `${whole ? 'yes' : 'in part'} (${grounds}${among}${against})`,
    rules: inOrder([...granting, ...denying]).map(({ id }) => id),
  };
}

function refusalReasons({ grants, silent }: AccessOutcome): Reasons {
  const denying = inOrder(grants.flatMap(({ painting }: Grant) => painting.denying()));
  const nothing = silent.length > 0 ? 'no rule' : 'no rule allows it now';
  const grounds = denying.length === 0 ? nothing : `denied by ${named(denying).join()}`;
  return { why: `no (${grounds})`, rules: denying.map(({ id }) => id) };
}

function named(rules: readonly Rule[]): string[] {
  if (rules.length === 0) return [];
  const ids = rules.map(({ id }) => id);
  return [`${ids.length === 1 ? 'rule' : 'rules'} ${ids.join(' and ')}`];
}

/** By their numbers, which are given one after the other; each once. */
function inOrder(rules: readonly Rule[]): Rule[] {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  return [...byId.values()].sort((a, b) => a.id.length - b.id.length || (a.id < b.id ? -1 : 1));
}
