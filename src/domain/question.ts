import type { NodeAddress } from './node-address.js';
import type { RuleKind } from './rule.js';

/** What a thing asked and no rule answers: it waits for the owner. One per thing, caller and kind. */
export interface Question {
  /** What the owner types: `hearth allow 1`. Never given twice. */
  readonly number: number;
  readonly kind: RuleKind;
  readonly thing: NodeAddress;
  /** Bare JID of the one who wants something of the thing. */
  readonly caller: string;
  /** Bare JID of the owner who is asked. */
  readonly owner: string;
  readonly askedAt: number;
}
