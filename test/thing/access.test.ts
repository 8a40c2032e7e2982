import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { NodeOptions, Thing } from '../../src/thing/index.js';
import type { Element } from '../../src/xmpp/element.js';
import { DISCO, HUB, OWNER, PROV, ThingRig } from '../actors/thing-rig.js';

const SD = 'urn:xmpp:iot:sensordata';
const CTR = 'urn:xmpp:iot:control';
const BOB = 'bob@attic.local';
const NODES = ['n1', 'n2', 'n3'];
const NAMES = ['A', 'B', 'C'];

describe('what the hub allows in part', () => {
  const rig = new ThingRig();
  const values = new Map<string, number>();
  let id = 0;

  afterEach(() => rig.unplug());

  const nodeOf = (nodeId: string): NodeOptions => ({
    nodeId,
    kind: 'box',
    fields: NAMES.map((name, at) => ({
      name,
      kind: at === 2 ? 'status' : 'momentary',
      read: () => `${nodeId}${name}`,
    })),
    parameters: NAMES.map((name) => ({
      name,
      type: 'int',
      get: () => values.get(`${nodeId}${name}`) ?? 0,
      set: (value) => void values.set(`${nodeId}${name}`, value),
    })),
  });

  /** Starts a rack with three nodes of three fields and parameters, which belong to anna. */
  const start = async (): Promise<Thing> => {
    const server = { host: '192.0.2.1', port: 5222 };
    const thing = rig.makeOf({ kind: 'rack', folder: '/var/lib/rack', server, nodes: NODES.map(nodeOf) });
    const started = thing.start();
    for (const nodeId of NODES) {
      const iq = await rig.hub.receives(`<iq type="set"><register xmlns="${DISCO}" id="${nodeId}"/></iq>`);
      rig.hub.sends(`<iq type="result" from="${HUB}" to="{jid}" id="${iq.attribute('id')}">
        <claimed xmlns="${DISCO}" jid="${OWNER}" id="${nodeId}" public="true"/></iq>`);
    }
    await started;
    await rig.hub.receives('<presence/>');
    return thing;
  };

  const rack = async (): Promise<Thing> => {
    await rig.plugIn();
    values.clear();
    return start();
  };

  const nodesXml = NODES.map((nodeId) => `<node nodeId="${nodeId}"/>`).join('');
  const said = (nodes: readonly string[], names: readonly string[], element: string) =>
    nodes.map((nodeId) => `<nd id="${nodeId}"/>`).join('') +
    names.map((name) => `<${element}="${name}"/>`).join('');

  /** Bob reads everything; resolves with the values that he gets, or `undefined` where he is refused. */
  const read = async (attributes: string, answer: string): Promise<string[] | undefined> => {
    const key = `r${id++}`;
    rig.hub.sends(
      `<iq type="get" from="${BOB}/${key}" to="{jid}" id="${key}"><req xmlns="${SD}" seqnr="${id}">${nodesXml}</req></iq>`,
    );
    await rig.answerMay('Read', BOB, attributes, answer);
    const reply = await rig.hub.receives(`<iq id="${key}"/>`);
    if (reply.attribute('type') === 'error') return undefined;
    rig.clock.advance(0);
    const message = await rig.hub.receives(`<message to="${BOB}/${key}"/>`);
    return leaves(message).flatMap((leaf) => leaf.attribute('value') ?? []);
  };

  const clear = async () => {
    const key = `c${id++}`;
    rig.hub.sends(`<iq type="set" from="${HUB}" to="{jid}" id="${key}"><clearCache xmlns="${PROV}"/></iq>`);
    await rig.hub.receives(`<iq type="result" id="${key}"/>`);
  };

  it('abuse 43: reads exactly the nodes, fields and categories of the answer, and never more', async () => {
    await rack();
    const subset = (of: readonly string[]) => fc.subarray([...of, 'nothing']);
    await fc.assert(
      fc.asyncProperty(
        subset(NODES),
        subset(NAMES),
        fc.subarray(['m', 's', 'p']),
        async (nodes, names, categories) => {
          const attributes = `result="true" ${categories.map((name) => `${name}="true"`).join(' ')}`;
          const got = await read(attributes, said(nodes, names, 'f n'));
          const meant = (nodes.length === 0 ? NODES : nodes).filter((node) => node !== 'nothing');
          const wanted = meant.flatMap((node) =>
            NAMES.filter((name) => names.length === 0 || names.includes(name))
              .filter((name) => categories.includes(name === 'C' ? 's' : 'm'))
              .map((name) => `${node}${name}`),
          );
          expect([...(got ?? [])].sort()).toEqual(wanted.sort());
          if (meant.length === 0) expect(got).toBeUndefined();
          await clear();
        },
      ),
      { numRuns: 60 },
    );
  });

  it('controls exactly what is allowed, and tells the caller what that was', async () => {
    await rack();
    const set = async (attributes: string, answer: string): Promise<Element> => {
      const key = `k${id++}`;
      rig.hub.sends(`<iq type="set" from="${BOB}/x" to="{jid}" id="${key}"><set xmlns="${CTR}">${nodesXml}
        <int name="A" value="1"/><int name="B" value="2"/></set></iq>`);
      await rig.answerMay('Control', BOB, attributes, answer);
      return rig.hub.receives(`<iq id="${key}"/>`);
    };
    const told = (reply: Element) =>
      leaves(reply).flatMap((leaf) => leaf.attribute('nodeId') ?? leaf.attribute('name') ?? []);

    expect(told(await set('result="true"', said(['n2', 'n3'], [], 'parameter name')))).toEqual(['n2', 'n3']);
    expect([...values.keys()]).toEqual(['n2A', 'n2B', 'n3A', 'n3B']);
    values.clear();
    await clear();
    expect(told(await set('result="true"', said([], ['B'], 'parameter name')))).toEqual(['B']);
    expect([...values.keys()]).toEqual(['n1B', 'n2B', 'n3B']);
    values.clear();
    await clear();
    expect(told(await set('result="true"', said(['n1'], ['A'], 'p n')))).toEqual(['n1', 'A']);
    expect([...values]).toEqual([['n1A', 1]]);
    values.clear();
    await clear();
    expect(told(await set('result="true"', ''))).toEqual([]);
    expect(values.size).toBe(6);
    values.clear();
    await clear();
    const refused = await set('result="true"', said([], ['C'], 'parameter name'));
    expect(refused.attribute('type')).toBe('error');
    expect(JSON.stringify(refused)).not.toContain('"C"');
    await clear();
    expect((await set('result="false"', '')).attribute('type')).toBe('error');
    expect(values.size).toBe(0);
  });

  it('shows the form of what may be controlled only', async () => {
    await rack();
    rig.hub.sends(
      `<iq type="get" from="${BOB}/x" to="{jid}" id="f"><getForm xmlns="${CTR}" userToken="T"><node nodeId="n1"/></getForm></iq>`,
    );
    const asked = await rig.answerMay('Control', BOB, 'result="true"', said(['n1'], ['B'], 'p n'));
    expect(asked.elements()[0]?.attribute('ut')).toBe('T');
    const form = await rig.hub.receives('<iq type="result" id="f"/>');
    expect(
      form
        .elements()[0]
        ?.elements()
        .flatMap((field) => field.attribute('var') ?? []),
    ).toEqual(['B']);
  });

  it('asks each exact question once, yes and no, over a restart too; errors are no answers', async () => {
    const first = await rack();
    const req = (key: string, inner: string, attributes = '') =>
      rig.hub.sends(
        `<iq type="get" from="${BOB}/x" to="{jid}" id="${key}"><req xmlns="${SD}" seqnr="1" ${attributes}>${inner}</req></iq>`,
      );
    const n1 = '<node nodeId="n1"/>';
    req('a', n1);
    const iq = await rig.hub.receives(`<iq type="get"><canRead xmlns="${PROV}"/></iq>`);
    rig.hub.sends(`<iq type="error" from="${HUB}" to="{jid}" id="${iq.attribute('id')}"><error type="wait">
      <internal-server-error xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>`);
    await rig.hub.receives(
      '<iq type="error" id="a"><error><recipient-unavailable xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>',
    );
    req('b', n1);
    await rig.answerMay('Read', BOB, 'result="false"');
    await rig.hub.receives('<iq type="error" id="b"/>');
    req('c', n1);
    await rig.hub.receives('<iq type="error" id="c"/>');
    // Another exact question: with a token, with other categories, with another node.
    for (const [key, inner, attributes] of [
      ['d', n1, 'serviceToken="S1 S2" userToken="U"'],
      ['e', n1, 'momentary="true"'],
      ['f', `${n1}<field name="A"/>`, ''],
      ['g', '<node nodeId="n2"/>', ''],
    ] as const) {
      req(key, inner, attributes);
      const asked = await rig.answerMay('Read', BOB, 'result="true" all="true"');
      if (key === 'd')
        expect({ ...asked.elements()[0]?.attributes }).toMatchObject({ st: 'S1 S2', ut: 'U', all: 'true' });
      await rig.hub.receives(`<iq type="result" id="${key}"/>`);
      rig.clock.advance(0);
    }
    await first.stop();
    const kept = rig.files.read('/var/lib/rack/answers.json');
    expect(String(await kept)).not.toContain('S1');
    await start();
    req('h', '<node nodeId="n2"/>');
    await rig.hub.receives('<iq type="result" id="h"/>');
    rig.clock.advance(0);
    req('i', n1);
    await rig.hub.receives('<iq type="error" id="i"/>');
    await clear();
    req('j', n1);
    await rig.answerMay('Read', BOB, 'result="true" all="true"');
    await rig.hub.receives('<iq type="result" id="j"/>');
    rig.clock.advance(0);
  });

  it('believes no answer about somebody else', async () => {
    await rack();
    rig.hub.sends(
      `<iq type="get" from="${BOB}/x" to="{jid}" id="a"><req xmlns="${SD}" seqnr="1">${nodesXml}</req></iq>`,
    );
    const iq = await rig.hub.receives(`<iq type="get"><canRead xmlns="${PROV}" jid="${BOB}"/></iq>`);
    rig.hub.sends(`<iq type="result" from="${HUB}" to="{jid}" id="${iq.attribute('id')}">
      <canReadResponse xmlns="${PROV}" jid="${OWNER}" all="true" result="true"/></iq>`);
    await rig.hub.receives('<iq type="error" id="a"/>');
  });

  it('takes a node without its source for all nodes of that id', async () => {
    await rig.plugIn();
    const server = { host: '192.0.2.1', port: 5222 };
    const nodes = ['x', 'y'].map((sourceId) => ({ ...nodeOf('n1'), sourceId }));
    const thing = rig.makeOf({ kind: 'rack', folder: '/var/lib/rack', server, nodes });
    const started = thing.start();
    for (const source of ['x', 'y']) {
      const iq = await rig.hub.receives(`<iq type="set"><register xmlns="${DISCO}" src="${source}"/></iq>`);
      rig.hub.sends(`<iq type="result" from="${HUB}" to="{jid}" id="${iq.attribute('id')}"/>`);
    }
    await started;
    rig.hub.sends(
      `<iq type="get" from="${BOB}/x" to="{jid}" id="a"><req xmlns="${SD}" seqnr="1"><node nodeId="n1"/></req></iq>`,
    );
    const asked = await rig.answerMay('Read', BOB, 'result="true" all="true"', '<nd id="n1" src="y"/>');
    expect(leaves(asked).map((leaf) => leaf.attribute('src'))).toEqual(['x', 'y']);
    await rig.hub.receives('<iq type="result" id="a"/>');
    rig.clock.advance(0);
    const values = await rig.hub.receives('<message/>');
    expect(
      values
        .elements()[0]
        ?.elements()
        .map((node) => node.attribute('sourceId')),
    ).toEqual(['y']);
  });
});

/** The innermost elements. */
function leaves(element: Element): Element[] {
  const inner = element.elements();
  return inner.length === 0 ? [element] : inner.flatMap(leaves);
}
