import { expect, vi } from 'vitest';
import type { Stage } from './stage.js';

const DISCOVERY = 'urn:nf:iot:disco:1.0';
const PROVISIONING = 'urn:nf:iot:prov:d:1.0';
const TAGS = "<str name='SN' value='4711'/><str name='MAN' value='example.org'/><num name='V' value='1.2'/>";
const CODE = 'iotdisco:SN=4711;MAN=example.org;#V=1.2;KEY=4857402340298342';

/**
 * From power-on to an answered question: a lamp makes its account, finds the service, registers, is claimed while it
 * is off, hears so when it comes back after a restart of the hub, asks about a stranger, and gets its yes after the
 * owner's.
 */
export async function storyOfALamp(stage: Stage): Promise<void> {
  const { domain, hub } = stage;
  await stage.admin('accounts-add', { name: 'owner', owner: true, password: 'owner-secret' });
  const lamp = stage.actor('lamp');
  const owner = stage.actor('owner');
  await lamp.arrives();

  if (!hub.includes('@')) await findsTheService();
  lamp.sends(
    `<iq type='get' id='d2' to='${hub}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>`,
  );
  await lamp.receives(
    `<iq type='result' id='d2' from='${hub}'><query xmlns='http://jabber.org/protocol/disco#info'>
       <feature var='${DISCOVERY}'/><feature var='${PROVISIONING}'/></query></iq>`,
  );

  lamp.sends(
    `<iq type='set' id='r1' to='${hub}'><register xmlns='${DISCOVERY}'>${TAGS}
       <str name='KEY' value='4857402340298342'/></register></iq>`,
  );
  await lamp.receives(`<iq type='result' id='r1' from='${hub}'/>`);
  const thing = lamp.jid.replace(/\/.*$/, '');
  await lamp.leaves();

  const claimed = await stage.admin('claim', { code: CODE });
  expect(claimed).toMatchObject({ address: thing, owner: `owner@${domain}`, public: true });
  await stage.restart();

  await lamp.arrives();
  lamp.sends('<presence/>');
  const told = await lamp.receives(
    `<iq type='set' from='${hub}' id='{any}'><claimed xmlns='${DISCOVERY}' jid='owner@${domain}' public='true'/></iq>`,
  );
  lamp.sends(`<iq type='result' to='${hub}' id='${told.attribute('id')}'/>`);
  await acknowledgesClearCache();

  await owner.arrives('owner-secret');
  owner.sends('<presence/>');
  lamp.sends(
    `<iq type='get' id='f1' to='${hub}'><isFriend xmlns='${PROVISIONING}' jid='stranger@${domain}'/></iq>`,
  );
  await lamp.receives(answer('f1', 'false'));
  await owner.receives(
    `<message from='hub.${domain}'><body>stranger@${domain} wants to befriend your thing</body></message>`,
  );
  lamp.sends(
    `<iq type='get' id='f2' to='${hub}'><isFriend xmlns='${PROVISIONING}' jid='stranger@${domain}'/></iq>`,
  );
  await lamp.receives(answer('f2', 'false'));
  expect(owner.unread.filter(({ name }) => name === 'message')).toEqual([]);

  const { questions } = await stage.admin('pending', {});
  expect(questions).toHaveLength(1);
  await stage.admin('allow', { number: questions[0]?.number ?? 0 });
  await stage.restart();
  await lamp.arrives();
  lamp.sends('<presence/>');
  await acknowledgesClearCache();
  await lamp.receives(
    `<message from='${hub}'><friend xmlns='${PROVISIONING}' jid='stranger@${domain}'/></message>`,
  );
  lamp.sends(
    `<iq type='get' id='f3' to='${hub}'><isFriend xmlns='${PROVISIONING}' jid='stranger@${domain}'/></iq>`,
  );
  await lamp.receives(answer('f3', 'true'));

  // A decision from memory is audited without anybody waiting for it.
  await vi.waitFor(async () => {
    const { entries } = await stage.admin('audit', {});
    const lines = entries.map(({ what, outcome }) => `${what}: ${outcome}`);
    expect(lines.filter((line) => /^(register|claim|is-friend|allow):/.test(line))).toEqual([
      'register: done',
      'claim: done, public',
      'is-friend: no, asked the owner',
      'is-friend: no (the owner is asked already)',
      'allow: done (rule 1)',
      'is-friend: yes (rule 1)',
    ]);
  });

  /** On the link the hub's presence is the service itself. */
  async function findsTheService(): Promise<void> {
    lamp.sends(
      `<iq type='get' id='d1' to='${domain}'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>`,
    );
    await lamp.receives(
      `<iq type='result' id='d1' from='${domain}'>
         <query xmlns='http://jabber.org/protocol/disco#items'><item jid='${hub}'/></query></iq>`,
    );
  }

  async function acknowledgesClearCache(): Promise<void> {
    const clear = await lamp.receives(
      `<iq type='set' from='${hub}' id='{any}'><clearCache xmlns='${PROVISIONING}'/></iq>`,
    );
    expect(lamp.unread.some((element) => element.child('friend', PROVISIONING))).toBe(false);
    lamp.sends(`<iq type='result' to='${hub}' id='${clear.attribute('id')}'/>`);
  }

  function answer(id: string, result: string): string {
    return `<iq type='result' id='${id}' from='${hub}'>
      <isFriendResponse xmlns='${PROVISIONING}' jid='stranger@${domain}' result='${result}'/></iq>`;
  }
}
