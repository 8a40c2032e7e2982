import tls from 'node:tls';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NS } from '../../src/xmpp/namespaces.js';
import { TestCertificate } from '../world/certificates.js';
import { header, identityOf, type LinkActor, LinkStage } from './link-stage.js';
import { RawPeer } from './raw-peer.js';

const HUB = '192.0.2.1';
const ADDRESSES = ['192.0.2.5', '192.0.2.6', '::ffff:192.0.2.5'];
const NAMES = ['lamp@pronto', 'heater@pronto', 'Heater@pronto', 'hub@home', 'LAMP@PRONTO/x', ''];
const WORDS = [
  '<message><body>x</body></message>',
  "<message from='heater@pronto'><body>x</body></message>",
  "<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>",
  '<presence/>',
  '<stream:features/>',
  `<proceed xmlns='${NS.tls}'/>`,
  `<failure xmlns='${NS.tls}'/>`,
  "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
  '</stream:stream>',
];
const own = identityOf(new TestCertificate({ name: 'lamp' }));

/** What is played: peers, the hub and time, as chance has it. */
class Chance {
  private readonly stage: LinkStage;
  private readonly hub: LinkActor;
  private readonly peers: RawPeer[] = [];

  constructor(stage: LinkStage, hub: LinkActor) {
    this.stage = stage;
    this.hub = hub;
  }

  async dials(from: string): Promise<void> {
    this.peers.push(await this.stage.dials(from, this.hub));
  }

  writes(which: number, text: string): void {
    this.peer(which)?.writes(text);
  }

  hangsUp(which: number): void {
    this.peer(which)?.hangsUp();
  }

  async startsTls(which: number): Promise<void> {
    const peer = this.peer(which);
    peer?.writes(`<starttls xmlns='${NS.tls}'/>`);
    await turn();
    if (peer?.received.includes('<proceed') !== true) return;
    peer.received = '';
    peer.connection.removeAllListeners('data');
    const socket = tls.connect({ socket: peer.connection, rejectUnauthorized: false, ...own });
    this.peers[this.peers.indexOf(peer)] = new RawPeer(socket);
  }

  hubSpeaks(to: string): void {
    if (this.hub.endpoint.peer(to) === undefined) return;
    this.hub.asks('q', to);
    this.hub.says('x', to);
  }

  /** How many connections have not ended. */
  get open(): number {
    return this.peers.filter(({ ended }) => !ended).length;
  }

  private peer(which: number): RawPeer | undefined {
    return this.peers[which % Math.max(1, this.peers.length)];
  }
}

async function turn(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
}

type Step = (chance: Chance, stage: LinkStage, hub: LinkActor) => void | Promise<void>;

const which = fc.nat(5);
const name = fc.constantFrom(...NAMES);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.constantFrom(...ADDRESSES).map(
    (from): Step =>
      (chance) =>
        chance.dials(from),
  ),
  fc.tuple(which, name, fc.constantFrom('1.0', undefined)).map(
    ([n, from, version]): Step =>
      (chance) =>
        chance.writes(n, header({ from, ...(version && { version }) })),
  ),
  fc.tuple(which, fc.constantFrom(...WORDS)).map(
    ([n, text]): Step =>
      (chance) =>
        chance.writes(n, text),
  ),
  which.map(
    (n): Step =>
      (chance) =>
        chance.startsTls(n),
  ),
  which.map(
    (n): Step =>
      (chance) =>
        chance.hangsUp(n),
  ),
  fc.tuple(name, fc.constantFrom(5298, 5299), fc.constantFrom(...ADDRESSES.slice(0, 2))).map(
    ([instance, port, address]): Step =>
      (_, stage) =>
        stage.presences.announce({ instance, port, addresses: [address] }),
  ),
  name.map(
    (instance): Step =>
      (_, stage) =>
        stage.presences.withdraw(instance),
  ),
  name.map(
    (to): Step =>
      (chance) =>
        chance.hubSpeaks(to),
  ),
  fc.constantFrom(50, 1000, 2000, 15_000, 60_000).map(
    (ms): Step =>
      (_, stage) =>
        stage.clock.advance(ms),
  ),
  fc.boolean().map(
    (pinned): Step =>
      (_, _stage, hub) => {
        if (pinned) hub.pins.set('lamp@pronto', 'f'.repeat(64));
        else hub.pins.clear();
      },
  ),
);

describe('whatever peers on the link do, in whatever order', () => {
  it('no connection and no timer is left of it, and the hub finds no fault with itself', async () => {
    const story = async (steps: readonly Step[]) => {
      const stage = new LinkStage();
      const hub = await stage.actor('hub@home', HUB, {
        limits: { openingPerAddress: 12, streamsPerAddress: 12 },
      });
      await stage.listener('lamp@pronto', ADDRESSES[0] ?? '');
      const chance = new Chance(stage, hub);
      for (const one of steps) {
        await one(chance, stage, hub);
        await turn();
      }
      await stage.stop();
      await turn();
      for (let i = 0; i < 3; i++) stage.clock.advance(60_000);
      await turn();
      expect(chance.open).toBe(0);
      expect(stage.clock.waiting()).toEqual([]);
      expect(stage.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
    };
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), story), {
      numRuns: 60,
    });
  });
});
