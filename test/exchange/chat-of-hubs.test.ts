import { describe, expect, it } from 'vitest';
import { HubConversation } from '../../src/cli/chat/hub-conversation.js';
import { Jid } from '../../src/domain/jid.js';
import { HubChat } from '../../src/main/hub-chat.js';
import { perform } from '../../src/web/perform.js';
import type { Element } from '../../src/xmpp/element.js';
import type { Peer } from '../../src/xmpp/peer.js';
import { FixedAdmin } from '../cli/fixed-admin.js';
import { CollectedLog } from '../world/collected-log.js';
import { ManualClock } from '../world/manual-clock.js';
import { stanza } from './pattern.js';

const ONE = Jid.parse('hub@one');
const TWO = Jid.parse('hub@two');

/** Two hubs on one link, and whatever passes what they say from one to the other. */
class TwoHubs {
  readonly clock = new ManualClock();
  readonly said: Element[] = [];
  private readonly hubs = new Map<Jid, HubChat>();
  private readonly passes: (message: Element) => Element;

  constructor(passes: (message: Element) => Element = (message) => message) {
    this.passes = passes;
    for (const jid of [ONE, TWO]) {
      const admin = new FixedAdmin();
      const facts = { mayOwn: () => false, isHub: (bare: string) => bare === jid.bare };
      const hub = new HubChat(facts, this.clock, new CollectedLog());
      hub.open(new HubConversation((name, request) => perform(admin, name, request), this.clock));
      this.hubs.set(jid, hub);
    }
  }

  /** A hub hears a message of the other, or of whoever speaks by its name. */
  hears(hub: Jid, message: Element): void {
    const other = hub === ONE ? TWO : ONE;
    const send = (answer: Element) => {
      this.said.push(answer);
      this.hears(other, this.passes(answer));
    };
    const peer: Peer = { jid: other, edge: 'link-local', assurance: 'unverified', send };
    this.hubs.get(hub)?.receive(message, hub, peer);
  }

  /** All that they say within these turns. */
  async talk(turns = 2000): Promise<number> {
    for (let i = 0; i < turns; i++) await new Promise((turn) => setImmediate(turn));
    return this.said.length;
  }
}

describe('two hubs on one link', () => {
  const hello = stanza("<message type='chat' from='hub@two' to='hub@one'><body>hello</body></message>");

  it('do not answer answers', async () => {
    const hubs = new TwoHubs();
    hubs.hears(ONE, hello);
    expect(await hubs.talk()).toBe(1);
    expect(hubs.said[0]?.child('body')?.text()).toContain('I am the home hub');
  });

  it('fall silent too where the mark is lost between them', async () => {
    const hubs = new TwoHubs((message) => message.withChildren([message.elements()[0] ?? '']));
    hubs.hears(ONE, hello);
    expect(await hubs.talk()).toBeLessThanOrEqual(40);
  });

  it('fall silent too where each answer becomes a question', async () => {
    let count = 0;
    const hubs = new TwoHubs(() =>
      stanza(`<message type='chat'><body>${count++ % 2 ? 'help' : 'things'} ${count}</body></message>`),
    );
    hubs.hears(ONE, hello);
    const said = await hubs.talk();
    expect(said).toBeGreaterThan(20);
    expect(said).toBeLessThanOrEqual(40);
    hubs.clock.advance(60_000);
    expect(await hubs.talk()).toBe(said);
  });
});
