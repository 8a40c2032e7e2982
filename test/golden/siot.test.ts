import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { rowOf } from '../../src/dialects/table.js';
import type { Element } from '../../src/xmpp/element.js';
import type { Actor } from '../exchange/actor.js';
import { MemoryStage } from '../exchange/memory-stage.js';
import { show } from '../exchange/pattern.js';
import { legible } from './errata.js';
import { examplesOf } from './examples.js';
import { readStanzas } from './stanzas.js';

const HUB = 'hub.pronto.local';
const NS = 'urn:xmpp:siot:1';
const NAME = 'Futuretec Light Bulb 10X';
const NOM = 'Futuretec Ampoule 10X';
const KEY = 'TWNK-KD5Y-MT3T-E1GS-DRDB-KVTW';

/** An example with the addresses of the stage; who sends it, and ids that the hub makes, are left to the stream. */
function example(number: number): Element {
  const found = examplesOf('siot').find((candidate) => candidate.number === number);
  if (found === undefined) throw new Error(`there is no example ${number}`);
  const here = legible(found)
    .replaceAll('provisioning.example.org', HUB)
    .replaceAll(/thing@exam?pl?e.org/g, 'thing@pronto.local')
    .replaceAll(/owner@example.(com|net)/g, 'owner@pronto.local')
    .replaceAll(/(anotherPossibleFriend|rommeo)@example.(com|net)/g, 'another@pronto.local')
    .replaceAll(/(requestor|possibleFriend|julia)@example.(com|net)/g, 'requestor@pronto.local');
  const [stanza] = readStanzas(here);
  if (stanza === undefined) throw new Error('nothing to send');
  const fromHub = stanza.attribute('from') === HUB;
  const ownId = fromHub && stanza.attribute('type') !== 'result';
  return stanza.withAttributes({
    ...(fromHub ? { to: undefined } : { from: undefined }),
    ...(ownId ? { id: undefined } : {}),
  });
}

describe('Simple IoT, with a hub', () => {
  let stage: MemoryStage;
  let thing: Actor;
  let owner: Actor;

  beforeEach(async () => {
    stage = await MemoryStage.open();
    await stage.admin('accounts-add', { name: 'owner', owner: true, password: 'owner-secret' });
    thing = stage.actor('thing');
    await thing.arrives();
    thing.sends("<iq type='get' id='roster'><query xmlns='jabber:iq:roster'/></iq>");
    await thing.receives("<iq type='result' id='roster'/>");
    thing.sends('<presence/>');
    owner = stage.actor('owner');
    await owner.arrives();
  });

  afterEach(() => stage.close());

  const plays = async (actor: Actor, sent: number, received: number): Promise<void> => {
    actor.sends(show(example(sent)));
    await actor.receives(show(example(received)));
  };
  const letsSee = (jid: string) =>
    `<iq type='set'><query xmlns='jabber:iq:roster'><item jid='${jid}' subscription='from'/></query></iq>`;
  const letsHubSee = letsSee(HUB);
  const register = (attributes: string, children = '') =>
    `<iq type='set' id='r' to='${HUB}'><register xmlns='${NS}' ${attributes}>${children}</register></iq>`;
  const claim = (id: string, name: string, key = KEY) =>
    `<iq type='set' id='${id}' to='${HUB}'><claim xmlns='${NS}' name='${name}' key='${key}'/></iq>`;
  const claimed = (id: string) =>
    `<iq type='result' id='${id}'><claimed xmlns='${NS}' jid='thing@pronto.local'/></iq>`;
  const refused = (id: string, condition: string) =>
    `<iq type='error' id='${id}'><error><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`;

  it('the first seven examples, one after the other', async () => {
    await plays(thing, 1, 2);
    await thing.receives(show(example(3)));
    thing.sends(show(example(4)));
    await thing.receives(letsHubSee);
    await plays(owner, 5, 6);
    await thing.receives(show(example(7)));
    await expect(stage.admin('things', {})).resolves.toMatchObject({
      things: [{ address: 'thing@pronto.local', owner: 'owner@pronto.local', public: false }],
    });
  });

  it('the examples of friends, one after the other', async () => {
    await plays(thing, 1, 2);
    await plays(owner, 5, 6);
    await thing.receives(show(example(7)));
    owner.sends('<presence/>');
    await owner.receives("<presence from='owner@pronto.local/story'/>");
    const [requestor, another] = [stage.actor('requestor'), stage.actor('another')];
    await requestor.arrives();
    await another.arrives();
    requestor.sends(show(example(8)));
    await thing.receives("<presence type='subscribe' from='requestor@pronto.local'/>");

    await plays(thing, 9, 12);
    await owner.receives(show(example(13)));
    thing.sends(show(example(9)).replace('requestor@', 'another@'));
    await thing.receives(show(example(12)));
    await plays(owner, 14, 15);
    // A thing has a second's rest after it was told something last [abuse 50].
    stage.clock.advance(1000);
    await plays(owner, 16, 17);
    // Nobody was a friend before, so that nobody ceases to be one.
    const states = show(example(18)).replace(/<item [^>]*friend='no'[^>]*>/, '');
    // Two decisions at once clear the cache twice, a second apart; friends hear after that.
    stage.clock.advance(1000);
    await thing.receives(states);
    await plays(thing, 9, 11);
    thing.sends(show(example(9)).replace('requestor@', 'another@'));
    await thing.receives(show(example(10)));

    // Who is a contact of the thing ceases to be one.
    another.sends("<presence type='subscribe' to='thing@pronto.local'/>");
    await thing.receives("<presence type='subscribe' from='another@pronto.local'/>");
    thing.sends("<presence type='subscribed' to='another@pronto.local'/>");
    await thing.receives(letsSee('another@pronto.local'));
    stage.clock.advance(1000);
    const ends = "<non-friend jid='another@pronto.local'/>";
    owner.sends(
      `<iq type='set' id='e' to='${HUB}'><friend-state-update xmlns='${NS}'>${ends}</friend-state-update></iq>`,
    );
    await owner.receives("<iq type='result' id='e'/>");
    const ended = "<item jid='another@pronto.local' friend='no'/>";
    await thing.receives(
      `<message from='${HUB}'><friendship-states xmlns='${NS}'>${ended}</friendship-states></message>`,
    );
    await plays(thing, 9, 11);
  });

  it('a question is answered in the namespace in which it was asked', async () => {
    await plays(thing, 1, 2);
    await plays(owner, 5, 6);
    for (const ns of [NS, 'jabber:client']) {
      thing.sends(
        `<iq type='get' id='f' to='${HUB}'><is-friend-query xmlns='${ns}' jid='owner@pronto.local'/></iq>`,
      );
      await thing.receives(`<iq type='result' id='f'><is-friend-result xmlns='${ns}' friend='yes'/></iq>`);
    }
  });

  it('abuse 48: an update by one who owns nothing is forbidden', async () => {
    const eve = stage.actor('eve');
    await eve.arrives();
    eve.sends(show(example(16)));
    await eve.receives(refused('friend-state-update-1', 'forbidden'));
  });

  it.each([
    ['the attribute of the prose', `name='${NAME}' key='${KEY}'`, ''],
    ['the children of the example', `key='${KEY}'`, `<name>${NAME}</name>`],
    ['a child in a language only', `key='${KEY}'`, `<name xml:lang='en'>${NAME}</name>`],
    ['both', `name='${NAME}' key='${KEY}'`, `<name>${NAME}</name><name xml:lang='fr'>${NOM}</name>`],
    [
      'a later language',
      `name='x' key='${KEY}'`,
      `<name xml:lang='fr'>${NOM}</name><name xml:lang='en'>${NAME}</name>`,
    ],
  ])('a thing is claimed by its name in %s', async (_, attributes, children) => {
    thing.sends(register(attributes, children));
    await thing.receives("<iq type='result' id='r'/>");
    owner.sends(claim('c1', NAME, 'WRNG'));
    await stage.passes(owner.receives(refused('c1', 'item-not-found')));
    owner.sends(claim('c2', NAME));
    await owner.receives(claimed('c2'));
    await thing.receives(`<message from='${HUB}'><owner xmlns='${NS}' jid='owner@pronto.local'/></message>`);
  });

  it('the name to show is the one that says no language', async () => {
    thing.sends(register(`key='${KEY}'`, `<name xml:lang='fr'>${NOM}</name><name>${NAME}</name>`));
    await thing.receives("<iq type='result' id='r'/>");
    const { things } = await stage.admin('things', {});
    expect(things.map(({ tags }) => tags)).toEqual([{ NAME }]);
  });

  it('a claimed thing that registers again hears an empty result, and its owner in a message', async () => {
    await plays(thing, 1, 2);
    await plays(owner, 5, 6);
    await thing.receives(show(example(7)));
    await plays(thing, 1, 2);
    await thing.receives(show(example(7)));
  });

  it('a thing that let the hub see it is not asked again', async () => {
    await plays(thing, 1, 2);
    await thing.receives(show(example(3)));
    thing.sends(show(example(4)));
    await thing.receives(letsHubSee);
    await plays(thing, 1, 2);
    thing.sends(`<iq type='get' id='p' to='${HUB}'><ping xmlns='urn:xmpp:ping'/></iq>`);
    await thing.receives("<iq type='result' id='p'/>");
    expect(thing.unread.filter((stanza) => stanza.attribute('type') === 'subscribe')).toEqual([]);
  });

  it('what Simple IoT has no words for waits for nobody: a disowned thing is free when it registers anew', async () => {
    await plays(thing, 1, 2);
    await plays(owner, 5, 6);
    await thing.receives(show(example(7)));
    await vi.waitFor(async () => expect((await stage.admin('status', {})).counts.notices).toBe(0));
    const disown = "<disown xmlns='urn:nf:iot:disco:1.0' jid='thing@pronto.local'/>";
    owner.sends(`<iq type='set' id='d' to='${HUB}'>${disown}</iq>`);
    await owner.receives("<iq type='result' id='d'/>");
    owner.sends(claim('c1', NAME));
    await stage.passes(owner.receives(refused('c1', 'item-not-found')));
    await plays(thing, 1, 2);
    owner.sends(claim('c2', NAME));
    await owner.receives(claimed('c2'));
  });

  it('what registered in one dialect is claimed in another, by the same name and key', async () => {
    await plays(thing, 1, 2);
    const tags = `<str name='NAME' value='${NAME}'/><str name='KEY' value='${KEY}'/>`;
    const disco = 'urn:nf:iot:disco:1.0';
    owner.sends(`<iq type='set' id='m' to='${HUB}'><mine xmlns='${disco}' public='true'>${tags}</mine></iq>`);
    await owner.receives(
      `<iq type='result' id='m'><claimed xmlns='${disco}' jid='thing@pronto.local'/></iq>`,
    );
    await thing.receives(show(example(7)));
  });

  it.each([
    ['no key', `name='x'`, ''],
    ['no name', `key='k'`, ''],
    ['an empty key', `name='x' key=''`, ''],
    ['an empty name', `name='' key='k'`, '<name>x</name>'],
    ['an empty child', `key='k'`, '<name/>'],
    ['a long key', `name='x' key='${'k'.repeat(129)}'`, ''],
    ['a long name', `key='k'`, `<name>${'x'.repeat(129)}</name>`],
    ['text beside the names', `name='x' key='k'`, 'lamp'],
    ['an element in a name', `key='k'`, '<name><b/>x</name>'],
    ['something else', `name='x' key='k'`, '<str/>'],
    ['a name of another namespace', `name='x' key='k'`, "<name xmlns='urn:x'>y</name>"],
    [
      '33 names',
      `key='k'`,
      Array.from({ length: 33 }, (_, i) => `<name xml:lang='x-${i}'>${i}</name>`).join(''),
    ],
  ])('abuse 28: refuses to register with %s', async (_, attributes, children) => {
    thing.sends(register(attributes, children));
    await thing.receives(refused('r', 'bad-request'));
    expect((await stage.admin('things', {})).things).toEqual([]);
  });

  it.each([
    ["name='x'", 'bad-request'],
    ["key='k'", 'bad-request'],
    ["name='' key='k'", 'bad-request'],
    ["name='x' key='k'", 'item-not-found'],
  ])('a claim with %s is refused: %s', async (attributes, condition) => {
    owner.sends(`<iq type='set' id='c' to='${HUB}'><claim xmlns='${NS}' ${attributes}/></iq>`);
    await stage.passes(owner.receives(refused('c', condition)));
  });

  it('both say type set; a get is not understood', async () => {
    thing.sends(register(`name='x' key='k'`).replace("type='set'", "type='get'"));
    await thing.receives(refused('r', 'service-unavailable'));
  });
});

describe('what Simple IoT says of a thing', () => {
  const text = fc.string({ minLength: 1, maxLength: 60 });
  const names = fc.uniqueArray(text, { minLength: 1, maxLength: 32 });

  it('every name and key comes back as it went out, the first name first', () => {
    const row = rowOf('register', 'siot');
    fc.assert(
      fc.property(names, text, (all, key) => {
        const [tags = [], ...otherTags] = all.map((name) => [
          { name: 'NAME', value: name },
          { name: 'KEY', value: key },
        ]);
        const node = { nodeId: '', sourceId: '', cacheType: '' };
        const command = { node, selfOwned: false, tags, otherTags, generation: 'siot' } as const;
        expect({ otherTags: [], ...row.readRequest(row.writeRequest(command)) }).toEqual(command);
      }),
    );
  });
});
