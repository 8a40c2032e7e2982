import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { provisioningNs } from '../../src/dialects/namespaces.js';
import { rowOf } from '../../src/dialects/table.js';
import { categories } from '../../src/domain/access.js';
import { generations } from '../../src/domain/generation.js';
import { readRequest, refusal, xml } from './read-payload.js';

const historical = categories.filter((category) => category.startsWith('historical'));
const JID = "jid='primary@example.org'";
const canRead = (attributes: string, children = '', generation: keyof typeof provisioningNs = 'nf') =>
  `<canRead xmlns='${provisioningNs[generation]}' ${attributes}>${children}</canRead>`;
const read = (attributes: string, children?: string, generation?: keyof typeof provisioningNs) =>
  readRequest('can-read', canRead(`${JID} ${attributes}`, children, generation));

const text = fc.string({ minLength: 1, maxLength: 20 }).filter((name) => name.trim() !== '');
const token = fc.stringMatching(/^[!-~]{1,40}$/);
const node = fc.record({ nodeId: fc.string(), sourceId: fc.string(), cacheType: fc.string() });
const asked = fc.record({
  jid: fc.constant('primary@example.org'),
  categories: fc.subarray([...categories]),
  nodes: fc.array(node, { maxLength: 4 }),
  fields: fc.array(text, { maxLength: 4 }),
});
const tokens = fc.record({
  service: fc.array(token, { maxLength: 3 }),
  device: fc.array(token, { maxLength: 3 }),
  user: fc.array(token, { maxLength: 3 }),
});

describe.each(generations)('canRead in generation %s', (generation) => {
  const row = rowOf('can-read', generation);

  it('a request comes back as it went out, but that a part of history is all of it where there are no words', () => {
    fc.assert(
      fc.property(asked, tokens, (request, by) => {
        const command = { ...request, tokens: by };
        const back = row.readRequest(row.writeRequest(command));
        const part = historical.some((category) => request.categories.includes(category));
        const widened = generation === 'xmpp' || !part ? [] : historical;
        const expected = categories.filter((name) => [...request.categories, ...widened].includes(name));
        expect(back).toEqual({ ...command, categories: expected });
      }),
    );
  });

  it('abuse 43: an answer on the wire is never wider than the answer that was given', () => {
    fc.assert(
      fc.property(asked, fc.boolean(), (given, result) => {
        const back = row.readAnswer(row.writeAnswer({ ...given, result }));
        const whole = historical.every((category) => given.categories.includes(category));
        const left = generation === 'xmpp' || whole ? [] : historical;
        const expected = given.categories.filter((name) => !left.includes(name));
        expect(back).toEqual({ ...given, result, categories: expected });
      }),
    );
  });

  it('long and short names say the same', () => {
    const nodes = [{ nodeId: 'n', sourceId: 's', cacheType: 'c' }];
    const by = { service: ['S1', 'S2'], device: ['D'], user: ['U'] };
    const common = { jid: 'primary@example.org', nodes, fields: ['a', 'b'], tokens: by };
    const long = read(
      "serviceToken='S1 S2' deviceToken='D' userToken='U' momentary='true' historical='1' peak='false'",
      "<node nodeId='n' sourceId='s' cacheType='c'/><field name='a'/><field name='b'/>",
      generation,
    );
    const short = read(
      "st=' S1\tS2 ' dt='D' ut='U' m='true' h='1' p='0'",
      "<nd id='n' src='s' pt='c'/><f n='a'/><f n='b'/>",
      generation,
    );
    expect(short).toEqual({ ...common, categories: ['momentary', ...historical] });
    expect(long).toEqual(short);
  });
});

describe('what a request to read may be', () => {
  it('nothing named stays nothing named, and the thing itself is a node without id', () => {
    const none = { service: [], device: [], user: [] };
    expect(read("st='' dt=''")).toEqual({
      jid: 'primary@example.org',
      tokens: none,
      categories: [],
      nodes: [],
      fields: [],
    });
    expect(read('', "<nd id=''/>").nodes).toEqual([{ nodeId: '', sourceId: '', cacheType: '' }]);
  });

  it('all stands for all fourteen categories, one by one they are answered as all', () => {
    expect(read("all='true'").categories).toEqual(categories);
    const answer = { jid: 'a@b', result: true, categories, nodes: [], fields: [] };
    for (const generation of generations)
      expect({ ...rowOf('can-read', generation).writeAnswer(answer)?.attributes }).toEqual({
        jid: 'a@b',
        result: 'true',
        all: 'true',
      });
  });

  it('abuse 38: names of objects are plain data', () => {
    const children = "<f n='__proto__'/><f n='constructor'/><nd id='toString'/>";
    expect(read("st='__proto__'", children)).toMatchObject({
      fields: ['__proto__', 'constructor'],
      tokens: { service: ['__proto__'] },
    });
  });

  const many = (count: number, child: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => child(i)).join('');

  it.each([
    ['1000 fields and a name of 256', '', `${many(999, (i) => `<f n='${i}'/>`)}<f n='${'x'.repeat(256)}'/>`],
    ['1000 nodes', '', many(1000, (i) => `<nd id='${i}'/>`)],
    ['16 tokens', `ut='${many(16, (i) => `t${i} `)}'`, ''],
  ])('takes %s', (_, attributes, children) => {
    expect(refusal(() => read(attributes, children))).toBeUndefined();
  });

  it.each([
    ['1001 fields', '', many(1001, (i) => `<f n='${i}'/>`)],
    ['1001 nodes', '', many(1001, (i) => `<nd id='${i}'/>`)],
    ['a name of 257', '', `<f n='${'x'.repeat(257)}'/>`],
    ['an empty name', '', "<f n=''/>"],
    ['a field without name', '', '<f/>'],
    ['a field named the other way', '', "<f name='x'/>"],
    ['a node without id', '', "<nd src='x'/>"],
    ['a node that is two', '', "<nd id='a' nodeId='b'/>"],
    ['names in two spellings', '', "<f n='a'/><field name='b'/>"],
    ['17 tokens', `ut='${many(17, (i) => `t${i} `)}'`, ''],
    ['a token of 2049', `ut='${'x'.repeat(2049)}'`, ''],
    ['tokens that differ', "st='a' serviceToken='b'", ''],
    ['no boolean', "m='yes'", ''],
    ['categories that contradict each other', "m='false' momentary='true'", ''],
    ['text', '', 'x'],
    ['parameters', '', "<p n='x'/>"],
    ['a field of another namespace', '', "<f xmlns='urn:x' n='x'/>"],
  ])('refuses %s', (_, attributes, children) => {
    expect(refusal(() => read(attributes, children))).toBe('bad-request');
  });

  it('refuses who is nobody', () => {
    expect(refusal(() => readRequest('can-read', canRead('')))).toBe('bad-request');
    expect(refusal(() => readRequest('can-read', canRead("jid='@'")))).toBe('jid-malformed');
  });

  it('refuses answers that say nothing', () => {
    const row = rowOf('can-read', 'nf');
    const ns = provisioningNs.nf;
    expect(refusal(() => row.readAnswer(undefined))).toBe('bad-request');
    expect(refusal(() => row.readAnswer(xml(`<canReadResponse xmlns='${ns}' ${JID}/>`)))).toBe('bad-request');
    expect(refusal(() => row.readAnswer(xml(`<canReadResponse xmlns='${ns}' result='true'/>`)))).toBe(
      'bad-request',
    );
  });
});
