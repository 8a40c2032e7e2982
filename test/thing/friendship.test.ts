import { afterEach, describe, expect, it } from 'vitest';
import { HUB, OWNER, PROV, ThingRig } from '../actors/thing-rig.js';

describe('the friends of a thing', () => {
  const rig = new ThingRig();

  afterEach(() => rig.unplug());

  it('asks the hub about strangers once, keeps the answer over a restart, and asks again after clearCache', async () => {
    await rig.plugIn();
    const first = rig.make();
    await rig.online(first, OWNER);
    rig.hub.sends('<presence type="subscribe" from="bob@attic.local" to="{jid}"/>');
    await rig.answerIsFriend('bob@attic.local', false);
    await rig.hub.receives('<presence type="unsubscribed" to="bob@attic.local"/>');
    rig.hub.sends('<presence type="subscribe" from="bob@attic.local" to="{jid}"/>');
    await rig.hub.receives('<presence type="unsubscribed" to="bob@attic.local"/>');
    await first.stop();
    const second = rig.make();
    await rig.online(second, OWNER);
    rig.hub.sends('<presence type="subscribe" from="bob@attic.local" to="{jid}"/>');
    await rig.hub.receives('<presence type="unsubscribed" to="bob@attic.local"/>');
    rig.hub.sends(`<iq type="set" from="${HUB}" to="{jid}" id="c1"><clearCache xmlns="${PROV}"/></iq>`);
    const acknowledgement = await rig.hub.receives('<iq type="result" id="c1"/>');
    expect(acknowledgement.children).toEqual([]);
    rig.hub.sends(
      `<message from="${HUB}" to="{jid}"><friend xmlns="${PROV}" jid="bob@attic.local"/></message>`,
    );
    await rig.hub.receives('<presence type="subscribe" to="bob@attic.local"/>');
    rig.hub.sends('<presence type="subscribe" from="bob@attic.local" to="{jid}"/>');
    await rig.answerIsFriend('bob@attic.local', true);
    await rig.hub.receives('<presence type="subscribed" to="bob@attic.local"/>');
    rig.hub.sends(
      `<message from="${HUB}" to="{jid}"><unfriend xmlns="${PROV}" jid="bob@attic.local"/></message>`,
    );
    await rig.hub.receives('<presence type="unsubscribed" to="bob@attic.local"/>');
  });

  it('does not keep an answer that clearCache overtook', async () => {
    await rig.plugIn();
    const thing = rig.make();
    await rig.online(thing);
    rig.hub.sends('<presence type="subscribe" from="bob@attic.local" to="{jid}"/>');
    const iq = await rig.hub.receives(`<iq type="get"><isFriend xmlns="${PROV}"/></iq>`);
    rig.hub.sends(`<iq type="set" from="${HUB}" to="{jid}" id="c1"><clearCache xmlns="${PROV}"/></iq>`);
    await rig.hub.receives('<iq type="result" id="c1"/>');
    rig.hub.sends(
      `<iq type="result" from="${HUB}" to="{jid}" id="${iq.attribute('id')}"><isFriendResponse xmlns="${PROV}" jid="bob@attic.local" result="false"/></iq>`,
    );
    await rig.hub.receives('<presence type="unsubscribed" to="bob@attic.local"/>');
    rig.hub.sends('<presence type="subscribe" from="bob@attic.local" to="{jid}"/>');
    await rig.answerIsFriend('bob@attic.local', true);
    await rig.hub.receives('<presence type="subscribed" to="bob@attic.local"/>');
  });

  it('befriends hub and owner without asking', async () => {
    await rig.plugIn();
    await rig.online(rig.make(), OWNER);
    rig.hub.sends(`<presence type="subscribe" from="${HUB}" to="{jid}"/>`);
    await rig.hub.receives(`<presence type="subscribed" to="${HUB}"/>`);
    rig.hub.sends(`<presence type="subscribe" from="${OWNER}" to="{jid}"/>`);
    await rig.hub.receives(`<presence type="subscribed" to="${OWNER}"/>`);
    await rig.hub.receives(`<presence type="subscribe" to="${OWNER}"/>`);
    expect(rig.hub.unread).toEqual([]);
  });

  it('leaves a request for friendship open while the hub does not decide', async () => {
    await rig.plugIn();
    await rig.online(rig.make());
    rig.hub.sends('<presence type="subscribe" from="bob@attic.local" to="{jid}"/>');
    const iq = await rig.hub.receives(`<iq type="get"><isFriend xmlns="${PROV}"/></iq>`);
    rig.hub.sends(
      `<iq type="error" from="${HUB}" to="{jid}" id="${iq.attribute('id')}"><error type="wait"><internal-server-error xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>`,
    );
    rig.hub.sends(`<iq type="get" from="${HUB}" to="{jid}" id="p"><ping xmlns="urn:xmpp:ping"/></iq>`);
    await rig.hub.receives('<iq type="result" id="p"/>');
    rig.hub.sends('<presence type="subscribe" from="bob@attic.local" to="{jid}"/>');
    await rig.answerIsFriend('bob@attic.local', true);
    await rig.hub.receives('<presence type="subscribed" to="bob@attic.local"/>');
    expect(rig.hub.unread.filter((stanza) => stanza.attribute('type') === 'unsubscribed')).toEqual([]);
  });
});
