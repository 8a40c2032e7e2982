import { afterEach, beforeEach } from 'vitest';
import { discoveryNs, provisioningNs } from '../../src/dialects/namespaces.js';
import type { Generation } from '../../src/domain/generation.js';
import type { Element } from '../../src/xmpp/element.js';
import type { Actor } from './actor.js';
import { MemoryStage } from './memory-stage.js';

export const HUB = 'hub.pronto.local';
export const CODE = 'IoTDisco;SN:1;KEY:k';

/** A hub with its owner anna for each test of the suite that calls this, and what things and owners do there. */
export function friendScene() {
  let stage: MemoryStage;

  beforeEach(async () => {
    stage = await MemoryStage.open();
    await stage.admin('accounts-add', { name: 'anna', owner: true, password: 'anna-secret' });
  });

  afterEach(() => stage.close());

  const arrive = async (name: string): Promise<Actor> => {
    const actor = stage.actor(name);
    await actor.arrives();
    actor.sends('<presence/>');
    return actor;
  };

  /** A lamp that is registered in this generation, claimed by anna, and knows it. */
  const lampOf = async (generation: Generation = 'xmpp'): Promise<Actor> => {
    const lamp = await arrive('lamp');
    const ns = discoveryNs[generation];
    lamp.sends(
      `<iq type='set' id='r0' to='${HUB}'><register xmlns='${ns}'><str name='SN' value='1'/><str name='KEY' value='k'/></register></iq>`,
    );
    await lamp.receives("<iq type='result' id='r0'/>");
    await stage.admin('claim', { code: CODE, owner: 'anna@pronto.local' });
    const told = await lamp.receives(`<iq type='set' from='${HUB}'><claimed xmlns='${ns}'/></iq>`);
    lamp.sends(`<iq type='result' id='${told.attribute('id')}' to='${HUB}'/>`);
    await clears(lamp, generation);
    return lamp;
  };

  /** The lamp is told to clear its cache, and says that it did. */
  const clears = async (lamp: Actor, generation: Generation = 'xmpp', answer = ''): Promise<void> => {
    // A thing has a second's rest after it was told so last [abuse 50].
    stage.clock.advance(1000);
    const ns = provisioningNs[generation];
    const clear = await lamp.receives(`<iq type='set' from='${HUB}'><clearCache xmlns='${ns}'/></iq>`);
    lamp.sends(`<iq type='result' id='${clear.attribute('id')}' to='${HUB}'>${answer}</iq>`);
  };

  /** Anna, who reads messages. */
  const reader = async (): Promise<Actor> => {
    const anna = await arrive('anna');
    await settled(anna);
    return anna;
  };

  let asked = 0;
  const asks = async (lamp: Actor, jid: string, generation: Generation = 'xmpp'): Promise<Element> => {
    const id = `f${asked++}`;
    const ns = provisioningNs[generation];
    lamp.sends(`<iq type='get' id='${id}' to='${HUB}'><isFriend xmlns='${ns}' jid='${jid}'/></iq>`);
    return lamp.receives(
      `<iq type='result' id='${id}' from='${HUB}'><isFriendResponse xmlns='${ns}' jid='{any}' result='{any}'/></iq>`,
    );
  };
  const says = async (lamp: Actor, jid: string, generation: Generation = 'xmpp') =>
    (await asks(lamp, jid, generation)).elements()[0]?.attribute('result');

  const pending = async () => (await stage.admin('pending', {})).questions;
  const friendship = (name: string, jid: string, generation: Generation = 'xmpp') =>
    `<message from='${HUB}'><${name} xmlns='${provisioningNs[generation]}' jid='${jid}'/></message>`;

  /** Somebody asked, was allowed as question `number`, and is in the lamp's roster. */
  async function befriend(lamp: Actor, name: string, number: number): Promise<void> {
    const jid = `${name}@pronto.local`;
    await says(lamp, jid);
    await stage.admin('allow', { number });
    await clears(lamp);
    await lamp.receives(friendship('friend', jid));
    await follows(lamp, jid);
  }

  /** The lamp asks for somebody's presence, which stands in its roster then. */
  async function follows(lamp: Actor, jid: string): Promise<void> {
    lamp.sends("<iq type='get' id='roster'><query xmlns='jabber:iq:roster'/></iq>");
    lamp.sends(`<presence type='subscribe' to='${jid}'/>`);
    await lamp.receives(
      `<iq type='set'><query xmlns='jabber:iq:roster'><item jid='${jid}' ask='subscribe'/></query></iq>`,
    );
  }

  /** All that was sent to the actor so far has arrived. */
  async function settled(actor: Actor): Promise<void> {
    const id = `p${asked++}`;
    actor.sends(`<iq type='get' id='${id}' to='pronto.local'><ping xmlns='urn:xmpp:ping'/></iq>`);
    await actor.receives(`<iq type='result' id='${id}'/>`);
  }

  return {
    /** The hub of the test that runs. */
    get stage() {
      return stage;
    },
    arrive,
    lampOf,
    clears,
    reader,
    asks,
    says,
    pending,
    friendship,
    befriend,
    follows,
    settled,
  };
}
