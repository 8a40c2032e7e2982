import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EVE, HUB, OWNER, TwoOwners } from './two-owners.js';

describe('questions that wait for an owner', () => {
  let story: TwoOwners;

  beforeEach(async () => {
    story = await TwoOwners.open();
    await story.registers('');
    await story.claims(story.anna, '');
    await story.settles();
  });

  afterEach(() => story.close());

  const field = (name: string) => `<f n='${name}'/>`;
  const fieldsOf = async () => {
    const asked = await story.question(story.anna);
    return asked.elements().map((child) => child.attribute('n'));
  };
  /** Turns of the hub in which something could have been sent. */
  const turns = async (): Promise<void> => {
    for (let i = 0; i < 50; i++) await new Promise((turn) => setImmediate(turn));
  };

  it('abuse 43: an answer allows what its owner was told, not what was asked for since', async () => {
    await story.reads(field('Temperature'));
    expect(await fieldsOf()).toEqual(['Temperature']);
    await story.reads(field('Secret'));
    await expect(story.stage.admin('allow', { number: 1 })).rejects.toThrow();
    expect(await story.pending()).toMatchObject([{ number: 2 }]);
    story.stage.clock.advance(10_000);
    expect(await fieldsOf()).toEqual(['Temperature', 'Secret']);
    await story.stage.admin('allow', { number: 2 });
    expect(await story.reads(field('Secret'))).toBe('true');
  });

  it('keep the key by which programs know them, and are told once where they wait', async () => {
    await story.reads(field('Temperature'));
    const before = await story.question(story.anna);
    await story.anna.leaves();
    await story.reads(field('Humidity'));
    await story.reads(field('Pressure'));
    story.stage.clock.advance(10_000);
    await story.arrives(story.anna);
    const asked = await story.question(story.anna);
    expect(asked.attribute('key')).toBe(before.attribute('key'));
    expect(asked.elements()).toHaveLength(3);
    story.stage.clock.advance(60_000);
    await turns();
    expect(story.anna.unread.filter((stanza) => stanza.child('canRead', OWNER))).toEqual([]);
  });

  it('abuse 47: hold no more than is good for anybody, and what strangers vary tells nobody anew', async () => {
    const many = Array.from({ length: 900 }, (_, i) => field(`Field${i}`)).join('');
    await story.reads(many);
    expect(await fieldsOf()).toHaveLength(200);
    const more = Array.from({ length: 900 }, (_, i) => field(`Other${i}`)).join('');
    await story.reads(more);
    for (let i = 0; i < 40; i++)
      await story.asks(
        story.meter,
        `<canRead xmlns='urn:nf:iot:prov:d:1.0' jid='${EVE}' m='true' st='${HUB}:t${i} ${'x'.repeat(2000)}'>${field('Field1')}</canRead>`,
        'get',
      );
    story.stage.clock.advance(60_000);
    await turns();
    expect(story.anna.unread.filter((stanza) => stanza.child('canRead', OWNER))).toEqual([]);
    await story.anna.leaves();
    await story.arrives(story.anna);
    const again = await story.question(story.anna);
    expect(again.elements()).toHaveLength(200);
    expect(again.attribute('st')?.split(' ')).toHaveLength(16);
  });
});
