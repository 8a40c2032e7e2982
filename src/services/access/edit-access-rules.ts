import type { CredentialCondition } from '../../domain/credential-condition.js';
import { type ConditionDraft, readConditions } from '../../domain/credential-expression.js';
import { HubError } from '../../domain/errors.js';
import type { AccessRule, Service } from '../../domain/service.js';
import type { ServiceEdit } from '../../domain/service-edit.js';
import { hashSso } from './present-user.js';

/** The most rules of one service, and conditions of one rule: all are read for each user who comes. */
const MOST_RULES = 100;
const MOST_CONDITIONS = 8;

/** A change of the rules about who may use a service. */
export type RuleEdit = Extract<ServiceEdit, { readonly kind: 'add-rule' | 'remove-rule' | 'move-rule' }>;

/** Who changes it, and when. */
export interface Editor {
  /** Bare JID of the owner. */
  readonly owner: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** The service after the change, and which rule it was about. */
export interface EditedRules {
  readonly service: Service;
  readonly rule: string;
}

/**
 * Changes the rules. Whatever could end access that was granted ends all of it: what the users were let in by is not
 * kept, so they have to come anew. Refuses with bad-request, with limit-reached, and with item-not-found a rule that is
 * not there.
 */
export function editRules(service: Service, edit: RuleEdit, editor: Editor): EditedRules {
  switch (edit.kind) {
    case 'add-rule':
      return add(service, edit, editor);
    case 'remove-rule': {
      const { allow } = ruleOf(service, edit.id);
      return changed(service, without(service, edit.id), edit.id, allow);
    }
    default: {
      const rule = ruleOf(service, edit.id);
      const rest = without(service, edit.id);
      return changed(service, inserted(rest, rule, edit.at), edit.id, true);
    }
  }
}

function add(
  service: Service,
  { allow, conditions, at = service.rules.length + 1 }: Extract<RuleEdit, { readonly kind: 'add-rule' }>,
  editor: Editor,
): EditedRules {
  if (conditions.length > MOST_CONDITIONS)
    throw new HubError('limit-reached', `A rule has at most ${MOST_CONDITIONS} conditions.`);
  if (service.rules.length >= MOST_RULES)
    throw new HubError('limit-reached', `A service has at most ${MOST_RULES} rules.`);
  const rule: AccessRule = {
    id: String(service.lastRule + 1),
    allow,
    conditions: readConditions(conditions).map(keptCondition),
    by: editor.owner,
    createdAt: editor.at,
  };
  const numbered = { ...service, lastRule: service.lastRule + 1 };
  return changed(numbered, inserted(service.rules, rule, at), rule.id, !allow);
}

function keptCondition(draft: ConditionDraft): CredentialCondition {
  return draft.kind === 'sso' ? { kind: 'sso', sha256: hashSso(draft.token) } : draft;
}

function changed(service: Service, rules: readonly AccessRule[], rule: string, ends: boolean): EditedRules {
  return { service: { ...service, rules, epoch: service.epoch + (ends ? 1 : 0) }, rule };
}

function ruleOf({ rules }: Service, id: string): AccessRule {
  const rule = rules.find((known) => known.id === id);
  if (rule === undefined) throw new HubError('item-not-found', 'The service has no rule with this id.');
  return rule;
}

function without({ rules }: Service, id: string): AccessRule[] {
  return rules.filter((rule) => rule.id !== id);
}

function inserted(rules: readonly AccessRule[], rule: AccessRule, at: number): AccessRule[] {
  if (!Number.isSafeInteger(at) || at < 1 || at > rules.length + 1)
    throw new HubError('bad-request', `The place of a rule is a whole number from 1 to ${rules.length + 1}.`);
  return rules.toSpliced(at - 1, 0, rule);
}
