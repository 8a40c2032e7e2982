/** A child of an element: another element, or text. */
export type Node = Element | string;

/** Attributes by the name they have in the document: `id`, `xml:lang`, `p:x` with its `xmlns:p`. */
export type Attributes = Readonly<Record<string, string>>;

function Bare(): void {}
Bare.prototype = Object.create(null);

/**
 * No attributes yet, to be filled. The object inherits no names, so that `__proto__` is plain data. V8 gives what a
 * constructor made one shape for all, and makes a hash table of each `Object.create(null)`: four times as slow.
 */
export function noAttributes<Value = string>(): Record<string, Value> {
  return new (Bare as unknown as new () => Record<string, Value>)();
}

const NONE: Attributes = Object.freeze(noAttributes());

/**
 * An XML element with its namespace resolved. Elements are values: nobody changes one after it was made; `with…`
 * returns a copy.
 */
export class Element {
  readonly name: string;
  readonly ns: string;
  readonly attributes: Attributes;
  readonly children: readonly Node[];

  constructor(name: string, ns: string, attributes: Attributes = NONE, children: readonly Node[] = []) {
    this.name = name;
    this.ns = ns;
    this.attributes = attributes;
    this.children = children;
  }

  /** The attribute's value, or `undefined`. */
  attribute(name: string): string | undefined {
    return this.attributes[name];
  }

  /** Whether this is the element `name` of namespace `ns`. */
  is(name: string, ns: string): boolean {
    return this.name === name && this.ns === ns;
  }

  /** The first child element called `name`, of namespace `ns` (the element's own if not given). */
  child(name: string, ns: string = this.ns): Element | undefined {
    for (const child of this.children) {
      if (typeof child !== 'string' && child.name === name && child.ns === ns) return child;
    }
    return undefined;
  }

  /** All child elements, in order. */
  elements(): Element[] {
    return this.children.filter((child): child is Element => typeof child !== 'string');
  }

  /** The element's own text, without that of its children. */
  text(): string {
    if (this.children.length === 1 && typeof this.children[0] === 'string') return this.children[0];
    return this.children.filter((child) => typeof child === 'string').join('');
  }

  /** A copy with these attributes set; `undefined` drops one. */
  withAttributes(changes: Readonly<Record<string, string | undefined>>): Element {
    const attributes = Object.assign(noAttributes(), this.attributes);
    for (const name in changes) {
      const value = changes[name];
      if (value === undefined) delete attributes[name];
      else attributes[name] = value;
    }
    return new Element(this.name, this.ns, attributes, this.children);
  }

  /** A copy with other children. */
  withChildren(children: readonly Node[]): Element {
    return new Element(this.name, this.ns, this.attributes, children);
  }
}

/** Makes an element; attributes that are `undefined` and children that are `undefined` are left out. */
export function element(
  name: string,
  ns: string,
  attributes: Readonly<Record<string, string | undefined>> = {},
  ...children: readonly (Node | undefined)[]
): Element {
  const own = noAttributes();
  for (const key in attributes) {
    const value = attributes[key];
    if (value !== undefined) own[key] = value;
  }
  return new Element(
    name,
    ns,
    own,
    children.filter((child): child is Node => child !== undefined),
  );
}
