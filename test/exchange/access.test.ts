import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Element } from '../../src/xmpp/element.js';
import type { Actor } from './actor.js';
import { MemoryStage } from './memory-stage.js';
import { HUB, wordsOf } from './words.js';

const DISCO = 'urn:nf:iot:disco:1.0';
const DEVICE = 'urn:nf:iot:prov:d:1.0';
const OWNER = 'urn:nf:iot:prov:o:1.0';
const METER = 'meter@pronto.local';
const APP = 'app@elsewhere.example';

describe('what may be read and controlled', () => {
  let stage: MemoryStage;
  let meter: Actor;
  let anna: Actor;

  const { arrives, asks, acknowledges, settles, condition } = wordsOf(() => stage);

  beforeEach(async () => {
    stage = await MemoryStage.open();
    await stage.admin('accounts-add', { name: 'anna', owner: true, password: 'anna-secret' });
    [meter, anna] = [await arrives('meter'), await arrives('anna')];
    await asks(meter, `<register xmlns='${DISCO}'><str name='KEY' value='k'/></register>`);
    await asks(anna, `<mine xmlns='${DISCO}'><str name='KEY' value='k'/></mine>`);
    await acknowledges(meter, `<claimed xmlns='${DISCO}'/>`);
    await acknowledges(meter, `<clearCache xmlns='${DEVICE}'/>`);
    await settles();
  });

  afterEach(() => stage.close());

  const canRead = async (more = "m='true'", content = ''): Promise<Element> => {
    const reply = await asks(
      meter,
      `<canRead xmlns='${DEVICE}' jid='${APP}' ${more}>${content}</canRead>`,
      'get',
    );
    const answer = reply.child('canReadResponse', DEVICE);
    if (answer === undefined) throw new Error('no canReadResponse');
    return answer;
  };
  const canControl = async (content: string): Promise<Element> => {
    const reply = await asks(
      meter,
      `<canControl xmlns='${DEVICE}' jid='${APP}'>${content}</canControl>`,
      'get',
    );
    const answer = reply.child('canControlResponse', DEVICE);
    if (answer === undefined) throw new Error('no canControlResponse');
    return answer;
  };
  const names = (answer: Element, element: string) =>
    answer
      .elements()
      .filter(({ name }) => name === element)
      .map((child) => child.attribute('n') ?? child.attribute('name'));
  /** The question that anna's program gets. */
  const question = async (name: string): Promise<Element> => {
    const message = await anna.receives(`<message from='${HUB}'><${name} xmlns='${OWNER}'/></message>`);
    const asked = message.child(name, OWNER);
    if (asked === undefined) throw new Error('no question');
    return asked;
  };
  const rule = (name: string, asked: Element, result: boolean, content: string) =>
    asks(
      anna,
      `<${name} xmlns='${OWNER}' jid='${METER}' remoteJid='${APP}' key='${asked.attribute('key')}' result='${result}'>${content}</${name}>`,
    );

  it('a stranger is refused, the owner decides in his program, the thing hears of it and asks again', async () => {
    expect((await canRead("m='true'", "<f n='Temperature'/>")).attribute('result')).toBe('false');
    const asked = await question('canRead');
    expect([asked.attribute('jid'), asked.attribute('remoteJid'), asked.attribute('m')]).toEqual([
      METER,
      APP,
      'true',
    ]);
    expect(names(asked, 'f')).toEqual(['Temperature']);
    const part = "<partial m='true'><f n='Temperature'/></partial><fromJid/>";
    expect((await rule('canReadRule', asked, true, part)).attribute('type')).toBe('result');
    await acknowledges(meter, `<clearCache xmlns='${DEVICE}'/>`);
    const answer = await canRead("m='true' h='true'", "<f n='Temperature'/><f n='Secret'/>");
    expect(answer.attribute('result')).toBe('true');
    expect([answer.attribute('m'), answer.attribute('h') ?? 'false']).toEqual(['true', 'false']);
    expect(names(answer, 'f')).toEqual(['Temperature']);
  });

  it('an answer allows what was asked for, and no more; what else is wanted is asked anew', async () => {
    await canRead("m='true'", "<f n='Temperature'/>");
    await stage.admin('allow', { number: 1 });
    expect((await canRead("m='true'", "<f n='Temperature'/>")).attribute('result')).toBe('true');
    expect((await canRead("h='true'", "<f n='Temperature'/>")).attribute('result')).toBe('false');
    expect((await stage.admin('pending', {})).questions).toHaveLength(1);
  });

  it('control is decided apart from reading, with the element names that the request used', async () => {
    await canRead("m='true'");
    await stage.admin('allow', { number: 1 });
    expect((await canControl("<parameter name='Output'/>")).attribute('result')).toBe('false');
    await stage.admin('allow', { number: 2 });
    const long = await canControl("<parameter name='Output'/><parameter name='Reset'/>");
    expect([long.attribute('result'), names(long, 'parameter')]).toEqual(['true', ['Output']]);
    const short = await canControl("<p n='Output'/>");
    expect([short.attribute('result'), names(short, 'p')]).toEqual(['true', ['Output']]);
  });

  it('abuse 44: the owner may everything, without a rule; a denial stays one', async () => {
    const own = await asks(
      meter,
      `<canControl xmlns='${DEVICE}' jid='anna@pronto.local'><p n='X'/></canControl>`,
      'get',
    );
    expect(own.elements()[0]?.attribute('result')).toBe('true');
    await canControl("<p n='X'/>");
    await stage.admin('deny', { number: 1 });
    expect((await canControl("<p n='X'/>")).attribute('result')).toBe('false');
    expect((await stage.admin('pending', {})).questions).toEqual([]);
  });

  it('abuse 45: with damaged data nothing may be read or controlled', async () => {
    await canRead("m='true'");
    await stage.admin('allow', { number: 1 });
    await stage.restartDamaged('a!');
    await meter.arrives();
    expect((await canRead("m='true'")).attribute('result')).toBe('false');
  });

  it('an owner who comes is asked again what waits for him, by his program with the same key', async () => {
    await canRead("m='true'", "<f n='Temperature'/>");
    const first = await question('canRead');
    await anna.leaves();
    await settles();
    await anna.arrives();
    anna.sends('<presence/>');
    expect((await question('canRead')).attribute('key')).toBe(first.attribute('key'));
  });

  it('an unknown key, another device, or a question of somebody else’s: there is no such item', async () => {
    await canRead("m='true'");
    const asked = await question('canRead');
    const wrong = await asks(
      anna,
      `<canReadRule xmlns='${OWNER}' jid='${METER}' remoteJid='${APP}' key='guess' result='true'><all/></canReadRule>`,
    );
    expect(condition(wrong)).toBe('item-not-found');
    await stage.admin('accounts-add', { name: 'bert', owner: true, password: 'bert-secret' });
    const bert = await arrives('bert');
    const foreign = await asks(
      bert,
      `<canReadRule xmlns='${OWNER}' jid='${METER}' remoteJid='${APP}' key='${asked.attribute('key')}' result='true'><all/></canReadRule>`,
    );
    expect(condition(foreign)).toBe('item-not-found');
    expect((await canRead("m='true'")).attribute('result')).toBe('false');
  });

  it('deleted rules raise a new question; devices are listed, caches cleared', async () => {
    await canRead("m='true'");
    await rule('canReadRule', await question('canRead'), true, '<fromDomain/>');
    await acknowledges(meter, `<clearCache xmlns='${DEVICE}'/>`);
    expect((await canRead("m='true'")).attribute('result')).toBe('true');
    await settles();
    await asks(anna, `<deleteRules xmlns='${OWNER}' jid='${METER}'/>`);
    await acknowledges(meter, `<clearCache xmlns='${DEVICE}'/>`);
    expect((await canRead("m='true'")).attribute('result')).toBe('false');
    expect((await stage.admin('pending', {})).questions).toHaveLength(1);
    const list = await asks(anna, `<getDevices xmlns='${OWNER}' offset='0' maxCount='10'/>`, 'get');
    expect(list.elements()[0]?.elements()[0]?.attribute('jid')).toBe(METER);
    await settles();
    await asks(anna, `<clearCache xmlns='${OWNER}' jid='${METER}'/>`);
    await acknowledges(meter, `<clearCache xmlns='${DEVICE}'/>`);
  });

  it('nodes of one account are decided one by one, and answered as the ones that are allowed', async () => {
    for (const node of ['a', 'b'])
      await asks(
        meter,
        `<register xmlns='${DISCO}' id='${node}'><str name='KEY' value='${node}'/></register>`,
      );
    for (const node of ['a', 'b'])
      await asks(anna, `<mine xmlns='${DISCO}'><str name='KEY' value='${node}'/></mine>`);
    const both = "<nd id='a'/><nd id='b'/><f n='Energy'/>";
    expect((await canRead("m='true'", both)).attribute('result')).toBe('false');
    expect((await stage.admin('pending', {})).questions).toHaveLength(2);
    await stage.admin('allow', { number: 1 });
    const answer = await canRead("m='true'", both);
    expect(answer.attribute('result')).toBe('true');
    expect(
      answer
        .elements()
        .filter(({ name }) => name === 'nd')
        .map((node) => node.attribute('id')),
    ).toEqual(['a']);
    expect(names(answer, 'f')).toEqual(['Energy']);
  });

  describe('when the thing does not hear of a decision at once', () => {
    const clear = `<iq type='set'><clearCache xmlns='${DEVICE}'/></iq>`;
    const allowed = async (): Promise<void> => {
      await canRead("m='true'");
      await stage.admin('allow', { number: 1 });
    };

    it('one that only asks, and shows itself to nobody, hears of it', async () => {
      const phone = stage.actor('meter');
      await phone.arrives(undefined, 'phone');
      phone.sends('<presence/>');
      await meter.arrives();
      await allowed();
      await acknowledges(meter, `<clearCache xmlns='${DEVICE}'/>`);
      expect(phone.unread.filter((stanza) => stanza.child('clearCache', DEVICE))).toEqual([]);
    });

    it('one that was off for a day hears of it before anything else', async () => {
      await canRead("m='true'");
      await meter.leaves();
      await stage.admin('allow', { number: 1 });
      stage.clock.advance(86_400_000);
      await meter.arrives();
      meter.sends('<presence/>');
      await acknowledges(meter, `<clearCache xmlns='${DEVICE}'/>`);
      expect((await canRead("m='true'")).attribute('result')).toBe('true');
    });

    it('a lost acknowledgement is asked for again, until it comes', async () => {
      await allowed();
      for (let i = 0; i < 3; i++) {
        await meter.receives(clear);
        stage.clock.advance(30_000);
        await vi.waitFor(() => expect(stage.clock.waiting()).toContain('notice retry'));
        stage.clock.advance(3_600_000);
      }
      await acknowledges(meter, `<clearCache xmlns='${DEVICE}'/>`);
      await settles();
      stage.clock.advance(7_200_000);
      expect(meter.unread.filter((stanza) => stanza.child('clearCache', DEVICE))).toEqual([]);
    });

    it('a restart in the middle of it loses neither the rule nor the word to the thing', async () => {
      await allowed();
      await meter.receives(clear);
      await stage.restart();
      await meter.arrives();
      meter.sends('<presence/>');
      await acknowledges(meter, `<clearCache xmlns='${DEVICE}'/>`);
      expect((await canRead("m='true'")).attribute('result')).toBe('true');
      expect((await stage.admin('pending', {})).questions).toEqual([]);
    });
  });
});
