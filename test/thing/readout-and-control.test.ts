import { afterEach, describe, expect, it } from 'vitest';
import { DISCO, HUB, OWNER, PROV, ThingRig } from '../actors/thing-rig.js';

describe('readout and control', () => {
  const rig = new ThingRig();

  afterEach(() => rig.unplug());

  it('lets its owner read, and tells the fields that failed', async () => {
    await rig.plugIn();
    const thing = rig.make();
    await rig.online(thing, OWNER);
    const read = rig.next(thing, 'read');
    const req = '<req xmlns="urn:xmpp:iot:sensordata" seqnr="7" all="true"/>';
    rig.hub.sends(`<iq type="get" from="${OWNER}/phone" to="{jid}" id="r1">${req}</iq>`);
    await rig.hub.receives(
      '<iq type="result" id="r1"><accepted xmlns="urn:xmpp:iot:sensordata" seqnr="7"/></iq>',
    );
    rig.clock.advance(0);
    await rig.hub.receives(`<message to="${OWNER}/phone"><fields xmlns="urn:xmpp:iot:sensordata" seqnr="7"><node><timestamp value="2026-01-01T00:00:00Z">
      <numeric name="Power" momentary="true" automaticReadout="true" value="7.3" unit="W"/>
      <string name="Serial" identity="true" value="0042"/></timestamp></node></fields></message>`);
    await rig.hub.receives(
      '<message><failure xmlns="urn:xmpp:iot:sensordata" seqnr="7" done="true"><error>Broken: no sensor</error></failure></message>',
    );
    expect(await read).toEqual({ by: OWNER, fields: ['Power', 'Serial', 'Broken'] });
  });

  it('reads the fields that were asked for, by name or category', async () => {
    await rig.plugIn();
    await rig.online(rig.make(), OWNER);
    const ask = async (id: string, req: string): Promise<void> => {
      rig.hub.sends(`<iq type="get" from="${OWNER}/phone" to="{jid}" id="${id}">${req}</iq>`);
      await rig.hub.receives(`<iq type="result" id="${id}"/>`);
      rig.clock.advance(0);
    };
    await ask('n', '<req xmlns="urn:xmpp:iot:sensordata" seqnr="1"><field name="Power"/></req>');
    const byName = await rig.hub.receives(
      '<message><fields xmlns="urn:xmpp:iot:sensordata" seqnr="1" done="true"/></message>',
    );
    expect(JSON.stringify(byName)).not.toContain('Serial');
    await ask('k', '<req xmlns="urn:xmpp:iot:sensordata" seqnr="2" identity="true"/>');
    const byKind = await rig.hub.receives(
      '<message><fields xmlns="urn:xmpp:iot:sensordata" seqnr="2" done="true"/></message>',
    );
    expect(JSON.stringify(byKind)).not.toContain('Power');
    await ask('h', '<req xmlns="urn:xmpp:iot:sensordata" seqnr="3" historicalDay="true"/>');
    await rig.hub.receives('<message><done xmlns="urn:xmpp:iot:sensordata" seqnr="3"/></message>');
  });

  it.each([
    ['<req xmlns="urn:xmpp:iot:sensordata" seqnr="x"/>', 'bad-request'],
    ['<req xmlns="urn:xmpp:iot:sensordata" seqnr="1" momentary="maybe"/>', 'bad-request'],
    ['<req xmlns="urn:xmpp:iot:sensordata" seqnr="1" when="2026-01-01T00:00:00"/>', 'bad-request'],
    ['<req xmlns="urn:xmpp:iot:sensordata" seqnr="1"><node nodeId="N1"/></req>', 'item-not-found'],
    ['<set xmlns="urn:xmpp:iot:control"/>', 'bad-request'],
    [
      '<set xmlns="urn:xmpp:iot:control"><node nodeId="N1"/><int name="Brightness" value="1"/></set>',
      'item-not-found',
    ],
    ['<set xmlns="urn:xmpp:iot:control"><int name="Colour" value="1"/></set>', 'bad-request'],
    ['<set xmlns="urn:xmpp:iot:control"><string name="Brightness" value="1"/></set>', 'bad-request'],
    ['<set xmlns="urn:xmpp:iot:control"><int name="Brightness" value="101"/></set>', 'bad-request'],
    ['<set xmlns="urn:xmpp:iot:control"><int name="Brightness" value="1e1"/></set>', 'bad-request'],
    ['<set xmlns="urn:xmpp:iot:control"><int name="Brightness" value=""/></set>', 'bad-request'],
    ['<unknown xmlns="urn:example"/>', 'service-unavailable'],
  ])('refuses %s of its owner', async (payload, condition) => {
    await rig.plugIn();
    await rig.online(rig.make(), OWNER);
    rig.brightness.value = 40;
    rig.hub.sends(`<iq type="set" from="${OWNER}/phone" to="{jid}" id="w1">${payload}</iq>`);
    await rig.hub.receives(
      `<iq type="error" id="w1"><error><${condition} xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>`,
    );
    expect(rig.brightness.value).toBe(40);
  });

  it('refuses strangers without a word on what it has', async () => {
    await rig.plugIn();
    await rig.online(rig.make(), OWNER);
    rig.brightness.value = 40;
    const payloads = [
      '<req xmlns="urn:xmpp:iot:sensordata" seqnr="7" all="true"/>',
      '<set xmlns="urn:xmpp:iot:control"><int name="Brightness" value="1"/></set>',
      '<set xmlns="urn:xmpp:iot:control"><int name="Nothing" value="1"/></set>',
    ];
    for (const [at, payload] of payloads.entries()) {
      rig.hub.sends(`<iq type="set" from="bob@attic.local/x" to="{jid}" id="s${at}">${payload}</iq>`);
      await rig.answerMay(at === 0 ? 'Read' : 'Control', 'bob@attic.local', 'result="false"');
      const refusal = await rig.hub.receives(
        `<iq type="error" id="s${at}"><error><forbidden xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>`,
      );
      expect(JSON.stringify(refusal)).not.toContain('Brightness');
    }
    expect(rig.brightness.value).toBe(40);
  });

  it('is controlled by iq, by message and by form', async () => {
    await rig.plugIn();
    const thing = rig.make();
    await rig.online(thing, OWNER);
    const set = (value: number) =>
      `<set xmlns="urn:xmpp:iot:control"><int name="Brightness" value="${value}"/></set>`;
    rig.hub.sends(`<iq type="set" from="${OWNER}/phone" to="{jid}" id="k1">${set(10)}</iq>`);
    await rig.hub.receives('<iq type="result" id="k1"><setResponse xmlns="urn:xmpp:iot:control"/></iq>');
    expect(rig.brightness.value).toBe(10);
    const controlled = rig.next(thing, 'control');
    rig.hub.sends(`<message from="${OWNER}/phone" to="{jid}">${set(11)}</message>`);
    expect(await controlled).toEqual({ by: OWNER, parameters: ['Brightness'] });
    expect(rig.brightness.value).toBe(11);
    rig.hub.sends(`<message from="${OWNER}/phone" to="{jid}">${set(1000)}</message>`);
    rig.hub.sends(
      `<iq type="get" from="${OWNER}/phone" to="{jid}" id="k2"><getForm xmlns="urn:xmpp:iot:control"/></iq>`,
    );
    await rig.hub.receives(`<iq type="result" id="k2"><x xmlns="jabber:x:data" type="form"><field var="Brightness" type="text-single"><value>11</value>
      <validate xmlns="http://jabber.org/protocol/xdata-validate" datatype="xs:int"><range min="0" max="100"/></validate></field></x></iq>`);
    rig.hub.sends(`<iq type="set" from="${OWNER}/phone" to="{jid}" id="k3"><set xmlns="urn:xmpp:iot:control"><x xmlns="jabber:x:data" type="submit">
      <field var="xdd session" type="hidden"><value>s</value></field><field var="Brightness"><value>12</value></field></x></set></iq>`);
    await rig.hub.receives('<iq type="result" id="k3"><setResponse xmlns="urn:xmpp:iot:control"/></iq>');
    expect(rig.brightness.value).toBe(12);
    rig.hub.sends(`<iq type="set" from="${OWNER}/phone" to="{jid}" id="k4">${set(101)}</iq>`);
    await rig.hub.receives(
      '<iq type="error" id="k4"><error type="modify"><bad-request xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/><paramError xmlns="urn:xmpp:iot:control" var="Brightness">Invalid parameter value.</paramError></error></iq>',
    );
    expect(rig.hub.unread).toEqual([]);
  });

  it('says what it can', async () => {
    await rig.plugIn();
    await rig.online(rig.make());
    rig.hub.sends(
      `<iq type="get" from="${HUB}" to="{jid}" id="d"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>`,
    );
    const answer =
      await rig.hub.receives(`<iq type="result" id="d"><query xmlns="http://jabber.org/protocol/disco#info">
      <feature var="urn:xmpp:ping"/><feature var="urn:xmpp:iot:sensordata"/><feature var="urn:xmpp:iot:control"/>
      </query></iq>`);
    const features = answer
      .elements()[0]
      ?.elements()
      .map((feature) => feature.attribute('var'));
    // Others would take it for a registry or a provisioning server.
    for (const service of [DISCO, PROV, 'urn:xmpp:iot:provisioning', 'urn:nf:iot:prov:t:1.0'])
      expect(features).not.toContain(service);
  });
});
