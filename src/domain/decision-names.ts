import type { Authority } from './decision.js';
import type { Moment } from './decision-time.js';

/** The names that an answer to a request for all names can say: those that are known, and those of the rules; sorted. */
export function sayableNames(
  authorities: readonly Authority[],
  known: () => readonly string[],
  layers: number,
  moment: Moment,
): readonly string[] {
  let names: Set<string> | undefined;
  const sets = authorities.flatMap((authority) => authority.sets);
  for (const one of sets.flatMap(({ allowing, denying }) => [...allowing, ...denying])) {
    const { rule } = one;
    if (rule.names === undefined || (one.layers & layers) === 0 || moment.standing(rule) === 'over') continue;
    // Names matter only where a rule makes a difference between them.
    names ??= new Set(known());
    for (const name of rule.names) names.add(name);
  }
  return names === undefined ? [] : [...names].sort();
}
