import { afterEach, describe, expect, it } from 'vitest';
import type { DelegationRequest, Thing, ThingOptions } from '../../src/thing/index.js';
import type { Element } from '../../src/xmpp/element.js';
import { DISCO, HUB, OWNER, PROV, ThingRig } from '../actors/thing-rig.js';

const OLD = 'urn:xmpp:iot:provisioning';
const OLD_DISCO = 'urn:xmpp:iot:discovery';
const CELLAR = 'hub.cellar.local';
const INSTALLER = 'prov@garage.local';
const BOB = 'bob@attic.local';

/** A button that a test presses. */
class Button {
  readonly shown: DelegationRequest[] = [];
  private answers: ((accepted: boolean) => void)[] = [];
  private waiting: () => void = () => undefined;

  readonly onDelegation = (request: DelegationRequest): Promise<boolean> => {
    this.shown.push(request);
    this.waiting();
    return new Promise((resolve) => this.answers.push(resolve));
  };

  /** Resolves once the LED is lit. */
  async lit(): Promise<void> {
    if (this.answers.length === 0)
      await new Promise<void>((resolve) => {
        this.waiting = resolve;
      });
  }

  press(accepted = true): void {
    this.answers.shift()?.(accepted);
  }
}

describe('trust', () => {
  const rig = new ThingRig();

  afterEach(() => rig.unplug());

  const subscribe = (jid: string) => rig.hub.sends(`<presence type="subscribe" from="${jid}" to="{jid}"/>`);
  const asked = (to: string, payload: string): Promise<Element> =>
    rig.hub.receives(`<iq type="get" to="${to}">${payload}</iq>`);
  const reply = (iq: Element, payload: string) =>
    rig.hub.sends(
      `<iq type="result" from="${iq.attribute('to')}" to="{jid}" id="${iq.attribute('id')}">${payload}</iq>`,
    );
  const refuse = (iq: Element) =>
    rig.hub.sends(
      `<iq type="error" from="${iq.attribute('to')}" to="{jid}" id="${iq.attribute('id')}"><error type="cancel">
        <service-unavailable xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>`,
    );

  /** The thing wants a token of a new server, and gets none. */
  const refuseToken = async (to: string, ns = 'urn:nf:iot:prov:t:1.0') =>
    refuse(await asked(to, `<getToken xmlns="${ns}"/>`));

  /** A lamp at a hub that does not provision. */
  const unprovisioned = async (changes: Partial<ThingOptions>): Promise<Thing> => {
    await rig.plugIn();
    rig.hub.features = [DISCO];
    const thing = rig.make(changes);
    await rig.online(thing);
    return thing;
  };

  /** A lamp at a hub that provisions as the XEP says. */
  const old = async (changes: Partial<ThingOptions>): Promise<Thing> => {
    await rig.plugIn();
    rig.hub.features = [OLD_DISCO, OLD];
    const thing = rig.make(changes);
    const started = thing.start();
    reply(await rig.hub.receives(`<iq type="set"><register xmlns="${OLD_DISCO}"/></iq>`), '');
    await started;
    await rig.hub.receives('<presence/>');
    await rig.hub.receives(`<presence type="subscribe" to="${HUB}"/>`);
    return thing;
  };

  const isFriendAnswer = async (to: string, jid: string, attributes: string, ns = OLD) =>
    reply(
      await asked(to, `<isFriend xmlns="${ns}" jid="${jid}"/>`),
      `<isFriendResponse xmlns="${ns}" jid="${jid}" ${attributes}/>`,
    );

  it('is delegated by a button: friend, discovery, token; then the new server decides, over a restart too', async () => {
    const button = new Button();
    const thing = await unprovisioned({ onDelegation: button.onDelegation });
    subscribe(CELLAR);
    await button.lit();
    expect(button.shown.map(({ jid }) => jid)).toEqual([CELLAR]);
    rig.hub.features = [PROV];
    const trusted = rig.next(thing, 'trusted');
    button.press();
    await rig.hub.receives(`<presence type="subscribed" to="${CELLAR}"/>`);
    await rig.hub.receives(`<presence type="subscribe" to="${CELLAR}"/>`);
    expect(await trusted).toEqual({ jid: CELLAR });
    await refuseToken(CELLAR);
    expect(button.shown[0]?.signal.aborted).toBe(true);
    subscribe(BOB);
    await isFriendAnswer(CELLAR, BOB, 'result="true"', PROV);
    await rig.hub.receives(`<presence type="subscribed" to="${BOB}"/>`);
    await thing.stop();

    rig.hub.features = [DISCO];
    const again = rig.make({ onDelegation: button.onDelegation });
    await rig.online(again);
    subscribe('carl@attic.local');
    await isFriendAnswer(CELLAR, 'carl@attic.local', 'result="false"', PROV);
    await rig.hub.receives('<presence type="unsubscribed" to="carl@attic.local"/>');
    expect(button.shown).toHaveLength(1);
  });

  it('is delegated to an account where that is present, and asks it there', async () => {
    const button = new Button();
    const thing = await unprovisioned({ onDelegation: button.onDelegation });
    subscribe(INSTALLER);
    await button.lit();
    rig.hub.features = [];
    const trusted = rig.next(thing, 'trusted');
    button.press();
    await rig.hub.receives(`<presence type="subscribe" to="${INSTALLER}"/>`);
    await rig.settle();
    rig.hub.features = [PROV];
    rig.hub.sends(`<presence from="${INSTALLER}/hearth" to="{jid}"/>`);
    await trusted;
    await refuseToken(`${INSTALLER}/hearth`);
    subscribe(BOB);
    await isFriendAnswer(`${INSTALLER}/hearth`, BOB, 'result="true"', PROV);
    await rig.hub.receives(`<presence type="subscribed" to="${BOB}"/>`);
    rig.hub.sends(
      `<iq type="set" from="${INSTALLER}/other" to="{jid}" id="c"><clearCache xmlns="${PROV}"/></iq>`,
    );
    await rig.hub.receives('<iq type="result" id="c"/>');
  });

  it('is delegated at a server without a registry too', async () => {
    const button = new Button();
    await rig.plugIn();
    rig.hub.features = [];
    const thing = rig.make({ onDelegation: button.onDelegation });
    const connected = rig.next(thing, 'connected');
    await thing.start();
    expect((await connected).hub).toBe('attic.local');
    expect([thing.claimCode, await thing.update({ ROOM: 'attic' })]).toEqual([undefined, 'later']);
    subscribe(CELLAR);
    await button.lit();
    rig.hub.features = [PROV];
    const trusted = rig.next(thing, 'trusted');
    button.press();
    expect(await trusted).toEqual({ jid: CELLAR });
    await refuseToken(CELLAR);
    rig.hub.sends(
      `<iq type="set" from="${HUB}" to="{jid}" id="c"><claimed xmlns="${DISCO}" jid="${BOB}"/></iq>`,
    );
    await rig.hub.receives('<iq type="error" id="c"/>');
  });

  it('takes who provisions nothing for a friend, who reads and controls', async () => {
    const button = new Button();
    const thing = await unprovisioned({ onDelegation: button.onDelegation });
    subscribe(CELLAR);
    await button.lit();
    rig.hub.features = [];
    button.press();
    await rig.hub.receives(`<presence type="subscribed" to="${CELLAR}"/>`);
    await rig.settle();
    const set = (id: string, from: string) =>
      rig.hub.sends(`<iq type="set" from="${from}" to="{jid}" id="${id}"><set xmlns="urn:xmpp:iot:control">
        <int name="Brightness" value="5"/></set></iq>`);
    set('s1', CELLAR);
    await rig.hub.receives('<iq type="result" id="s1"/>');
    expect(rig.brightness.value).toBe(5);
    set('s2', 'eve@attic.local/x');
    await rig.hub.receives('<iq type="error" id="s2"/>');
    expect(thing.phase).toBe('online');
  });

  it('is refused where nobody presses the button in time, or there is none', async () => {
    const button = new Button();
    await unprovisioned({ onDelegation: button.onDelegation, delegationTime: 5_000 });
    subscribe(CELLAR);
    await button.lit();
    // One at a time.
    subscribe(INSTALLER);
    await rig.hub.receives(`<presence type="unsubscribed" to="${INSTALLER}"/>`);
    rig.clock.advance(5_000);
    await rig.hub.receives(`<presence type="unsubscribed" to="${CELLAR}"/>`);
    expect(button.shown[0]?.signal.aborted).toBe(true);
    button.press();
    await rig.settle();
    expect(rig.hub.unread).toEqual([]);
  });

  it('does not let strangers keep the LED lit', async () => {
    const button = new Button();
    await unprovisioned({ onDelegation: button.onDelegation });
    for (let count = 0; count < 7; count++) {
      subscribe(`eve${count}@attic.local`);
      if (count < 5) {
        await button.lit();
        button.press(false);
      }
      await rig.hub.receives(`<presence type="unsubscribed" to="eve${count}@attic.local"/>`);
    }
    expect(button.shown).toHaveLength(5);
    rig.clock.advance(30_000 * 21);
    await rig.hub.receives('<iq type="get" to="attic.local"><ping xmlns="urn:xmpp:ping"/></iq>');
  });

  it('goes to a second server where the first allows that, and takes the most forgiving answer', async () => {
    const button = new Button();
    const thing = await old({ onDelegation: button.onDelegation });
    subscribe(CELLAR);
    await isFriendAnswer(HUB, CELLAR, 'result="false" secondaryTrustAllowed="true"');
    await button.lit();
    const trusted = rig.next(thing, 'trusted');
    button.press();
    await trusted;
    await refuseToken(CELLAR, OLD);
    subscribe(BOB);
    const first = await asked(HUB, `<isFriend xmlns="${OLD}" jid="${BOB}"/>`);
    const second = await asked(CELLAR, `<isFriend xmlns="${OLD}" jid="${BOB}"/>`);
    reply(first, `<isFriendResponse xmlns="${OLD}" jid="${BOB}" result="false"/>`);
    reply(second, `<isFriendResponse xmlns="${OLD}" jid="${BOB}" result="true"/>`);
    await rig.hub.receives(`<presence type="subscribed" to="${BOB}"/>`);

    // Reading: the union of what each allows.
    rig.hub.sends(
      `<iq type="get" from="${BOB}/x" to="{jid}" id="r"><req xmlns="urn:xmpp:iot:sensordata" seqnr="1"/></iq>`,
    );
    const can = `<canRead xmlns="${OLD}" jid="${BOB}" all="true"/>`;
    const said = (field: string) =>
      `<canReadResponse xmlns="${OLD}" jid="${BOB}" all="true" result="true"><field name="${field}"/></canReadResponse>`;
    reply(await asked(HUB, can), said('Serial'));
    reply(await asked(CELLAR, can), said('Power'));
    await rig.hub.receives('<iq type="result" id="r"/>');
    rig.clock.advance(0);
    await rig.hub.receives(
      '<message><fields done="true" xmlns="urn:xmpp:iot:sensordata"><node><timestamp><numeric name="Power"/><string name="Serial"/></timestamp></node></fields></message>',
    );
  });

  it('does not wait for a server that is silent where another says yes, and keeps no error', async () => {
    const button = new Button();
    const thing = await old({ onDelegation: button.onDelegation });
    subscribe(CELLAR);
    await isFriendAnswer(HUB, CELLAR, 'result="false" secondaryTrustAllowed="true"');
    await button.lit();
    const trusted = rig.next(thing, 'trusted');
    button.press();
    await trusted;
    await refuseToken(CELLAR, OLD);
    subscribe(BOB);
    const silent = await asked(HUB, `<isFriend xmlns="${OLD}" jid="${BOB}"/>`);
    await isFriendAnswer(CELLAR, BOB, 'result="true"');
    await rig.hub.receives(`<presence type="subscribed" to="${BOB}"/>`);
    refuse(silent);
    await rig.settle();
    // Nobody says yes and one is missing: the request waits.
    subscribe('carl@attic.local');
    refuse(await asked(HUB, `<isFriend xmlns="${OLD}" jid="carl@attic.local"/>`));
    await isFriendAnswer(CELLAR, 'carl@attic.local', 'result="false"');
    await rig.settle();
    subscribe('carl@attic.local');
    await isFriendAnswer(HUB, 'carl@attic.local', 'result="false"');
    await rig.hub.receives('<presence type="unsubscribed" to="carl@attic.local"/>');
    expect(rig.hub.unread.filter(({ name }) => name === 'iq')).toEqual([]);
  });

  it('abuse 44: goes to no second server that the first does not allow', async () => {
    const button = new Button();
    await old({ onDelegation: button.onDelegation });
    subscribe(CELLAR);
    await isFriendAnswer(HUB, CELLAR, 'result="false"');
    await rig.hub.receives(`<presence type="unsubscribed" to="${CELLAR}"/>`);
    expect(button.shown).toEqual([]);
  });

  it('stays as it is where it is locked, until the thing is told to forget', async () => {
    const button = new Button();
    const changes = { onDelegation: button.onDelegation, locked: true };
    const thing = await old(changes);
    subscribe(CELLAR);
    await isFriendAnswer(HUB, CELLAR, 'result="false" secondaryTrustAllowed="true"');
    await rig.hub.receives(`<presence type="unsubscribed" to="${CELLAR}"/>`);
    await thing.stop();
    // The hub now names another place to ask: it is not believed.
    rig.hub.features = [DISCO, PROV];
    const again = rig.make(changes);
    await rig.online(again);
    subscribe(BOB);
    await isFriendAnswer(HUB, BOB, 'result="true"', OLD);
    await rig.hub.receives(`<presence type="subscribed" to="${BOB}"/>`);
    await again.stop();
    await again.forget();
    const reset = rig.make(changes);
    await rig.online(reset, OWNER);
    subscribe(BOB);
    await rig.answerIsFriend(BOB, false);
    await rig.hub.receives(`<presence type="unsubscribed" to="${BOB}"/>`);
  });

  it('abuse 46: hears nobody but the servers that it trusts', async () => {
    const button = new Button();
    const thing = await unprovisioned({ onDelegation: button.onDelegation });
    const seen: string[] = [];
    thing.on('unfriend', ({ jid }) => seen.push(jid));
    const tell = async (id: string, from: string, type: 'result' | 'error', ns = PROV) => {
      rig.hub.sends(`<iq type="set" from="${from}" to="{jid}" id="${id}"><clearCache xmlns="${ns}"/></iq>`);
      await rig.hub.receives(`<iq type="${type}" id="${id}"/>`);
      rig.hub.sends(`<message from="${from}" to="{jid}"><unfriend xmlns="${ns}" jid="${BOB}"/></message>`);
      await rig.settle();
    };
    await tell('a', CELLAR, 'error');
    await tell('b', HUB, 'error');
    subscribe(CELLAR);
    await button.lit();
    rig.hub.features = [PROV];
    const trusted = rig.next(thing, 'trusted');
    button.press();
    await trusted;
    await refuseToken(CELLAR);
    await tell('c', CELLAR, 'result');
    await tell('d', CELLAR, 'result', OLD);
    await tell('e', `${CELLAR}/x`, 'error');
    await tell('f', `eve@${CELLAR}`, 'error');
    await tell('g', HUB, 'error');
    expect(seen).toEqual([BOB, BOB]);
    rig.hub.sends(
      `<iq type="get" from="${CELLAR}" to="{jid}" id="h"><isFriend xmlns="${PROV}" jid="${BOB}"/></iq>`,
    );
    await rig.hub.receives('<iq type="error" id="h"/>');
    expect(JSON.stringify(rig.log.lines)).toContain('spoke in its name');
  });
});
