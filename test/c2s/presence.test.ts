import { describe, expect, it } from 'vitest';
import { subscriptionState } from '../../src/domain/subscription.js';
import { until } from '../xmpp/recording.js';
import { ServerStage } from './server-stage.js';

const ROSTER = "<query xmlns='jabber:iq:roster'/>";
const item = (attributes: string) =>
  `<iq type='set'><query xmlns='jabber:iq:roster'><item ${attributes}/></query></iq>`;

/** Lamp and owner, both available, and friends in both directions. */
async function friends() {
  const hub = await new ServerStage().opens('lamp', 'owner', 'stranger');
  const lamp = await hub.available('lamp', 'bulb');
  const owner = await hub.available('owner', 'phone');
  for (const [asks, answers] of [
    [lamp, owner],
    [owner, lamp],
  ] as const) {
    const [from, to] = [asks.jid.replace(/\/.*/, ''), answers.jid.replace(/\/.*/, '')];
    asks.sends(`<presence type='subscribe' to='${to}'/>`);
    await answers.hears(`<presence type='subscribe' from='${from}'/>`);
    answers.sends(`<presence type='subscribed' to='${from}'/>`);
    await asks.hears(`<presence type='subscribed' from='${to}'/>`);
    await asks.hears(`<presence from='${answers.jid}'/>`);
  }
  await Promise.all([lamp.hears(item("subscription='both'")), owner.hears(item("subscription='both'"))]);
  lamp.heard.length = 0;
  owner.heard.length = 0;
  return { hub, lamp, owner };
}

describe('subscriptions', () => {
  it('are asked for, pushed, granted and ended, and both sides agree', async () => {
    const hub = await new ServerStage().opens('lamp', 'owner');
    const lamp = await hub.available('lamp', 'bulb');
    const owner = await hub.available('owner', 'phone');
    owner.sends("<presence type='subscribe' to='lamp@home.local/bulb'/>");
    const push = await owner.hears(item("jid='lamp@home.local' subscription='none' ask='subscribe'"));
    expect(push.attribute('from')).toBeUndefined();
    await lamp.hears("<presence type='subscribe' from='owner@home.local' to='lamp@home.local'/>");
    lamp.sends("<presence type='subscribed' to='owner@home.local'/>");
    await lamp.hears(item("jid='owner@home.local' subscription='from'"));
    await owner.hears("<presence type='subscribed' from='lamp@home.local'/>");
    await owner.hears(item("jid='lamp@home.local' subscription='to'"));
    await owner.hears("<presence from='lamp@home.local/bulb' to='owner@home.local'/>");
    owner.sends("<presence type='unsubscribe' to='lamp@home.local'/>");
    await lamp.hears("<presence type='unsubscribe' from='owner@home.local'/>");
    await owner.hears("<presence type='unavailable' from='lamp@home.local/bulb'/>");
    await lamp.hears(item("jid='owner@home.local' subscription='none'"));
    expect(hub.failures()).toEqual([]);
  });

  it('that wait for an answer are shown again at the next login, until they are answered', async () => {
    const hub = await new ServerStage().opens('lamp', 'owner');
    const lamp = await hub.available('lamp');
    lamp.sends("<presence type='subscribe' to='owner@home.local'/>");
    await lamp.hears(item("ask='subscribe'"));
    await until(() => hub.rosters.directory.item('owner', 'lamp@home.local')?.pendingIn === true);
    const owner = await hub.session('owner');
    owner.sends(`<iq type='get' id='r'>${ROSTER}</iq>`);
    expect((await owner.hears("<iq type='result' id='r'/>")).elements()[0]?.children).toEqual([]);
    owner.sends('<presence/>');
    await owner.hears("<presence type='subscribe' from='lamp@home.local'/>");
    owner.sends("<presence type='unsubscribed' to='lamp@home.local'/>");
    await lamp.hears("<presence type='unsubscribed' from='owner@home.local'/>");
    const again = await hub.available('owner', 'again');
    expect((await again.hearsAll()).filter((xml) => xml.includes('subscribe'))).toEqual([]);
  });

  it('tell `subscribed` only to resources that fetched the roster', async () => {
    const hub = await new ServerStage().opens('lamp', 'owner');
    const plain = await hub.session('lamp', 'plain');
    plain.sends('<presence/>');
    const interested = await hub.available('lamp', 'interested');
    const owner = await hub.available('owner');
    interested.sends("<presence type='subscribe' to='owner@home.local'/>");
    await owner.hears("<presence type='subscribe'/>");
    owner.sends("<presence type='subscribed' to='lamp@home.local'/>");
    await interested.hears("<presence type='subscribed'/>");
    await plain.hears(`<presence from='${owner.jid}'/>`);
    expect((await plain.hearsAll()).filter((xml) => xml.includes('subscribed'))).toEqual([]);
  });

  it('to the hub, and back, go through its own address', async () => {
    const hub = await new ServerStage().opens('lamp');
    hub.router.add({
      serves: (to) => to.bare === 'hub.home.local',
      receive: (stanza, _to, from) => {
        const self = { ...from, jid: _to, send: () => undefined, edge: 'local' as const };
        const type = stanza.attribute('type') === 'subscribe' ? 'subscribed' : undefined;
        if (type !== undefined)
          hub.router.route(stanza.withAttributes({ type, from: 'hub.home.local', to: from.jid.bare }), self);
      },
    });
    const lamp = await hub.available('lamp');
    lamp.sends("<presence type='subscribe' to='hub.home.local'/>");
    await lamp.hears("<presence type='subscribed' from='hub.home.local'/>");
    await lamp.hears(item("jid='hub.home.local' subscription='to'"));
  });
});

describe('presence', () => {
  it('reaches friends at login, and a broken connection ends it', async () => {
    const { hub, lamp, owner } = await friends();
    const tablet = await hub.available('owner', 'tablet');
    await lamp.hears("<presence from='owner@home.local/tablet'/>");
    await owner.hears("<presence from='owner@home.local/tablet'/>");
    await tablet.hears("<presence from='lamp@home.local/bulb'/>");
    await tablet.hears("<presence from='owner@home.local/phone'/>");
    tablet.vanishes();
    await lamp.hears("<presence type='unavailable' from='owner@home.local/tablet'/>");
    await owner.hears("<presence type='unavailable' from='owner@home.local/tablet'/>");
  });

  it('sent to a stranger is taken back when the sender goes', async () => {
    const { hub, lamp, owner } = await friends();
    const stranger = await hub.available('stranger');
    owner.sends(`<presence to='${stranger.jid}'><show>chat</show></presence>`);
    await stranger.hears(`<presence from='${owner.jid}'><show>chat</show></presence>`);
    owner.leaves();
    await stranger.hears(`<presence type='unavailable' from='${owner.jid}'/>`);
    await lamp.hears(`<presence type='unavailable' from='${owner.jid}'/>`);
  });

  it('is not told to those who only ask', async () => {
    const { hub, lamp } = await friends();
    const stranger = await hub.available('stranger');
    stranger.sends("<presence type='probe' to='lamp@home.local'/>");
    stranger.sends(
      "<iq type='get' id='d' to='lamp@home.local'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
    );
    await stranger.hears("<iq type='error' id='d'><error type='cancel'/></iq>");
    expect((await stranger.hearsAll()).filter((xml) => xml.includes(lamp.jid))).toEqual([]);
  });

  it('with a priority that is no number is refused', async () => {
    const { lamp } = await friends();
    lamp.sends('<presence><priority>300</priority></presence>');
    await lamp.hears("<presence type='error'><error type='modify'/></presence>");
  });
});

describe('the roster', () => {
  it('is set, shown, pushed and removed, which ends the subscriptions', async () => {
    const { hub, lamp, owner } = await friends();
    owner.sends(
      "<iq type='set' id='1'><query xmlns='jabber:iq:roster'><item jid='Lamp@home.local' name='Lamp'><group>Hall</group></item></query></iq>",
    );
    await owner.hears("<iq type='result' id='1'/>");
    await owner.hears(item("jid='lamp@home.local' name='Lamp' subscription='both'"));
    owner.sends(
      "<iq type='set' id='2'><query xmlns='jabber:iq:roster'><item jid='lamp@home.local' subscription='remove'/></query></iq>",
    );
    await owner.hears(item("jid='lamp@home.local' subscription='remove'"));
    await lamp.hears("<presence type='unsubscribe' from='owner@home.local'/>");
    await lamp.hears("<presence type='unsubscribed' from='owner@home.local'/>");
    await lamp.hears(item("subscription='none'"));
    const left = subscriptionState(hub.rosters.directory.item('lamp', 'owner@home.local'));
    expect(left).toEqual({ to: 'no', from: 'no' });
    expect(hub.rosters.directory.of('owner').size).toBe(0);
  });

  it('refuses what is not one contact', async () => {
    const hub = await new ServerStage().opens('owner');
    const owner = await hub.session('owner');
    const items = [
      ['', 'bad-request'],
      ["<item jid='a@home.local'/><item jid='b@home.local'/>", 'bad-request'],
      ["<item jid='@home.local'/>", 'jid-malformed'],
      ["<item jid='owner@home.local'/>", 'not-allowed'],
      ["<item jid='a@home.local' subscription='remove'/>", 'item-not-found'],
      ["<item jid='a@home.local'><group>g</group><group>g</group></item>", 'bad-request'],
      ["<item jid='a@home.local'><group/></item>", 'not-acceptable'],
    ];
    for (const [content, condition] of items) {
      owner.sends(`<iq type='set' id='x'><query xmlns='jabber:iq:roster'>${content}</query></iq>`);
      await owner.hears(
        `<iq type='error' id='x'><error><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`,
      );
    }
  });

  it('that a removed account left behind is gone after the next start', async () => {
    const hub = new ServerStage();
    await hub.store.start();
    await hub.rosters.set.run('gone', { jid: 'owner@home.local', groups: [] });
    await hub.server.start();
    await until(() => hub.rosters.directory.of('gone').size === 0);
  });

  it('of a removed account is gone, with its subscriptions', async () => {
    const { hub, lamp, owner } = await friends();
    await hub.remove.run('lamp', 'local');
    expect(await lamp.ends()).toBe('not-authorized');
    await owner.hears(`<presence type='unavailable' from='lamp@home.local/bulb'/>`);
    await owner.hears("<presence type='unsubscribed' from='lamp@home.local'/>");
    await until(() => hub.rosters.directory.of('lamp').size === 0);
    expect(hub.failures()).toEqual([]);
  });
});
