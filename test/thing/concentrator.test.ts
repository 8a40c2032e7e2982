import { afterEach, describe, expect, it } from 'vitest';
import { decodeClaimCode } from '../../src/domain/claim-code.js';
import type { NodeOptions, Thing, ThingOptions } from '../../src/thing/index.js';
import type { Element } from '../../src/xmpp/element.js';
import { DISCO, HUB, OWNER, PROV, ThingRig } from '../actors/thing-rig.js';

const BERT = 'bert@attic.local';
const METER = 'id="m1" src="cupboard"';
const VALVE = 'id="v1" src="cupboard" pt="c"';
const SD = 'urn:xmpp:iot:sensordata';
const CTR = 'urn:xmpp:iot:control';
const meterNode = '<node nodeId="m1" sourceId="cupboard"/>';
const valveNode = '<node nodeId="v1" sourceId="cupboard" cacheType="c"/>';

describe('a concentrator', () => {
  const rig = new ThingRig();
  const opening = { value: 0 };

  afterEach(() => rig.unplug());

  const meter: NodeOptions = {
    nodeId: 'm1',
    sourceId: 'cupboard',
    kind: 'meter',
    tags: { SN: '7' },
    fields: [{ name: 'Power', unit: 'W', read: () => 230 }],
  };
  const valve: NodeOptions = {
    nodeId: 'v1',
    sourceId: 'cupboard',
    cacheType: 'c',
    kind: 'valve',
    fields: [{ name: 'Opening', unit: '%', read: () => opening.value }],
    parameters: [
      {
        name: 'Opening',
        type: 'int',
        min: 0,
        max: 100,
        get: () => opening.value,
        set: (value) => {
          opening.value = value;
        },
      },
    ],
  };
  const server = { host: '192.0.2.1', port: 5222 };
  const make = (changes: Partial<ThingOptions> = {}): Thing =>
    rig.makeOf({ kind: 'rack', folder: '/var/lib/rack', server, nodes: [meter, valve], ...changes });

  /** Answers the registration of a node. */
  const registers = async (node: string, owner?: string): Promise<Element> => {
    const iq = await rig.hub.receives(`<iq type="set" to="${HUB}"><register xmlns="${DISCO}" ${node}/></iq>`);
    const claimed =
      owner === undefined ? '' : `<claimed xmlns="${DISCO}" jid="${owner}" ${node} public="true"/>`;
    rig.hub.sends(`<iq type="result" from="${HUB}" to="{jid}" id="${iq.attribute('id')}">${claimed}</iq>`);
    return iq;
  };

  const online = async (thing: Thing, meterOwner?: string, valveOwner?: string): Promise<void> => {
    const started = thing.start();
    await registers(METER, meterOwner);
    await registers(VALVE, valveOwner);
    await started;
    await rig.hub.receives('<presence/>');
  };

  const refused = (id: string, condition: string) =>
    rig.hub.receives(
      `<iq type="error" id="${id}"><error><${condition} xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>`,
    );

  it('registers each node with its own tags, KEY and claim code, the same after a restart', async () => {
    await rig.plugIn();
    const first = make();
    const started = first.start();
    const iqs = [await registers(METER), await registers(VALVE)];
    await started;
    expect(first.claimCode).toBeUndefined();
    expect(first.claimCodes.map(({ kind, node }) => [kind, node])).toEqual([
      ['meter', { nodeId: 'm1', sourceId: 'cupboard', cacheType: '' }],
      ['valve', { nodeId: 'v1', sourceId: 'cupboard', cacheType: 'c' }],
    ]);
    const codes = first.claimCodes.map(({ claimCode }) => decodeClaimCode(claimCode));
    const keys = codes.map(({ tags }) => tags.find(({ name }) => name === 'KEY')?.value);
    expect(new Set(keys).size).toBe(2);
    for (const [at, iq] of iqs.entries())
      expect(
        iq
          .elements()[0]
          ?.elements()
          .map((tag) => [tag.attribute('name'), tag.attribute('value')]),
      ).toEqual(codes[at]?.tags.map(({ name, value }) => [name, value]));
    const before = first.claimCodes;
    await first.stop();
    const second = make();
    await online(second);
    expect(second.claimCodes).toEqual(before);
  });

  it('hears claimed, removed and disowned of each node by itself', async () => {
    await rig.plugIn();
    const thing = make();
    await online(thing);
    const notice = async (id: string, payload: string) => {
      rig.hub.sends(`<iq type="set" from="${HUB}" to="{jid}" id="${id}">${payload}</iq>`);
      await rig.hub.receives(`<iq type="result" id="${id}"/>`);
    };
    const [meterCode, valveCode] = thing.claimCodes.map(({ claimCode }) => claimCode);
    const claimed = rig.next(thing, 'claimed');
    await notice('c1', `<claimed xmlns="${DISCO}" jid="${OWNER}" ${METER} public="true"/>`);
    const node = { nodeId: 'm1', sourceId: 'cupboard', cacheType: '' };
    expect(await claimed).toEqual({ owner: OWNER, public: true, node });
    await notice('c2', `<claimed xmlns="${DISCO}" jid="${BERT}" ${VALVE} public="true"/>`);
    const removed = rig.next(thing, 'removed');
    await notice('r1', `<removed xmlns="${DISCO}" ${METER}/>`);
    expect(await removed).toEqual({ registry: HUB, node });
    expect(await thing.update({ ROOM: 'attic' }, meter)).toBe('removed');
    await notice('d1', `<disowned xmlns="${DISCO}" ${VALVE}/>`);
    rig.clock.advance(0);
    await registers(VALVE);
    expect(thing.claimCodes[0]?.claimCode).toBe(meterCode);
    expect(thing.claimCodes[1]?.claimCode).not.toBe(valveCode);
    expect(await thing.update({ ROOM: 'attic' }, valve)).toBe('later');
    await expect(thing.update({ ROOM: 'attic' })).rejects.toThrow('which node');
    for (const [id, attributes] of [
      ['x1', ''],
      ['x2', 'id="m1"'],
      ['x3', 'id="m1" src="cupboard" pt="c"'],
    ]) {
      rig.hub.sends(`<iq type="set" from="${HUB}" to="{jid}" id="${id}">
        <claimed xmlns="${DISCO}" jid="eve@attic.local" ${attributes}/></iq>`);
      await refused(id ?? '', 'item-not-found');
    }
  });

  it('goes online where the registry takes some nodes only, and tries the others later', async () => {
    await rig.plugIn();
    const thing = make();
    const started = thing.start();
    const refuse = async (node: string) => {
      const iq = await rig.hub.receives(`<iq type="set"><register xmlns="${DISCO}" ${node}/></iq>`);
      rig.hub.sends(`<iq type="error" from="${HUB}" to="{jid}" id="${iq.attribute('id')}"><error type="wait">
        <resource-constraint xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>`);
    };
    await refuse(METER);
    await registers(VALVE);
    await started;
    rig.clock.advance(15_000);
    await registers(METER, OWNER);
    const trouble = rig.next(thing, 'trouble');
    rig.hub.stream?.close();
    const { retryIn } = await trouble;
    const worse = rig.next(thing, 'trouble');
    rig.clock.advance(retryIn);
    await refuse(METER);
    await refuse(VALVE);
    expect((await worse).error.message).toContain('resource-constraint');
  });

  it('lets each owner read his node only, whatever else he owns there', async () => {
    await rig.plugIn();
    const thing = make();
    await online(thing, OWNER, BERT);
    const req = (id: string, from: string, node: string) =>
      rig.hub.sends(
        `<iq type="get" from="${from}/x" to="{jid}" id="${id}"><req xmlns="${SD}" seqnr="1">${node}</req></iq>`,
      );
    const read = rig.next(thing, 'read');
    req('a1', OWNER, meterNode);
    await rig.hub.receives('<iq type="result" id="a1"/>');
    rig.clock.advance(0);
    await rig.hub.receives(`<message to="${OWNER}/x"><fields xmlns="${SD}" seqnr="1" done="true">
      <node nodeId="m1" sourceId="cupboard"><timestamp><numeric name="Power" value="230" unit="W"/></timestamp></node>
      </fields></message>`);
    expect(await read).toMatchObject({ by: OWNER, fields: ['Power'], node: { nodeId: 'm1' } });
    req('a2', OWNER, valveNode);
    const asked = await rig.answerMay('Read', OWNER, 'result="false"');
    expect(
      asked
        .elements()[0]
        ?.elements()
        .map(({ attributes }) => ({ ...attributes })),
    ).toEqual([{ id: 'v1', src: 'cupboard', pt: 'c' }]);
    await refused('a2', 'forbidden');
    // His own is read, the other passed over.
    req('a3', OWNER, meterNode + valveNode);
    await rig.hub.receives('<iq type="result" id="a3"/>');
    rig.clock.advance(0);
    const values = await rig.hub.receives(
      `<message><fields xmlns="${SD}" done="true"><node nodeId="m1"/></fields></message>`,
    );
    expect(values.elements()[0]?.elements()).toHaveLength(1);
    req('a4', OWNER, '<node nodeId="nobody"/>');
    await refused('a4', 'item-not-found');
    req('a5', OWNER, '');
    await refused('a5', 'item-not-found');
    req('b1', 'eve@attic.local', meterNode);
    await rig.answerMay('Read', 'eve@attic.local', 'result="false"');
    await refused('b1', 'forbidden');
    req('b2', 'eve@attic.local', '<node nodeId="nobody"/>');
    await refused('b2', 'forbidden');
    expect(rig.hub.unread).toEqual([]);
  });

  it('lets others read what the hub allows of its nodes', async () => {
    await rig.plugIn();
    await online(make(), OWNER, OWNER);
    rig.hub.sends(`<iq type="get" from="bob@attic.local/x" to="{jid}" id="r1"><req xmlns="${SD}" seqnr="1">
      ${meterNode}${valveNode}</req></iq>`);
    await rig.answerMay('Read', 'bob@attic.local', 'result="true" all="true"');
    await rig.hub.receives('<iq type="result" id="r1"/>');
    rig.clock.advance(0);
    await rig.hub.receives(`<message><fields xmlns="${SD}" done="true"><node nodeId="m1"/><node nodeId="v1" cacheType="c"/>
      </fields></message>`);
  });

  it('is controlled node by node', async () => {
    await rig.plugIn();
    opening.value = 0;
    const thing = make();
    await online(thing, BERT, OWNER);
    const set = (id: string, from: string, node: string) =>
      rig.hub.sends(`<iq type="set" from="${from}/x" to="{jid}" id="${id}"><set xmlns="${CTR}">${node}
        <int name="Opening" value="50"/></set></iq>`);
    const controlled = rig.next(thing, 'control');
    set('c1', OWNER, valveNode);
    await rig.hub.receives(`<iq type="result" id="c1"><setResponse xmlns="${CTR}"/></iq>`);
    expect(await controlled).toMatchObject({ by: OWNER, node: { nodeId: 'v1' } });
    expect(opening.value).toBe(50);
    opening.value = 1;
    set('c2', BERT, valveNode);
    await rig.answerMay('Control', BERT, 'result="false"');
    await refused('c2', 'forbidden');
    set('c3', OWNER, meterNode + valveNode);
    await rig.answerMay('Control', OWNER, 'result="false"');
    await rig.hub.receives(
      `<iq type="result" id="c3"><setResponse xmlns="${CTR}">${valveNode}</setResponse></iq>`,
    );
    expect(opening.value).toBe(50);
    opening.value = 1;
    set('c4', OWNER, '');
    await refused('c4', 'item-not-found');
    set('c5', BERT, meterNode);
    await refused('c5', 'bad-request');
    expect(opening.value).toBe(1);
    rig.hub.sends(
      `<iq type="get" from="${OWNER}/x" to="{jid}" id="f1"><getForm xmlns="${CTR}">${valveNode}</getForm></iq>`,
    );
    await rig.hub.receives(`<iq type="result" id="f1"><x xmlns="jabber:x:data"><title>valve</title>
      <field var="Opening"><value>1</value></field></x></iq>`);
    rig.hub.sends(
      `<iq type="get" from="${OWNER}/x" to="{jid}" id="f2"><getForm xmlns="${CTR}">${valveNode}${meterNode}</getForm></iq>`,
    );
    await refused('f2', 'bad-request');
  });

  it('befriends the owner of any node, and asks about everybody else', async () => {
    await rig.plugIn();
    await online(make(), OWNER, BERT);
    for (const owner of [OWNER, BERT]) {
      rig.hub.sends(`<presence type="subscribe" from="${owner}" to="{jid}"/>`);
      await rig.hub.receives(`<presence type="subscribed" to="${owner}"/>`);
    }
    rig.hub.sends('<presence type="subscribe" from="eve@attic.local" to="{jid}"/>');
    await rig.answerIsFriend('eve@attic.local', false);
    await rig.hub.receives('<presence type="unsubscribed" to="eve@attic.local"/>');
    rig.hub.sends(
      `<iq type="set" from="${HUB}" to="{jid}" id="cc"><clearCache xmlns="${PROV}" id="m1"/></iq>`,
    );
    await rig.hub.receives('<iq type="result" id="cc"/>');
  });

  it('refuses options that make no concentrator', async () => {
    await rig.plugIn();
    await expect(make({ nodes: [] }).start()).rejects.toThrow('has nodes');
    await expect(make({ nodes: [meter, meter] }).start()).rejects.toThrow('same name');
    await expect(make({ nodes: [{ ...meter, nodeId: '' }] }).start()).rejects.toThrow('nodeId');
    await expect(make({ nodes: [{ ...meter, nodeId: 'n'.repeat(1025) }] }).start()).rejects.toThrow('longer');
    await expect(make({ nodes: [{ ...meter, kind: 'a meter' }] }).start()).rejects.toThrow('kind');
    await expect(make({ tags: { SN: '1' } }).start()).rejects.toThrow('its nodes');
    await rig.files.write('/var/lib/rack/identity.json', '{"key":"K","nodes":{"#m1":{"key":""}}}');
    await expect(make().start()).rejects.toThrow('damaged');
  });

  it('abuse 38: keeps apart nodes with names that mean something to the language', async () => {
    await rig.plugIn();
    const names = ['__proto__', 'constructor', 'toString'];
    const nodes = names.map((nodeId) => ({ nodeId, kind: 'meter' }));
    const first = make({ nodes });
    const started = first.start();
    for (const name of names) await registers(`id="${name}"`);
    await started;
    const before = first.claimCodes;
    expect(new Set(before.map(({ claimCode }) => claimCode)).size).toBe(3);
    await first.stop();
    const second = make({ nodes });
    const again = second.start();
    for (const name of names) await registers(`id="${name}"`);
    await again;
    expect(second.claimCodes).toEqual(before);
  });
});
