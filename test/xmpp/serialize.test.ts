import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Element, element, type Node } from '../../src/xmpp/element.js';
import type { StreamLimits } from '../../src/xmpp/limits.js';
import { NS } from '../../src/xmpp/namespaces.js';
import { XmlParser } from '../../src/xmpp/parser.js';
import { serialize } from '../../src/xmpp/serialize.js';
import { HEADER } from './recording.js';

const roomy: StreamLimits = { bytes: 1e8, elements: 1e6, depth: 1e5, attributes: 1000, name: 1000 };

/** The elements of a client's stream with this inside. */
function parse(xml: string): Element[] {
  const elements: Element[] = [];
  const parser = new XmlParser(roomy, {
    header: () => undefined,
    element: (it) => elements.push(it),
    end: () => undefined,
  });
  parser.write(Buffer.from(HEADER + xml));
  return elements;
}

describe('serialize', () => {
  it('declares a namespace where it differs from the one around', () => {
    const inner = element('item', NS.roster, { jid: 'a' }, element('group', NS.roster, {}, 'g'));
    const iq = element('iq', NS.client, { id: '1' }, element('query', NS.roster, {}, inner));
    expect(serialize(iq, NS.client)).toBe(
      "<iq id='1'><query xmlns='jabber:iq:roster'><item jid='a'><group>g</group></item></query></iq>",
    );
    expect(serialize(iq, '')).toMatch(/^<iq xmlns='jabber:client' id='1'><query xmlns=/);
    expect(serialize(element('a', NS.client, {}, element('b', '')), NS.client)).toBe("<a><b xmlns=''/></a>");
  });

  it('writes stream:features and stream:error with their prefix', () => {
    const features = element('features', NS.streams, {}, element('bind', NS.bind), element('x', NS.client));
    expect(serialize(features, NS.client, true)).toBe(
      `<stream:features><bind xmlns='${NS.bind}'/><x/></stream:features>`,
    );
    expect(serialize(element('features', NS.streams), NS.client, true)).toBe('<stream:features/>');
    expect(serialize(element('features', NS.streams), NS.client)).toBe(`<features xmlns='${NS.streams}'/>`);
  });

  it('escapes text and attributes so that they come back as they were', () => {
    const value = ` <&>"' \t\r\n ]]> é 🦔 `;
    const xml = serialize(element('a', NS.client, { b: value }, value), NS.client);
    expect(xml).toBe(
      "<a b=' &lt;&amp;&gt;&quot;&apos; &#9;&#13;&#10; ]]&gt; é 🦔 '> &lt;&amp;&gt;\"' \t&#13;\n ]]&gt; é 🦔 </a>",
    );
    expect(parse(xml)[0]?.attribute('b')).toBe(value);
    expect(parse(xml)[0]?.text()).toBe(value);
  });

  it('replaces what XML forbids', () => {
    const text = 'a\u0000b\u001bc\ud800d\udc00e\ufffef\uffffg🦔\ud83e';
    const clean = 'a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf\ufffdg🦔\ufffd';
    expect(serialize(element('a', '', { b: text }, text), '')).toBe(`<a b='${clean}'>${clean}</a>`);
  });

  it('knows no depth that is too deep', () => {
    let deep = element('a', 'n');
    for (let i = 0; i < 100_000; i++) deep = element('a', 'n', {}, deep);
    expect(serialize(deep, 'n')).toHaveLength(100_000 * 7 + 4);
  });
});

const name = fc
  .stringMatching(/^[A-Za-z_\u00c0-\u00d6][\w.\u00c0-\u00d6-]{0,8}$/)
  .filter((it) => it !== 'xmlns');
const uri = fc.constantFrom('jabber:client', 'urn:a', "urn:b'&<", '', 'jabber:iq:roster', '__proto__');
const text = fc
  .string({ unit: 'binary', maxLength: 20 })
  .map((it) => it.replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, ''));
const attributes = fc.dictionary(fc.oneof(name, fc.constant('xml:lang')), text, { maxKeys: 4 });

const { tree } = fc.letrec<{ tree: Element; node: Node }>((tie) => ({
  node: fc.oneof({ maxDepth: 5, withCrossShrink: true }, text, tie('tree')),
  tree: fc
    .tuple(name, uri, attributes, fc.array(tie('node'), { maxLength: 4 }))
    .map(([local, ns, own, children]) => element(local, ns, own, ...joined(children))),
}));

/** As a parser gives them: no empty text, no two texts side by side. */
function joined(children: readonly Node[]): Node[] {
  const nodes: Node[] = [];
  for (const child of children) {
    const last = nodes.at(-1);
    if (typeof child === 'string' && typeof last === 'string') nodes[nodes.length - 1] = last + child;
    else if (child !== '') nodes.push(child);
  }
  return nodes;
}

/** A plain form to compare by: attributes without order. */
function plain(node: Node): unknown {
  if (typeof node === 'string') return node;
  const sorted = Object.entries(node.attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  return [node.name, node.ns, sorted, node.children.map(plain)];
}

describe('round trips', () => {
  it('give every element back', () => {
    fc.assert(
      fc.property(tree, (it) => {
        const [back] = parse(serialize(it, NS.client));
        expect(back && plain(back)).toEqual(plain(it));
      }),
      { numRuns: 500 },
    );
  });

  it('keep prefixed attributes readable anywhere', () => {
    const [first] = parse("<p:a xmlns:p='urn:p' xmlns:q='urn:q'><b q:c='1' p:d='2'/></p:a>");
    const moved = first?.elements()[0] ?? new Element('none', '');
    const [back] = parse(serialize(element('x', 'urn:x', {}, moved), NS.client));
    expect(back?.elements().map(plain)).toEqual([plain(moved)]);
  });
});
