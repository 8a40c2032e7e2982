import type { Category } from './access.js';
import { type NodeAddress, sameAddress } from './node-address.js';
import type { Wants } from './question.js';
import { type Rule, sameSubject } from './rule.js';

/** What an owner wants to hold from now on; the rest of a rule follows. */
export type RuleDraft = Omit<Rule, 'id' | 'by' | 'createdAt'>;

/** Whether everything that `inner` covers is covered by `outer`, about the same thing and subject. */
export function within(inner: RuleDraft, outer: RuleDraft): boolean {
  return (
    sameTarget(inner, outer) &&
    partWithin(inner.categories, outer.categories) &&
    partWithin(inner.names, outer.names) &&
    timeWithin(inner, outer)
  );
}

/** Whether something is covered by both, about the same thing and subject. */
export function overlaps(a: RuleDraft, b: RuleDraft): boolean {
  return sameTarget(a, b) && partsMeet(a.categories, b.categories) && partsMeet(a.names, b.names);
}

/** Whether the rule answers all that a question wants. */
export function answersAll(rule: RuleDraft, wants: Wants | undefined): boolean {
  if (wants === undefined) return true;
  return partWithin(listed(wants.categories), rule.categories) && partWithin(listed(wants.names), rule.names);
}

/** Whether the thing of a rule is the device of this address, or the address itself. */
export function isAbout(thing: NodeAddress, address: NodeAddress): boolean {
  const device = thing.nodeId === '' && thing.sourceId === '' && thing.cacheType === '';
  return sameAddress(thing, address) || (device && thing.jid === address.jid);
}

function sameTarget(a: RuleDraft, b: RuleDraft): boolean {
  return a.kind === b.kind && sameAddress(a.thing, b.thing) && sameSubject(a.subject, b.subject);
}

type Part = readonly (Category | string)[] | undefined;

function partWithin(inner: Part, outer: Part): boolean {
  if (outer === undefined) return true;
  return inner?.every((one) => outer.includes(one)) ?? false;
}

function partsMeet(a: Part, b: Part): boolean {
  return a === undefined || b === undefined || a.some((one) => b.includes(one));
}

/** Times are compared as wholes: one that is bounded lies within an unbounded one, and within its equal. */
function timeWithin(inner: RuleDraft, outer: RuleDraft): boolean {
  const day = outer.daily === undefined || JSON.stringify(inner.daily) === JSON.stringify(outer.daily);
  return day && (outer.until === undefined || (inner.until !== undefined && inner.until <= outer.until));
}

function listed<T>(part: readonly T[]): readonly T[] | undefined {
  return part.length === 0 ? undefined : part;
}
