import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { element } from '../../src/xmpp/element.js';
import { NS } from '../../src/xmpp/namespaces.js';
import { until } from '../xmpp/recording.js';
import { header, type LinkActor, LinkStage } from './link-stage.js';

const HUB = '192.0.2.1';
const MAC = '192.0.2.5';
const STREAMS = "xmlns:stream='http://etherx.jabber.org/streams'";

let stage: LinkStage;
let hub: LinkActor;

beforeEach(async () => {
  stage = new LinkStage();
  const info = () => element('query', NS.discoInfo, { node: 'urn:x#1' });
  hub = await stage.actor('hub@home', HUB, { more: { info } });
});

afterEach(() => stage.stop());

/** The header of libpurple: a prologue and a line of its own, double quotes, no version, names as they are. */
function purple(from: string, to: string): string {
  return (
    '<?xml version="1.0" encoding="UTF-8" ?>\n<stream:stream xmlns="jabber:client" ' +
    `xmlns:stream="http://etherx.jabber.org/streams" from="${from}" to="${to}">`
  );
}

const PURPLE_MESSAGE =
  '<message to="hub@home" from="anna@mac" type="chat"><body>help</body>' +
  '<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>' +
  '<x xmlns="jabber:x:event"><composing/></x></message>';

describe('libpurple', () => {
  it('is answered with a header without version and features, at once, before it says anything', async () => {
    await stage.listener('anna@mac', MAC);
    const anna = await stage.dials(MAC, hub);
    anna.writes(purple('anna@mac', 'hub@home'));
    const ours = await anna.reads('>');
    expect(ours + (await anna.reads('>'))).toMatch(
      new RegExp(
        `^<\\?xml version='1\\.0'\\?><stream:stream xmlns='jabber:client' ${STREAMS} ` +
          "from='hub@home' to='anna@mac' id='[a-z0-9]+'>$",
      ),
    );
    for (const piece of PURPLE_MESSAGE.match(/.{1,7}/g) ?? []) anna.writes(piece);
    await hub.hears();
    expect(hub.texts()).toEqual(['help']);
    expect(anna.received).toBe('');
  });

  it('is called, answers without version, and sends no features', async () => {
    const anna = await stage.listener('anna@mac', MAC);
    hub.says('a question', 'anna@mac');
    const call = await anna.call();
    await call.reads("from='hub@home' to='anna@mac' version='1.0'>");
    call.writes(purple('anna@mac', 'hub@home'));
    expect(await call.reads('</message>')).toBe(
      "<message type='chat' from='hub@home' to='anna@mac'><body>a question</body></message>",
    );
    call.writes(PURPLE_MESSAGE);
    await hub.hears();
    expect(hub.heard[0]?.peer).toBe(hub.peer('anna@mac'));
  });

  it('closes with a conversation, and opens the next', async () => {
    await stage.listener('anna@mac', MAC);
    for (const count of [1, 2]) {
      const anna = await stage.dials(MAC, hub);
      anna.writes(purple('anna@mac', 'hub@home'));
      await anna.reads("from='hub@home'");
      anna.writes(PURPLE_MESSAGE);
      await hub.hears(count);
      anna.writes('</stream:stream>');
      await anna.reads('</stream:stream>');
      await anna.ends();
    }
  });

  it('writes names as they are: where they break XML the stream ends, and nothing else', async () => {
    for (const name of ['a&b@mac', 'a<b@mac', 'a"b@mac']) {
      const anna = await stage.dials(MAC, hub);
      anna.writes(purple(name, 'hub@home'));
      // The end of a reference that is none is waited for as long as anything.
      stage.clock.advance(name === 'a&b@mac' ? 15_000 : 0);
      expect(await anna.reads('</stream:stream>')).toMatch(/<(not-well-formed|connection-timeout) /);
      stage.clock.advance(50);
      await anna.ends();
    }
    await stage.listener('anna@mac', MAC);
    const anna = await stage.dials(MAC, hub);
    anna.writes(purple('anna@mac', 'hub@home') + PURPLE_MESSAGE);
    await hub.hears();
    expect(stage.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('never answers an iq: whoever asked gives up by himself, and the stream goes on', async () => {
    const anna = await stage.listener('anna@mac', MAC);
    hub.asks('q1', 'anna@mac');
    const call = await anna.call();
    call.writes(purple('anna@mac', 'hub@home'));
    await call.reads('</iq>');
    stage.clock.advance(50_000);
    hub.says('still there', 'anna@mac');
    await call.reads('still there');
  });

  it('of an unknown name closes what we opened; who asked hears of it', async () => {
    const anna = await stage.listener('anna@mac', MAC);
    hub.asks('q1', 'anna@mac');
    const call = await anna.call();
    await call.reads('<stream:stream');
    call.hangsUp();
    expect(await hub.hears()).toContain('recipient-unavailable');
  });

  it('whose name is no XMPP address is not met; other signs are nothing special', async () => {
    const listener = await stage.listener("o'neil&co@mac", MAC);
    expect(hub.endpoint.peers()).toEqual([]);
    expect(listener.calls).toEqual([]);
    const other = await stage.listener('o!#$%*+-=?^`{|}~neil@mac', MAC, 5299);
    hub.says('hello', 'o!#$%*+-=?^`{|}~neil@mac');
    const call = await other.call();
    await call.reads("to='o!#$%*+-=?^`{|}~neil@mac'");
  });

  it('may need another header than the one with a version: two identities at one address are told apart', async () => {
    await stage.listener('anna@mac', MAC, 5298);
    await stage.listener('bert@mac', MAC, 5299);
    const anna = await stage.dials(MAC, hub);
    anna.writes(purple('anna@mac', 'hub@home') + PURPLE_MESSAGE);
    await hub.hears();
    const bert = await stage.dials(MAC, hub);
    bert.writes(purple('bert@mac', 'hub@home') + PURPLE_MESSAGE.replace('anna', 'bert'));
    await hub.hears(2);
    hub.says('to anna', 'anna@mac');
    hub.says('to bert', 'bert@mac');
    expect(await anna.reads('</message>')).toContain('to anna');
    expect(await bert.reads('</message>')).toContain('to bert');
  });
});

describe('telepathy-salut', () => {
  it('says 1.0, is offered TLS and what we understand, sends its own features and waits for none', async () => {
    await stage.listener('anna@mac', MAC);
    const anna = await stage.dials(MAC, hub);
    anna.writes(header({ from: 'anna@mac', to: 'hub@home', version: '1.0' }));
    expect(await anna.reads('</stream:features>')).toContain(
      " version='1.0'><stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>" +
        "<query xmlns='http://jabber.org/protocol/disco#info' node='urn:x#1'/></stream:features>",
    );
    anna.writes(`<stream:features/>${PURPLE_MESSAGE}`);
    await hub.hears();
    hub.says('hello', 'anna@mac');
    await anna.reads('hello');
  });

  it('that opened a stream and says nothing is written to in clear after two seconds', async () => {
    await stage.listener('anna@mac', MAC);
    const anna = await stage.dials(MAC, hub);
    anna.writes(header({ from: 'anna@mac', to: 'hub@home', version: '1.0' }));
    await anna.reads('</stream:features>');
    hub.says('hello', 'anna@mac');
    await until(() => stage.clock.waiting().includes('first word of a link stream'));
    expect(anna.received).toBe('');
    stage.clock.advance(2000);
    await anna.reads('hello');
  });

  it('is called, says 1.0 and speaks before it sends features', async () => {
    const anna = await stage.listener('anna@mac', MAC);
    hub.says('hello', 'anna@mac');
    const call = await anna.call();
    call.writes(header({ from: 'anna@mac', to: 'hub@home', version: '1.0' }) + PURPLE_MESSAGE);
    await hub.hears();
    await call.reads('hello');
  });
});

describe('Gajim', () => {
  it('answers 1.0 with empty features', async () => {
    const anna = await stage.listener('anna@mac', MAC);
    hub.says('hello', 'anna@mac');
    const call = await anna.call();
    call.writes(`${header({ from: 'anna@mac', version: '1.0' })}<stream:features></stream:features>`);
    await call.reads('hello');
  });

  it('that sends none is not waited for longer than two seconds', async () => {
    const anna = await stage.listener('anna@mac', MAC);
    hub.says('hello', 'anna@mac');
    const call = await anna.call();
    call.writes(header({ from: 'anna@mac', version: '1.0' }));
    await until(() => stage.clock.waiting().includes('features of a link stream'));
    stage.clock.advance(2000);
    await call.reads('hello');
  });
});

describe('any peer', () => {
  it('abuse 9: sends no more in one stanza than the limit', async () => {
    await stage.listener('anna@mac', MAC);
    const anna = await stage.dials(MAC, hub);
    anna.writes(`${header({ from: 'anna@mac' })}<message><body>${'x'.repeat(262_144)}</body></message>`);
    await anna.reads('<policy-violation');
    expect(hub.heard).toEqual([]);
  });

  it('sends little before it is known', async () => {
    const anna = await stage.dials(MAC, hub);
    anna.writes(`${header({})}<message><body>${'x'.repeat(9000)}</body></message>`);
    await anna.reads('<policy-violation');
  });

  it('sends a header of jabber:client', async () => {
    const anna = await stage.dials(MAC, hub);
    anna.writes(header({}).replace('jabber:client', 'jabber:server'));
    await anna.reads('<invalid-namespace');
  });
});
