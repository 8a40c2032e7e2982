import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { condition, DEVICE, DISCO, EVE, METER, OWNER, TwoOwners } from './two-owners.js';

const NODE = "id='a' src='s' pt='c'";

describe('a concentrator whose nodes have two owners', () => {
  let story: TwoOwners;

  /** Anna has the device, bert one node behind it. */
  beforeEach(async () => {
    story = await TwoOwners.open();
    await story.registers('');
    await story.registers(NODE);
    await story.claims(story.anna, '');
    await story.claims(story.bert, NODE);
    await story.settles();
  });

  afterEach(() => story.close());

  /** Eve asks about the device itself, and its owner allows her all that is his. */
  const annaAllows = async (): Promise<void> => {
    await story.reads("<nd id=''/>");
    await story.answers(story.anna, await story.question(story.anna), true, '<fromJid/>');
    await story.settles();
  };

  it('abuse 43: a node that is named in part is still the node of its own owner', async () => {
    await annaAllows();
    expect(await story.reads("<nd id=''/>")).toBe('true');
    for (const name of [NODE, "id='a' src='s'", "id='a' pt='c'", "id='a'"])
      expect([name, await story.reads(`<nd ${name}/>`)]).toEqual([name, 'false']);
    expect(await story.pending()).toMatchObject([{ owner: 'bert@pronto.local' }]);
  });

  it('an answer about the device leaves the question about another owner’s node to him', async () => {
    await story.reads(`<nd ${NODE}/>`);
    await annaAllows();
    expect(await story.pending()).toMatchObject([{ owner: 'bert@pronto.local', caller: EVE }]);
  });

  it('nobody answers for the node of another owner, nor takes his rules away by that', async () => {
    await story.reads(`<nd ${NODE}/>`);
    await story.answers(story.bert, await story.question(story.bert), false, '<fromJid/>');
    await story.settles();
    await story.reads("<nd id=''/>");
    const asked = await story.question(story.anna);
    const wrong = await story.answers(story.anna, asked, true, `<nd ${NODE}/><fromJid/>`);
    expect(condition(wrong)).toBe('item-not-found');
    expect((await story.stage.admin('rules', {})).rules).toMatchObject([
      { allow: false, by: 'bert@pronto.local' },
    ]);
    expect(await story.reads(`<nd ${NODE}/>`)).toBe('false');
  });

  it('abuse 48: who has but a node of a device does not say who befriends it', async () => {
    const update = `<friend-state-update xmlns='urn:xmpp:siot:1'><friend jid='${EVE}'/></friend-state-update>`;
    expect(condition(await story.asks(story.bert, update))).toBe('forbidden');
    expect((await story.stage.admin('rules', {})).rules).toEqual([]);
  });

  it('a node that gets its own owner is asked about anew: the question goes to him', async () => {
    await story.registers("id='b'");
    expect(await story.reads("<nd id='b'/>")).toBe('false');
    expect(await story.pending()).toMatchObject([{ owner: 'anna@pronto.local' }]);
    await story.claims(story.bert, "id='b'");
    expect(await story.pending()).toEqual([]);
    await story.settles();
    expect(await story.reads("<nd id='b'/>")).toBe('false');
    expect(await story.pending()).toMatchObject([{ owner: 'bert@pronto.local' }]);
  });

  it('an answer about a node that nobody registered is told to the device', async () => {
    await story.reads("<nd id='x'/>");
    const asked = await story.question(story.anna);
    expect(await story.answers(story.anna, asked, true, "<nd id='x'/><fromJid/>")).toMatchObject({
      attributes: { type: 'result' },
    });
    await story.meter.receives(`<iq type='set'><clearCache xmlns='${DEVICE}'/></iq>`);
    expect(await story.reads("<nd id='x'/>")).toBe('true');
    expect(await story.reads("<nd id=''/>")).toBe('false');
  });

  it('who asks for everything gets no more than the device’s owner has', async () => {
    await annaAllows();
    const answer = await story.canRead('');
    expect(answer.attribute('result')).toBe('true');
    expect(answer.elements().map((node) => node.attribute('id'))).toEqual(['']);
  });

  it('rules of an owner leave the device with all that was his', async () => {
    await annaAllows();
    await story.asks(story.anna, `<deleteRules xmlns='${OWNER}' jid='${METER}'/>`);
    await story.settles();
    await story.asks(story.meter, `<unregister xmlns='${DISCO}'/>`);
    expect(await story.reads("<nd id=''/>")).toBe('false');
  });
});
