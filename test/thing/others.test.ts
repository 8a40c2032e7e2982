import { afterEach, describe, expect, it } from 'vitest';
import { RequestRefused, SessionError, type Thing } from '../../src/thing/index.js';
import type { Element } from '../../src/xmpp/element.js';
import { DISCO, ThingRig } from '../actors/thing-rig.js';

const SD = 'urn:xmpp:iot:sensordata';
const CTR = 'urn:xmpp:iot:control';
const METER = 'meter@attic.local';
const noNode = { nodeId: 'meter', sourceId: '', cacheType: '' };

describe('a thing that deals with others', () => {
  const rig = new ThingRig();

  afterEach(() => rig.unplug());

  /** A lamp at a hub that gives no tokens. */
  const online = async (): Promise<Thing> => {
    await rig.plugIn();
    rig.hub.features = [DISCO];
    const thing = rig.make();
    await rig.online(thing);
    return thing;
  };
  const reply = (iq: Element, payload: string) =>
    rig.hub.sends(
      `<iq type="result" from="${iq.attribute('to')}" to="{jid}" id="${iq.attribute('id')}">${payload}</iq>`,
    );
  /** The next request to read; returns its seqnr. */
  const requested = async (to = `${METER}/x`, inner = ''): Promise<string> => {
    const iq = await rig.hub.receives(`<iq type="get" to="${to}"><req xmlns="${SD}">${inner}</req></iq>`);
    const seqnr = iq.elements()[0]?.attribute('seqnr') ?? '';
    reply(iq, `<accepted xmlns="${SD}" seqnr="${seqnr}"/>`);
    return seqnr;
  };
  const message = (payload: string, from = `${METER}/x`) =>
    rig.hub.sends(`<message from="${from}" to="{jid}">${payload}</message>`);

  it('reads values of all kinds, in parts, from the one that was asked only', async () => {
    const thing = await online();
    const reading = thing.read(`${METER}/x`, { fields: ['A'], categories: ['momentary', 'status'] });
    const seqnr = await requested(`${METER}/x`, '<field name="A"/>');
    const fields = (inner: string, done = '') =>
      `<fields xmlns="${SD}" seqnr="${seqnr}" ${done}><node nodeId="meter"><timestamp value="2026-01-01T00:00:00Z">${inner}</timestamp></node></fields>`;
    message(fields('<numeric name="Fake" value="1" unit="W"/>', 'done="true"'), `${METER}/y`);
    message(fields('<numeric name="Fake" value="1" unit="W"/>', 'done="true"'), 'eve@attic.local/x');
    message(`<started xmlns="${SD}" seqnr="${seqnr}"/>`);
    message(
      fields(
        `<numeric name="A" momentary="true" automaticReadout="true" value="-1.5e1" unit="W"/><boolean name="B" status="true" value="1"/>`,
      ),
    );
    message(fields('<enum name="C" value="on" dataType="State"/><int name="D" value="7"/>'));
    message(
      `<failure xmlns="${SD}" seqnr="${seqnr}" done="true"><error nodeId="meter" timestamp="2026-01-01T00:00:00">no sensor</error></failure>`,
    );
    const time = Date.UTC(2026, 0, 1);
    expect(await reading).toEqual({
      readings: [
        { node: noNode, time, name: 'A', value: -15, unit: 'W', categories: ['momentary'] },
        { node: noNode, time, name: 'B', value: true, categories: ['status'] },
        { node: noNode, time, name: 'C', value: 'on', categories: [] },
        { node: noNode, time, name: 'D', value: 7, categories: [] },
      ],
      failures: [{ node: noNode, text: 'no sensor' }],
    });
  });

  it('finds a friend where he is present, and says so where he is not', async () => {
    const thing = await online();
    await expect(thing.read(METER)).rejects.toMatchObject({ failure: 'unreachable' });
    rig.hub.sends(`<presence from="${METER}/a" to="{jid}"/>`);
    rig.hub.sends(`<presence from="${METER}/b" to="{jid}"/>`);
    rig.hub.sends(`<presence type="unavailable" from="${METER}/b" to="{jid}"/>`);
    await rig.settle();
    const reading = thing.read(`${METER}#s/n1`, { nodes: [{ nodeId: 'n2' }] });
    const seqnr = await requested(`${METER}/a`, '<node nodeId="n1" sourceId="s"/><node nodeId="n2"/>');
    message(`<done xmlns="${SD}" seqnr="${seqnr}"/>`, `${METER}/a`);
    expect(await reading).toEqual({ readings: [], failures: [] });
  });

  it('tells why nothing was read', async () => {
    const thing = await online();
    const refused = thing.read(`${METER}/x`);
    refused.catch(() => undefined);
    const iq = await rig.hub.receives(`<iq type="get"><req xmlns="${SD}"/></iq>`);
    rig.hub.sends(
      `<iq type="error" from="${METER}/x" to="{jid}" id="${iq.attribute('id')}"><error type="cancel"><forbidden xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>`,
    );
    await expect(refused).rejects.toBeInstanceOf(RequestRefused);
    const nonsense = thing.read(`${METER}/x`);
    nonsense.catch(() => undefined);
    const seqnr = await requested();
    message(
      `<fields xmlns="${SD}" seqnr="${seqnr}"><node nodeId="meter"><timestamp value="soon"/></node></fields>`,
    );
    await expect(nonsense).rejects.toMatchObject({ failure: 'protocol' });
    const silent = thing.read(`${METER}/x`);
    silent.catch(() => undefined);
    await requested();
    rig.clock.advance(60_000);
    await expect(silent).rejects.toMatchObject({ failure: 'unreachable' });
    await rig.hub.receives('<iq type="get" to="attic.local"><ping xmlns="urn:xmpp:ping"/></iq>');
  });

  it('sets parameters, and hears what of that was done', async () => {
    const thing = await online();
    const setting = thing.control(`${METER}/x`, {
      On: true,
      Level: 5,
      Ratio: 0.5,
      Name: 'a',
      Target: { type: 'double', value: 20 },
    });
    const iq =
      await rig.hub.receives(`<iq type="set" to="${METER}/x"><set xmlns="${CTR}"><boolean name="On" value="true"/>
      <int name="Level" value="5"/><double name="Ratio" value="0.5"/><string name="Name" value="a"/>
      <double name="Target" value="20"/></set></iq>`);
    reply(iq, `<setResponse xmlns="${CTR}"><parameter name="On"/></setResponse>`);
    expect(await setting).toEqual({ nodes: [], parameters: ['On'] });
    const old = thing.control(`${METER}/x`, { On: true });
    old.catch(() => undefined);
    reply(
      await rig.hub.receives(`<iq type="set"><set xmlns="${CTR}"/></iq>`),
      `<setResponse xmlns="${CTR}" responseCode="InsufficientPrivileges"/>`,
    );
    await expect(old).rejects.toMatchObject({ code: 'forbidden' });
    await expect(thing.control(`${METER}/x`, {})).rejects.toThrow('parameter');
    await expect(thing.control(`${METER}/x`, { Level: Number.NaN })).rejects.toThrow('finite');
    await thing.stop();
    await expect(thing.control(`${METER}/x`, { On: true })).rejects.toBeInstanceOf(SessionError);
  });

  it('asks for friendship, and waits for the word of the other and for its presence', async () => {
    const thing = await online();
    await expect(thing.befriend('no address')).rejects.toThrow('XMPP address');
    const wish = `<presence type="subscribe" to="${METER}"/>`;
    const [refused, same] = [thing.befriend(METER), thing.befriend(`${METER}/x`)];
    await rig.hub.receives(wish);
    rig.hub.sends('<presence type="unsubscribed" from="eve@attic.local" to="{jid}"/>');
    rig.hub.sends(`<presence type="unsubscribed" from="${METER}" to="{jid}"/>`);
    expect([await refused, await same]).toEqual(['refused', 'refused']);
    const away = thing.befriend(METER);
    await rig.hub.receives(wish);
    rig.clock.advance(30_000);
    expect(await away).toBe('later');
    const accepted = thing.befriend(METER);
    await rig.hub.receives(wish);
    rig.hub.sends(`<presence type="subscribed" from="${METER}" to="{jid}"/>`);
    rig.hub.sends(`<presence from="${METER}/a" to="{jid}"/>`);
    expect(await accepted).toBe('accepted');
    expect(await thing.befriend(METER)).toBe('accepted');
    expect(rig.hub.unread.filter((stanza) => stanza.attribute('type') === 'subscribe')).toEqual([]);
    await thing.stop();
    await expect(thing.befriend(METER)).rejects.toBeInstanceOf(SessionError);
  });
});
