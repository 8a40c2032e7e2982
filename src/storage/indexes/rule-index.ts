import { RuleSet } from '../../domain/decision-rule-set.js';
import type { NodeAddress } from '../../domain/node-address.js';
import { type Rule, type RuleKind, type Subject, subjectName } from '../../domain/rule.js';
import { rules } from '../keys.js';
import type { View } from '../store.js';

interface RuleKey {
  readonly thing: NodeAddress;
  readonly kind: RuleKind;
  readonly id: string;
}

/** Rules about one device and the nodes behind it, of one kind and for one subject. */
interface Leaf {
  readonly rules: Rule[];
  /** The same ready for decisions, once somebody asked for it. */
  ready: RuleSet | undefined;
}

/** Rules about one device and the nodes behind it, of one kind, by subject and its name. */
type Shelf = { [Kind in Subject['kind']]?: Map<string, Leaf> };

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
    const leaf = this.leaf(kind, jid, subject);
    let newest: Rule | undefined;
    for (const rule of leaf?.rules ?? [])
      if (newest === undefined || rule.createdAt >= newest.createdAt) newest = rule;
    return newest;
  }

  /** All rules about a device, and the nodes behind it, that cover this caller by his address. */
  covering(kind: RuleKind, jid: string, caller: string): Rule[] {
    const shelf = this.shelves[kind].get(jid);
    return shelf === undefined ? [] : leavesOf(shelf, caller, ({ rules }) => rules).flat();
  }

  /** The same, ready for decisions. */
  setsCovering(kind: RuleKind, jid: string, caller: string): readonly RuleSet[] {
    const shelf = this.shelves[kind].get(jid);
    return shelf === undefined ? [] : leavesOf(shelf, caller, readyOf);
  }

  /** The rules about a device, and the nodes behind it, for exactly this subject, ready for decisions. */
  setOf(kind: RuleKind, jid: string, subject: Subject): RuleSet | undefined {
    const leaf = this.leaf(kind, jid, subject);
    return leaf && readyOf(leaf);
  }

  /** The rule with this id. */
  get(id: string): Rule | undefined {
    return this.byId.get(id);
  }

  /** All rules. */
  all(): Iterable<Rule> {
    return this.byId.values();
  }

  private leaf(kind: RuleKind, jid: string, subject: Subject): Leaf | undefined {
    return this.shelves[kind].get(jid)?.[subject.kind]?.get(subjectName(subject));
  }

  private put(rule: Rule): void {
    const { kind, thing, subject } = rule;
    const shelf: Shelf = this.shelves[kind].get(thing.jid) ?? {};
    const named = shelf[subject.kind] ?? new Map<string, Leaf>();
    const name = subjectName(subject);
    const leaf = named.get(name) ?? { rules: [], ready: undefined };
    leaf.rules.push(rule);
    leaf.ready = undefined;
    named.set(name, leaf);
    shelf[subject.kind] = named;
    this.shelves[kind].set(thing.jid, shelf);
  }

  private take({ id, kind, thing, subject }: Rule): void {
    const shelf = this.shelves[kind].get(thing.jid);
    const leaf = this.leaf(kind, thing.jid, subject);
    const named = shelf?.[subject.kind];
    if (shelf === undefined || named === undefined || leaf === undefined) return;
    const rest = leaf.rules.filter((rule) => rule.id !== id);
    if (rest.length > 0) named.set(subjectName(subject), { rules: rest, ready: undefined });
    else named.delete(subjectName(subject));
    if (named.size === 0) delete shelf[subject.kind];
    if (Object.keys(shelf).length === 0) this.shelves[kind].delete(thing.jid);
  }
}

/** What is made of each leaf that covers a caller by his address. */
function leavesOf<T>(shelf: Shelf, caller: string, make: (leaf: Leaf) => T): T[] {
  const found: T[] = [];
  const own = shelf.jid?.get(caller);
  const domain = shelf.domain?.get(caller.slice(caller.indexOf('@') + 1));
  const all = shelf.all?.get('');
  if (own !== undefined) found.push(make(own));
  if (domain !== undefined) found.push(make(domain));
  if (all !== undefined) found.push(make(all));
  return found;
}

function readyOf(leaf: Leaf): RuleSet {
  leaf.ready ??= new RuleSet(leaf.rules);
  return leaf.ready;
}
