import type { NodePart } from './command.js';
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
  private readonly nodes = new Map<string, number>();
  private readonly names = new Map<string, number>();

  constructor(rules: readonly Rule[]) {
    const prepared = rules.map((rule) => this.prepared(rule));
    this.allowing = prepared.filter(({ allow }) => allow);
    this.denying = prepared.filter(({ allow }) => !allow);
  }

  /** How many different nodes the rules are about. */
  get nodeCount(): number {
    return this.nodes.size;
  }

  /** How many different names the rules mention. */
  get nameCount(): number {
    return this.names.size;
  }

  /** The number of a node, by its `nodeKey`; `undefined` where no rule is about it. */
  node(key: string): number | undefined {
    return this.nodes.get(key);
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
      node: device ? undefined : numberOf(this.nodes, nodeKey(thing)),
      names: names?.map((name) => numberOf(this.names, name)),
    };
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
