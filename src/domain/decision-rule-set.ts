import type { NodePart } from './command.js';
import type { NodeNumbers } from './decision.js';
import { ALL_LAYERS, layersOf } from './decision-categories.js';
import type { Rule } from './rule.js';

/** A rule as decisions about reading and control use it. */
export interface AccessRule {
  readonly rule: Rule;
  /** Bare JID of the owner who decided. */
  readonly by: string;
  readonly allow: boolean;
  /** Whether it holds at some times only. */
  readonly timed: boolean;
  /** One bit for each category that it covers. */
  readonly layers: number;
  /** The number that its set gives to the node that it is about; `undefined` where it is about the device. */
  readonly node: number | undefined;
  /** The numbers that its set gives to the names that it covers; `undefined` for all. */
  readonly names: readonly number[] | undefined;
}

/** The rules of one kind about one device, and the nodes behind it, for one subject, made ready for decisions. */
export class RuleSet {
  readonly allowing: readonly AccessRule[];
  readonly denying: readonly AccessRule[];
  /** Whether some of them hold at some times only. */
  readonly timed: boolean;
  private readonly keys: string[] = [];
  private numbers: readonly number[] = [];
  private numberedBy = -1;
  private readonly names = new Map<string, number>();

  constructor(rules: readonly Rule[]) {
    const prepared = rules.map((rule) => this.prepared(rule));
    this.allowing = prepared.filter(({ allow }) => allow);
    this.denying = prepared.filter(({ allow }) => !allow);
    this.timed = prepared.some(({ timed }) => timed);
  }

  /** The keys of the nodes that rules are about, by the numbers that the set gives them. */
  get nodes(): readonly string[] {
    return this.keys;
  }

  /** How many different names the rules mention. */
  get nameCount(): number {
    return this.names.size;
  }

  /** The numbers that these nodes have elsewhere; -1 for none. */
  numbersIn(others: NodeNumbers): readonly number[] {
    if (this.numberedBy !== others.id) {
      this.numbers = this.keys.map((key) => others.numberOf(key) ?? -1);
      this.numberedBy = others.id;
    }
    return this.numbers;
  }

  /** The number of a name; `undefined` where no rule mentions it. */
  name(name: string): number | undefined {
    return this.names.get(name);
  }

  private prepared(rule: Rule): AccessRule {
    const { thing, categories, names, by, allow, until, daily } = rule;
    const device = thing.nodeId === '' && thing.sourceId === '' && thing.cacheType === '';
    return {
      rule,
      by,
      allow,
      timed: until !== undefined || daily !== undefined,
      layers: categories === undefined ? ALL_LAYERS : layersOf(categories),
      node: device ? undefined : this.node(nodeKey(thing)),
      names: names?.map((name) => numberOf(this.names, name)),
    };
  }

  private node(key: string): number {
    const known = this.keys.indexOf(key);
    return known < 0 ? this.keys.push(key) - 1 : known;
  }
}

/** A text that no other node of the same device has, whatever characters its parts hold. */
export function nodeKey({ nodeId, sourceId, cacheType }: NodePart): string {
  return `${nodeId.length} ${sourceId.length} ${nodeId}${sourceId}${cacheType}`;
}

function numberOf(numbers: Map<string, number>, text: string): number {
  const known = numbers.get(text) ?? numbers.size;
  numbers.set(text, known);
  return known;
}
