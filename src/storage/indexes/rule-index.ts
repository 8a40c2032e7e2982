import type { NodeAddress } from '../../domain/node-address.js';
import type { Rule, RuleKind, Subject } from '../../domain/rule.js';
import { rules } from '../keys.js';
import type { View } from '../store.js';

interface RuleKey {
  readonly thing: NodeAddress;
  readonly kind: RuleKind;
  readonly id: string;
}

/** The owners' rules in memory, found by thing and subject without a walk. */
export class RuleIndex implements View<RuleKey, Rule> {
  readonly table = rules;
  private readonly byKey = new Map<string, Rule>();
  private readonly byId = new Map<string, Rule>();

  changed(key: RuleKey, rule: Rule | undefined): void {
    const known = this.byId.get(key.id);
    if (known !== undefined) {
      const subject = subjectKey(known.kind, known.thing.jid, known.subject);
      if (this.byKey.get(subject)?.id === known.id) this.byKey.delete(subject);
    }
    if (rule === undefined) {
      this.byId.delete(key.id);
      return;
    }
    this.byId.set(rule.id, rule);
    this.byKey.set(subjectKey(rule.kind, rule.thing.jid, rule.subject), rule);
  }

  /** The rule about a device and a subject. */
  about(kind: RuleKind, jid: string, subject: Subject): Rule | undefined {
    return this.byKey.get(subjectKey(kind, jid, subject));
  }

  /** All rules about a device that cover this caller. */
  covering(kind: RuleKind, jid: string, caller: string): Rule[] {
    const found: Rule[] = [];
    const subjects: Subject[] = [
      { kind: 'jid', jid: caller },
      { kind: 'domain', domain: caller.slice(caller.indexOf('@') + 1) },
      { kind: 'all' },
    ];
    for (const subject of subjects) {
      const rule = this.byKey.get(subjectKey(kind, jid, subject));
      if (rule !== undefined) found.push(rule);
    }
    return found;
  }

  /** The rule with this id. */
  get(id: string): Rule | undefined {
    return this.byId.get(id);
  }

  /** All rules. */
  all(): Iterable<Rule> {
    return this.byId.values();
  }
}

function subjectKey(kind: RuleKind, jid: string, subject: Subject): string {
  const name = subject.kind === 'jid' ? subject.jid : subject.kind === 'domain' ? subject.domain : '';
  return `${kind}\u0000${jid}\u0000${subject.kind}\u0000${name}`;
}
