import type { Spelling } from '../domain/access.js';
import type { NodePart } from '../domain/command.js';
import { HubError } from '../domain/errors.js';
import type { Generation } from '../domain/generation.js';
import { type Element, element } from '../xmpp/element.js';
import { readNode, writeNode } from './node.js';
import { childElements, filled, unexpected } from './read.js';

/** What a request names beside nodes: what is read, or what is controlled. */
export type NamedKind = 'field' | 'parameter';

/** Elements and attributes: XEP-0324 writes `field name` and `parameter name`, its successors `f n` and `p n`. */
const WORDS = {
  field: { long: ['field', 'name'], short: ['f', 'n'] },
  parameter: { long: ['parameter', 'name'], short: ['p', 'n'] },
} as const;

/** Longest name of a field or parameter, in characters. */
export const MAX_NAME = 256;

/** The most nodes, and the most names, that one payload holds. */
export const MOST_PARTS = 1000;

/** The nodes and names in a payload. */
export interface NamedParts {
  readonly nodes: readonly NodePart[];
  readonly names: readonly string[];
  /** How the names are spelt; absent where there are none. */
  readonly spelling?: Spelling;
}

/** Collects nodes and names out of the children of one payload, in both spellings; at most 1000 of each. */
export class PartReader {
  readonly nodes: NodePart[] = [];
  readonly names: string[] = [];
  private readonly kind: NamedKind;
  private spelling: Spelling | undefined;

  constructor(kind: NamedKind) {
    this.kind = kind;
  }

  /** Takes a child that is a node; false for any other. Refuses with bad-request. */
  node(child: Element): boolean {
    if (child.name !== 'node' && child.name !== 'nd') return false;
    if (this.nodes.length === MOST_PARTS) throw tooMany('nodes');
    this.nodes.push(listedNode(child));
    return true;
  }

  /** Takes a child that is a name; false for any other. Refuses with bad-request. */
  name(child: Element): boolean {
    const spelling = (['long', 'short'] as const).find((way) => WORDS[this.kind][way][0] === child.name);
    if (spelling === undefined) return false;
    if (this.names.length === MOST_PARTS) throw tooMany(`${this.kind}s`);
    if (this.spelling !== undefined && this.spelling !== spelling)
      throw new HubError('bad-request', 'Names are spelt one way in one request.');
    this.spelling = spelling;
    this.names.push(filled(child, WORDS[this.kind][spelling][1], MAX_NAME));
    return true;
  }

  /** What was collected. */
  parts(): NamedParts {
    const { nodes, names, spelling } = this;
    return spelling === undefined ? { nodes, names } : { nodes, names, spelling };
  }
}

/** The nodes and names in a payload that may hold nothing else. Refuses with bad-request. */
export function readParts(payload: Element, kind: NamedKind): NamedParts {
  const reader = new PartReader(kind);
  for (const child of childElements(payload)) {
    if (child.ns !== payload.ns || !(reader.node(child) || reader.name(child)))
      throw unexpected(payload, child);
  }
  return reader.parts();
}

/** Collects the names in `partial`, which may hold nothing else. Refuses with bad-request. */
export function readPartial(partial: Element, reader: PartReader): void {
  for (const child of childElements(partial)) {
    if (child.ns !== partial.ns || !reader.name(child)) throw unexpected(partial, child);
  }
}

/** Nodes as children. The thing itself is a node without names, which clients write as an empty attribute. */
export function writeNodes(nodes: readonly NodePart[], generation: Generation, ns: string): Element[] {
  const [name, id] = generation === 'xmpp' ? ['node', 'nodeId'] : ['nd', 'id'];
  return nodes.map((node) => element(name, ns, { ...writeNode(node, generation), [id]: node.nodeId }));
}

/** Names as children. */
export function writeNames(
  names: readonly string[],
  kind: NamedKind,
  spelling: Spelling,
  ns: string,
): Element[] {
  const [name, attribute] = WORDS[kind][spelling];
  return names.map((value) => element(name, ns, { [attribute]: value }));
}

/** Both spellings of the id are read, and it may be empty, but it must be there. */
function listedNode(child: Element): NodePart {
  if (child.attribute('nodeId') === undefined && child.attribute('id') === undefined)
    throw new HubError('bad-request', `<${child.name}/> needs the id of a node.`);
  return readNode(child);
}

function tooMany(what: string): HubError {
  return new HubError('bad-request', `There are more than ${MOST_PARTS} ${what}.`);
}
