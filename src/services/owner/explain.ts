import {
  type CanControlAnswer,
  type CanReadAnswer,
  categories,
  type Identities,
} from '../../domain/access.js';
import type { NodeAddress } from '../../domain/node-address.js';
import type { Rule, RuleKind } from '../../domain/rule.js';
import type { RuleIndex } from '../../storage/indexes/rule-index.js';
import type { AccessDecision, AccessDecisions } from '../provisioning/access-decisions.js';
import type { Friendships } from '../provisioning/friendships.js';

/** What somebody wants to know why. */
export interface Explain {
  readonly kind: RuleKind;
  readonly thing: NodeAddress;
  /** The caller, by his bare JID and by the identities that tokens would give him. */
  readonly who: Identities;
  /** Fields or parameters; none stands for all. */
  readonly names: readonly string[];
}

/** What would be answered now, and what that rests on. */
export interface Explanation {
  readonly result: 'yes' | 'part' | 'no';
  readonly why: string;
  readonly rules: readonly Rule[];
  /** What of it would be allowed; absent for friendships. */
  readonly answer?: CanReadAnswer | CanControlAnswer;
}

/** Says how the hub would decide, and why, without asking or telling anybody. */
export class ExplainDecision {
  private readonly friendships: Friendships;
  private readonly access: AccessDecisions;
  private readonly rules: RuleIndex;

  constructor(friendships: Friendships, access: AccessDecisions, rules: RuleIndex) {
    this.friendships = friendships;
    this.access = access;
    this.rules = rules;
  }

  run({ kind, thing, who, names }: Explain): Explanation {
    const { jid, ...node } = thing;
    const nodes = node.nodeId === '' && node.sourceId === '' && node.cacheType === '' ? [] : [node];
    const asked = { jid: who.jid, tokens: NO_TOKENS, nodes };
    switch (kind) {
      case 'friend':
        return this.friend(jid, who.jid);
      case 'read':
        return this.explained(
          this.access.read(jid, { ...asked, categories: [], fields: names }, who),
          nodes,
          names,
        );
      case 'control':
        return this.explained(
          this.access.control(jid, { ...asked, parameters: names, spelling: 'long' }, who),
          nodes,
          names,
        );
    }
  }

  private friend(thing: string, caller: string): Explanation {
    const { result, why } = this.friendships.decide(thing, caller);
    const rules = this.rules.covering('friend', thing, caller);
    return { result: result === 'yes' ? 'yes' : 'no', why, rules };
  }

  private explained(
    { answer, why, rules }: AccessDecision<CanReadAnswer | CanControlAnswer>,
    nodes: readonly unknown[],
    names: readonly string[],
  ): Explanation {
    const found = rules.flatMap((id) => this.rules.get(id) ?? []);
    const allowed = 'fields' in answer ? answer.fields : answer.parameters;
    const some = 'categories' in answer && answer.categories.length < categories.length;
    const part = some || isPart(names, allowed) || isPart(nodes, answer.nodes);
    return { result: !answer.result ? 'no' : part ? 'part' : 'yes', why, rules: found, answer };
  }
}

/** Whether less is allowed than asked for, where an empty list stands for all. */
function isPart(asked: readonly unknown[], allowed: readonly unknown[]): boolean {
  return asked.length === 0 ? allowed.length > 0 : allowed.length < asked.length;
}

const NO_TOKENS = { service: [], device: [], user: [] };
