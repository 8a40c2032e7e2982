import { expect } from 'vitest';
import { RefusedError } from '../../src/cli/hub-client.js';
import { main } from '../../src/cli/main-program.js';
import type { Shell } from '../../src/cli/shell.js';
import { loadConfig } from '../../src/config/load.js';
import type { Perform } from '../../src/domain/conversation.js';
import { HubError } from '../../src/domain/errors.js';
import { Jid } from '../../src/domain/jid.js';
import { Announcement } from '../../src/main/announcement.js';
import { adminOf } from '../../src/main/facts.js';
import { House } from '../../src/main/house.js';
import { MemoryBackend } from '../../src/storage/memory-backend.js';
import { MemoryStore } from '../../src/storage/memory-store.js';
import { SystemRandom } from '../../src/system/random.js';
import { perform } from '../../src/web/perform.js';
import type { Element } from '../../src/xmpp/element.js';
import type { Peer } from '../../src/xmpp/peer.js';
import { TypedShell } from '../cli/typed-shell.js';
import { bareMachine } from '../world/bare-machine.js';
import { CollectedLog } from '../world/collected-log.js';
import { ManualClock } from '../world/manual-clock.js';
import { MemoryFiles } from '../world/memory-files.js';
import { MemoryNetwork } from '../world/memory-network.js';
import { fits, show, stanza } from './pattern.js';

const DOMAIN = 'pronto.local';
const FOLDER = '/hearth';

/** The hub without its doors, with an edge of the test's own to those on the link; owner is anna. */
export class LinkStage {
  readonly clock = new ManualClock(new TypedShell().now());
  readonly house: House;
  /** What anna was written, oldest first. */
  readonly written: string[] = [];
  private readonly peers = new Map<string, Peer[]>();
  private readonly gone: ((peer: Peer) => void)[] = [];
  private readonly reachable: ((peer: Peer) => void)[] = [];
  private readonly ask: Perform;

  private constructor(house: House, ask: Perform, clock: ManualClock) {
    this.house = house;
    this.ask = ask;
    this.clock = clock;
    const of = (bare: string) => this.peers.get(bare) ?? [];
    house.connect({
      sessionsOf: of,
      availableOf: of,
      onReachable: (listener) => this.reachable.push(listener),
      onGone: (listener) => this.gone.push(listener),
    });
    house.router.add({
      serves: (to) => to.domain === DOMAIN,
      receive: (element) => this.written.push(element.elements()[0]?.text() ?? ''),
    });
  }

  static async open(settings: readonly string[] = []): Promise<LinkStage> {
    const clock = new ManualClock(new TypedShell().now());
    const world = {
      clock,
      random: new SystemRandom(),
      network: new MemoryNetwork(),
      files: new MemoryFiles(),
      processes: bareMachine,
      log: new CollectedLog(),
    };
    const set = ['mdns.enabled=false', `data=${FOLDER}`, ...settings];
    const machine = { label: 'pronto', dataFolder: FOLDER, thingsFolder: '/things' };
    const config = await loadConfig({ env: {}, set }, machine, world.files);
    const store = new MemoryStore(world, new MemoryBackend());
    const house = new House(config, DOMAIN, store, world);
    await store.start();
    house.core.start();
    const names = { load: async () => undefined, save: async () => undefined };
    const announcement = new Announcement(config, names, world);
    const parts = { config, house, store, announcement, clock, since: clock.now() };
    const admin = adminOf({ ...parts, server: undefined, link: undefined });
    const stage = new LinkStage(house, (name, request) => perform(admin, name, request), clock);
    await stage.prints('accounts', 'add', 'anna', '--owner');
    return stage;
  }

  /**
   * Somebody opens a stream on the link under a name, with a certificate or in clear; `undefined` where he is refused, as
   * the edge refuses him.
   */
  speaks(name: string, certificate?: string): LinkActor | undefined {
    const verdict = this.house.core.link.trust.admit(name, certificate);
    if (verdict === 'refused') return undefined;
    this.leaves(name);
    const inbox: Element[] = [];
    const jid = Jid.parse(name);
    const send = (element: Element) => void inbox.push(element);
    const peer: Peer = { jid, edge: 'link-local', assurance: verdict, certificate, send };
    this.peers.set(name, [peer]);
    for (const listener of this.reachable) listener(peer);
    return new LinkActor(peer, inbox, this.house.router);
  }

  /** The stream of a name ends. */
  leaves(name: string): void {
    const peers = this.peers.get(name) ?? [];
    this.peers.delete(name);
    for (const peer of peers) for (const listener of this.gone) listener(peer);
  }

  /** Runs a command within the hub, one argument for each word. */
  async run(...words: string[]) {
    const typed = new TypedShell();
    const shell: Shell = Object.assign(typed, { hub: { ask: refusing(this.ask) } });
    const code = await main(words, shell);
    return { code, output: typed.output, errors: typed.errors };
  }

  /** What a command prints; it must succeed. */
  async prints(...words: string[]): Promise<string> {
    const { code, output, errors } = await this.run(...words);
    expect([words.join(' '), code, errors]).toEqual([words.join(' '), 0, '']);
    return output;
  }
}

/** One on the link. */
export class LinkActor {
  private readonly peer: Peer;
  private readonly inbox: Element[];
  private readonly router: House['router'];
  private ids = 0;

  constructor(peer: Peer, inbox: Element[], router: House['router']) {
    this.peer = peer;
    this.inbox = inbox;
    this.router = router;
  }

  /** Sends one stanza, written as XML; the edge stamps the sender. */
  sends(xml: string): void {
    this.router.route(stanza(xml.replace(/^<(\w+)/, `<$1 from='${this.peer.jid.full}'`)), this.peer);
  }

  /** Asks the hub something, and takes the answer. */
  async asks(payload: string, type = 'set'): Promise<Element> {
    const id = `q${this.ids++}`;
    this.sends(`<iq type='${type}' id='${id}' to='hub.${DOMAIN}'>${payload}</iq>`);
    return this.receives(`<iq id='${id}'/>`);
  }

  /** Waits for a stanza that fits the pattern, and takes it. Rejects with what came instead. */
  async receives(pattern: string): Promise<Element> {
    const wanted = stanza(pattern);
    for (let turn = 0; turn < 200; turn++) {
      const at = this.inbox.findIndex((element) => fits(element, wanted));
      const found = this.inbox[at];
      if (found !== undefined) {
        this.inbox.splice(at, 1);
        return found;
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    throw new Error(`did not come: ${pattern}\nbut\n${this.inbox.map(show).join('\n')}`);
  }
}

/** As the control socket gives refusals on. */
function refusing(ask: Perform): Perform {
  return async (name, request) => {
    try {
      return await ask(name, request);
    } catch (error) {
      throw error instanceof HubError ? new RefusedError(error.code, error.message) : error;
    }
  };
}
