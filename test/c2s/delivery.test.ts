import { describe, expect, it } from 'vitest';
import { until } from '../xmpp/recording.js';
import { ServerStage } from './server-stage.js';

const BODY = '<body>hello</body>';
const UNAVAILABLE = "<error><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";

/** An owner with a phone of priority 1 and a silent camera of priority -1, and a lamp. */
async function home() {
  const hub = await new ServerStage().opens('lamp', 'owner');
  const lamp = await hub.available('lamp');
  const phone = await (await hub.session('owner', 'phone')).appears(
    '<presence><priority>1</priority></presence>',
  );
  const camera = await (await hub.session('owner', 'camera')).appears(
    '<presence><priority>-1</priority></presence>',
  );
  await phone.hears(`<presence from='${camera.jid}'/>`);
  await camera.hears(`<presence from='${phone.jid}'/>`);
  return { hub, lamp, phone, camera };
}

describe('delivery (RFC 6121 §8.5)', () => {
  it('brings a message for an account to its best resource, never to one of negative priority', async () => {
    const { lamp, phone, camera } = await home();
    lamp.sends(`<message to='owner@home.local'>${BODY}</message>`);
    await phone.hears(`<message from='${lamp.jid}' to='owner@home.local'>${BODY}</message>`);
    lamp.sends(`<message type='chat' to='owner@home.local/gone'>${BODY}</message>`);
    await phone.hears(`<message type='chat'>${BODY}</message>`);
    lamp.sends(`<message to='${camera.jid}'>${BODY}</message>`);
    await camera.hears(`<message to='${camera.jid}'>${BODY}</message>`);
    expect(await camera.hearsAll()).toEqual([]);
  });

  it('brings back what finds nobody, and never an error for an error', async () => {
    const { lamp, phone, camera } = await home();
    camera.leaves();
    phone.sends("<presence type='unavailable'/>");
    await phone.hearsAll();
    lamp.sends(`<message to='owner@home.local' id='1'>${BODY}</message>`);
    await lamp.hears(`<message type='error' id='1' from='owner@home.local'>${UNAVAILABLE}</message>`);
    lamp.sends(`<message to='nobody@home.local' id='2'>${BODY}</message>`);
    await lamp.hears(`<message type='error' id='2'>${UNAVAILABLE}</message>`);
    lamp.sends(`<message type='groupchat' to='${phone.jid}x' id='3'>${BODY}</message>`);
    await lamp.hears(`<message type='error' id='3'>${UNAVAILABLE}</message>`);
    lamp.sends("<iq type='get' to='owner@home.local/gone' id='4'><ping xmlns='urn:xmpp:ping'/></iq>");
    await lamp.hears(`<iq type='error' id='4'>${UNAVAILABLE}</iq>`);
    lamp.sends(`<message type='headline' to='owner@home.local'>${BODY}</message>`);
    lamp.sends(`<message type='error' to='owner@home.local'>${BODY}</message>`);
    lamp.sends("<iq type='result' to='owner@home.local/gone' id='5'/>");
    lamp.sends("<iq type='error' to='owner@home.local' id='6'/>");
    lamp.sends("<presence to='owner@home.local/gone'/>");
    expect(await lamp.hearsAll()).toEqual([]);
  });

  it('answers for an account: what IoT clients ask of their own', async () => {
    const { lamp } = await home();
    const ask = async (type: string, payload: string) => {
      lamp.sends(`<iq type='${type}' id='q'>${payload}</iq>`);
      return lamp.hears("<iq id='q'/>");
    };
    const info = await ask('get', "<query xmlns='http://jabber.org/protocol/disco#info'/>");
    expect(info.elements()[0]?.elements()[0]?.attribute('category')).toBe('account');
    const card = "<vCard xmlns='vcard-temp'><FN>Lamp</FN></vCard>";
    expect((await ask('set', card)).attribute('type')).toBe('result');
    expect((await ask('get', "<vCard xmlns='vcard-temp'/>")).elements()[0]?.elements()[0]?.text()).toBe(
      'Lamp',
    );
    const session = "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'/>";
    expect((await ask('set', session)).attribute('type')).toBe('result');
    expect((await ask('get', "<unknown xmlns='x:y'/>")).attribute('type')).toBe('error');
    const bind = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>";
    expect((await ask('set', bind)).attribute('type')).toBe('error');
  });

  it("keeps another account's roster to itself", async () => {
    const { lamp } = await home();
    lamp.sends("<iq type='get' to='owner@home.local' id='r'><query xmlns='jabber:iq:roster'/></iq>");
    await lamp.hears(
      "<iq type='error' id='r'><error><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
    );
  });
});

describe('the hub as the lead of others', () => {
  it('tells who is reachable, in order of priority, and who is gone', async () => {
    const hub = new ServerStage();
    const [reachable, gone]: [string[], string[]] = [[], []];
    hub.server.onReachable(({ jid }) => reachable.push(jid.full));
    hub.server.onGone(({ jid }) => gone.push(jid.full));
    await hub.opens('owner');
    const silent = await hub.session('owner', 'silent');
    const phone = await hub.available('owner', 'phone');
    const desk = await (await hub.session('owner', 'desk')).appears(
      '<presence><priority>9</priority></presence>',
    );
    expect(reachable).toEqual([phone.jid, desk.jid]);
    expect(hub.server.availableOf('owner@home.local').map(({ jid }) => jid.full)).toEqual([
      desk.jid,
      phone.jid,
    ]);
    expect(hub.server.sessionsOf('owner@home.local')).toHaveLength(3);
    expect(hub.server.sessionsOf('owner@elsewhere.local')).toEqual([]);
    silent.leaves();
    await silent.ends();
    await until(() => gone.length > 0, 'the end of a session');
    expect(gone).toEqual([silent.jid]);
    await hub.server.stop();
    expect(gone).toHaveLength(3);
  });
});
