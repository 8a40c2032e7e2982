import { type AccessRule, accessRule } from '../../domain/decision-rule.js';
import type { NodeAddress } from '../../domain/node-address.js';
import { type Rule, type RuleKind, type Subject, subjectName } from '../../domain/rule.js';
import { rules } from '../keys.js';
import type { View } from '../store.js';

interface RuleKey {
  readonly thing: NodeAddress;
  readonly kind: RuleKind;
  readonly id: string;
}

/** Rules about one device and the nodes behind it, of one kind, by subject. */
type Shelf = Map<Subject['kind'], Map<string, readonly AccessRule[]>>;

const NONE: readonly AccessRule[] = [];

/** The owners' rules in memory, found by device, kind and subject without a walk. */
export class RuleIndex implements View<RuleKey, Rule> {
  readonly table = rules;
  private readonly shelves: Readonly<Record<RuleKind, Map<string, Shelf>>> = {
    friend: new Map(),
    read: new Map(),
    control: new Map(),
  };
  private readonly byId = new Map<string, Rule>();

  changed(key: RuleKey, rule: Rule | undefined): void {
    const known = this.byId.get(key.id);
    if (known !== undefined) this.take(known);
    if (rule === undefined) {
      this.byId.delete(key.id);
      return;
    }
    this.byId.set(rule.id, rule);
    this.put(rule);
  }

  /** The newest rule about a device, or a node behind it, and a subject. */
  about(kind: RuleKind, jid: string, subject: Subject): Rule | undefined {
    let newest: Rule | undefined;
    for (const { rule } of this.of(kind, jid, subject)) {
      if (newest === undefined || rule.createdAt >= newest.createdAt) newest = rule;
    }
    return newest;
  }

  /** All rules about a device, and the nodes behind it, that cover this caller by his address. */
  covering(kind: RuleKind, jid: string, caller: string): Rule[] {
    return this.coveringAddress(kind, jid, caller).map(({ rule }) => rule);
  }

  /** The same, ready for decisions. */
  coveringAddress(kind: RuleKind, jid: string, caller: string): readonly AccessRule[] {
    const shelf = this.shelves[kind].get(jid);
    if (shelf === undefined) return NONE;
    const own = shelf.get('jid')?.get(caller) ?? NONE;
    const domain = shelf.get('domain')?.get(caller.slice(caller.indexOf('@') + 1)) ?? NONE;
    const all = shelf.get('all')?.get('') ?? NONE;
    if (domain.length === 0 && all.length === 0) return own;
    return [...own, ...domain, ...all];
  }

  /** The rules about a device, and the nodes behind it, for exactly this subject, ready for decisions. */
  of(kind: RuleKind, jid: string, subject: Subject): readonly AccessRule[] {
    return this.shelves[kind].get(jid)?.get(subject.kind)?.get(subjectName(subject)) ?? NONE;
  }

  /** The rule with this id. */
  get(id: string): Rule | undefined {
    return this.byId.get(id);
  }

  /** All rules. */
  all(): Iterable<Rule> {
    return this.byId.values();
  }

  private put(rule: Rule): void {
    const { kind, thing, subject } = rule;
    const shelf: Shelf = this.shelves[kind].get(thing.jid) ?? new Map();
    const named = shelf.get(subject.kind) ?? new Map<string, readonly AccessRule[]>();
    const name = subjectName(subject);
    // A new list: a decision may still hold the one before.
    named.set(name, [...(named.get(name) ?? NONE), accessRule(rule)]);
    shelf.set(subject.kind, named);
    this.shelves[kind].set(thing.jid, shelf);
  }

  private take({ id, kind, thing, subject }: Rule): void {
    const shelf = this.shelves[kind].get(thing.jid);
    const named = shelf?.get(subject.kind);
    const name = subjectName(subject);
    const rest = named?.get(name)?.filter(({ rule }) => rule.id !== id);
    if (shelf === undefined || named === undefined || rest === undefined) return;
    if (rest.length > 0) named.set(name, rest);
    else named.delete(name);
    if (named.size === 0) shelf.delete(subject.kind);
    if (shelf.size === 0) this.shelves[kind].delete(thing.jid);
  }
}
