import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from './actor.js';
import { DEVICE, HUB, METER, OWNER, TwoOwners } from './two-owners.js';

describe('a person who writes to the hub', () => {
  let story: TwoOwners;

  beforeEach(async () => {
    story = await TwoOwners.open();
    await story.registers('');
  });

  afterEach(() => story.close());

  /** What the hub writes back. */
  const says = async (actor: Actor, text: string, to = HUB): Promise<string> => {
    actor.sends(`<message type='chat' to='${to}' id='m'><body>${text}</body></message>`);
    const answer = await actor.receives(`<message type='chat' from='${to}'><body/></message>`);
    return answer.child('body')?.text() ?? '';
  };
  const turns = async (): Promise<void> => {
    for (let i = 0; i < 100; i++) await new Promise((turn) => setImmediate(turn));
  };
  const claims = (actor: Actor) => says(actor, 'iotdisco:KEY=k');

  it('claims, is asked, answers, and the friendship follows', async () => {
    expect(await says(story.anna, 'Claim\niotdisco:\nKEY=k')).toBe(
      `${METER} is now owned by anna@pronto.local. Searches find it.`,
    );
    await story.settles();
    const isFriend = `<isFriend xmlns='${DEVICE}' jid='bert@pronto.local'/>`;
    const before = await story.asks(story.meter, isFriend, 'get');
    expect(before.child('isFriendResponse', DEVICE)?.attribute('result')).toBe('false');
    const question = await story.anna.receives(`<message type='chat' from='${HUB}'><body/></message>`);
    expect(question.child('body')?.text()).toBe(
      `bert@pronto.local wants to befriend your thing ${METER}. Answer with: allow 1, or: deny 1`,
    );
    expect(await says(story.anna, 'pending')).toMatch(
      /^1 · bert@pronto.local wants to be friends with meter@pronto.local · .*\nAnswer with: allow N, or: deny N$/,
    );
    expect(await says(story.bert, 'Allow 1')).toContain('No question has this number');
    expect(await says(story.anna, 'allow 1')).toMatch(
      /^Decided: bert@pronto.local may be friends with meter@pronto.local\.\nThe thing is told\. Take it back with: rules remove \w+$/,
    );
    const after = await story.asks(story.meter, isFriend, 'get');
    expect(after.child('isFriendResponse', DEVICE)?.attribute('result')).toBe('true');
    expect(await says(story.anna, 'friends')).toContain('bert@pronto.local');
  });

  it('claims by the code alone, as it stands: its letters are not made small', async () => {
    await story.asks(
      story.meter,
      `<register xmlns='urn:nf:iot:disco:1.0' id='n'><str name='KEY' value='aBcD'/></register>`,
    );
    expect(await says(story.anna, 'iotdisco:KEY=aBcD')).toContain(`${METER}#n is now owned by anna`);
  });

  it('is answered in his conversation, from the address that he wrote to', async () => {
    story.anna.sends(
      `<message to='hub@pronto.local/x' id='m'><thread>t1</thread><body>status</body><active xmlns='http://jabber.org/protocol/chatstates'/></message>`,
    );
    await story.anna.receives(
      `<message type='chat' from='hub@pronto.local/x' to='${story.anna.jid}'><body/><thread>t1</thread></message>`,
    );
  });

  it('is told how to do what he may not', async () => {
    const { meter } = story;
    expect(await says(meter, 'claim iotdisco:KEY=k')).toBe(
      `"claim" is for owners of this hub. ${METER} is none: ask one of them, or write with the account of one. Or on the machine of the hub: hearth claim CODE`,
    );
    expect(await says(story.anna, 'accounts add eve')).toBe(
      '"accounts add" is not for a chat; on the machine of the hub: hearth accounts add NAME',
    );
    expect(await says(meter, 'status')).toBe('Hub: the home hub of pronto.local\nState: ready\nThings: 1');
    expect(await says(meter, 'things')).toBe('No thing here is for everybody to find.');
    await claims(story.anna);
    expect(await says(meter, 'things')).toBe(METER);
  });

  it('sees and decides what is his, not what is of other owners', async () => {
    await says(story.anna, 'claim iotdisco:KEY=k --private');
    await story.settles();
    expect(await says(story.bert, 'things')).toContain('No things.');
    expect(await says(story.bert, `things show ${METER}`)).not.toContain('anna');
    expect(await says(story.bert, `rules add ${METER} read everyone`)).not.toContain('Decided');
    expect(await says(story.bert, 'friends')).toBe('No thing has friends.');
    expect(await says(story.bert, 'audit')).not.toContain('meter');
    expect(await says(story.anna, 'things')).toContain(METER);
    expect(await says(story.anna, `things --owner bert@pronto.local`)).toContain('has no option "--owner"');
  });

  it('sees what waits for an owner', async () => {
    expect(await says(story.bert, 'things —unclaimed')).toBe(`${METER} · (nobody) · connected`);
  });

  it('gets no answer to what is none of his writing', async () => {
    for (const attributes of ["type='error'", "type='groupchat'", "type='headline'"])
      story.anna.sends(`<message ${attributes} to='${HUB}'><body>status</body></message>`);
    story.anna.sends(`<message type='chat' to='${HUB}'><body>  </body></message>`);
    story.anna.sends(
      `<message type='chat' to='${HUB}'><body>status</body><delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z'/></message>`,
    );
    story.anna.sends(
      `<message type='chat' to='${HUB}'><received xmlns='urn:xmpp:receipts' id='m'/></message>`,
    );
    await turns();
    expect(story.anna.unread.filter(({ name }) => name === 'message')).toEqual([]);
    expect(await says(story.anna, '?')).toContain('I am the home hub of pronto.local.');
  });

  it('two machines do not talk to each other for ever', async () => {
    const { anna } = story;
    anna.sends(`<message type='chat' to='${HUB}'><body>status</body></message>`);
    const answer = await anna.receives(`<message type='chat'><body/></message>`);
    const text = answer.child('body')?.text() ?? '';
    // Another hub's answer, and a machine that says what it heard.
    anna.sends(
      `<message type='chat' to='${HUB}'><body>status</body><answer xmlns='urn:hearth:chat'/></message>`,
    );
    anna.sends(`<message type='chat' to='${HUB}'><body>${text}</body></message>`);
    await turns();
    expect(anna.unread.filter(({ name }) => name === 'message')).toEqual([]);
    expect(answer.child('answer', 'urn:hearth:chat')).toBeDefined();
  });

  it('abuse: 1000 messages and markup are answered 20 times a minute, 10000 characters not at all', async () => {
    const { anna, meter } = story;
    const writes = (body: string) =>
      meter.sends(`<message type='chat' to='${HUB}'><body>${body}</body></message>`);
    for (let i = 0; i < 1000; i++) writes(`&lt;/body>&amp;#0; ${i}`);
    meter.sends(`<iq type='get' id='last' to='${HUB}'><ping xmlns='urn:xmpp:ping'/></iq>`);
    await meter.receives("<iq id='last'/>");
    expect(await says(anna, 'status')).toContain('ready');
    expect(meter.unread.filter(({ name }) => name === 'message')).toHaveLength(20);
    story.stage.clock.advance(60_000);
    writes(`status ${'x'.repeat(10_000)}`);
    await meter.receives('<message><body>That is longer than I read</body></message>');
  });

  it('abuse: no code that he writes is in the log or said again', async () => {
    const { anna } = story;
    const said = [
      await says(anna, 'claim iotdisco:KEY=secret1'),
      await says(anna, 'things iotdisco:KEY=secret2'),
      await says(story.meter, 'claim iotdisco:KEY=secret3'),
      await says(anna, 'allow iotdisco:KEY=secret4'),
    ];
    expect(said.join('\n')).not.toContain('secret');
    expect(JSON.stringify(story.stage.log.lines)).not.toContain('secret');
  });

  it('writes to the hub; what programs say to it is no chat', async () => {
    await story.claims(story.anna, '');
    await story.settles();
    await story.reads('');
    await story.question(story.anna);
    story.meter.sends(
      `<message to='${HUB}'><body>text</body><isFriend xmlns='${OWNER}' jid='a@b'/></message>`,
    );
    await story.meter.receives('<message/>');
  });
});
