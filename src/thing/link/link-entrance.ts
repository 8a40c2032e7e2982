import type { World } from '../../system/world.js';
import type { Capabilities } from '../../xmpp/capabilities.js';
import type { Element } from '../../xmpp/element.js';
import type { Peer } from '../../xmpp/peer.js';
import { errorReply, mayFail } from '../../xmpp/stanza.js';
import { SessionError } from '../client/session-error.js';
import type { Entered, Entrance } from '../entrance.js';
import { HUB_USER, HubSearch } from './hub-search.js';
import { HubTrust } from './hub-trust.js';
import { LinkCompany } from './link-company.js';
import type { LinkHub, LinkMemory } from './link-memory.js';
import { LinkSession } from './link-session.js';
import { LinkWhereabouts } from './link-whereabouts.js';
import { Station, type StationEvents } from './station.js';

/** How long a hub is waited for before it is said that there is none, in milliseconds. */
const LOOK = 10_000;

/** What a thing without an account brings along. */
export interface LinkEntranceParts {
  readonly memory: LinkMemory;
  /** Whether somebody owns anything of the thing: then it goes by no other name. */
  readonly isOwned: () => boolean;
  readonly world: World;
}

/** Comes into the hub without an account: is announced on the link, and waits for the hub to be announced there. */
export class LinkEntrance implements Entrance, StationEvents {
  private readonly parts: LinkEntranceParts;
  private readonly trust: HubTrust;
  private readonly search: HubSearch;
  private readonly whereabouts: LinkWhereabouts;
  private station: Station | undefined;
  private session: LinkSession | undefined;
  /** Resolves once the last station is gone. */
  private leaving: Promise<void> = Promise.resolve();
  private nameIsTaken = false;
  /** What the hub said when it refused the thing. */
  private refusal: string | undefined;
  private chance: () => void = () => {};
  private changed: () => void = () => {};

  constructor(parts: LinkEntranceParts) {
    const { memory, world } = parts;
    this.parts = parts;
    this.trust = new HubTrust(memory);
    this.search = new HubSearch({ memory, trust: this.trust, peers: () => this.station?.peers() ?? [] });
    this.whereabouts = new LinkWhereabouts((bare) => this.station?.peer(bare) !== undefined, world.clock);
  }

  async enter(signal: AbortSignal): Promise<Entered> {
    const { memory, world } = this.parts;
    const station = await this.arrive();
    const session = new LinkSession(station.jid, (bare) => station.peer(bare), world);
    const breakOff = () => session.end('The thing was stopped.');
    this.session = session;
    signal.addEventListener('abort', breakOff);
    try {
      if (signal.aborted) breakOff();
      const hub = await this.find(session, signal);
      await memory.pin(hub);
      session.belongTo(hub.jid);
      const describe = (capabilities: Capabilities) => station.describe(capabilities);
      return { session, company: new LinkCompany(this.whereabouts, memory, describe) };
    } catch (error) {
      session.end('There is no hub.');
      throw error;
    } finally {
      signal.removeEventListener('abort', breakOff);
    }
  }

  onChance(listener: () => void): void {
    this.chance = listener;
  }

  async stop(): Promise<void> {
    this.session?.end('The thing left this network.');
    this.whereabouts.stop();
    const { station } = this;
    this.station = undefined;
    this.leaving = Promise.all([this.leaving, station?.stop()]).then(() => undefined);
    await this.leaving;
  }

  receive(stanza: Element, peer: Peer): void {
    if (this.session !== undefined && !this.session.isOver) this.session.receive(stanza, peer);
    else if (mayFail(stanza) && stanza.name === 'iq')
      peer.send(errorReply(stanza, 'recipient-unavailable', 'This thing waits for its hub.'));
  }

  came(peer: Peer): void {
    this.search.forget(peer);
    this.whereabouts.came(peer.jid.bare);
    this.changed();
    const { hub } = this.parts.memory;
    if (hub === undefined || hub.jid === peer.jid.bare || peer.jid.local === HUB_USER) this.chance();
  }

  gone(peer: Peer): void {
    this.search.forget(peer);
    this.session?.gone(peer);
  }

  broken(peer: Peer, condition: string, text: string | undefined): void {
    const { memory } = this.parts;
    const refusal =
      condition === 'not-authorized'
        ? `${peer.jid.bare} does not hear this thing: ${text ?? condition}. Its certificate is ${memory.fingerprint}.`
        : undefined;
    if (peer.jid.bare === memory.hub?.jid) this.refusal = refusal;
    this.session?.broken(peer, refusal);
  }

  /** Two cannot go by one name [0174 3]. Somebody's thing insists on its name, and tries again; a new one takes another. */
  lost(): void {
    this.nameIsTaken = true;
    this.parts.world.log.warn('Another device took the name of this thing.', {
      name: this.station?.jid.bare,
    });
    this.session?.end('Another device on this network took the name of this thing.');
    void this.stop();
  }

  private async arrive(): Promise<Station> {
    if (this.station !== undefined) return this.station;
    await this.leaving;
    const { memory, isOwned, world } = this.parts;
    if (this.nameIsTaken && !isOwned()) await memory.rename();
    this.nameIsTaken = false;
    const { user, host, certificate } = memory;
    const { trust } = this;
    const station = new Station({ user, host, certificate, trust }, this, world);
    try {
      this.station = station;
      await station.start();
    } catch (error) {
      if (error instanceof SessionError && error.failure === 'name-taken') this.nameIsTaken = true;
      await this.stop();
      throw error;
    }
    return station;
  }

  /** Asks those who are here, and those who come within some seconds. */
  private async find(session: LinkSession, signal: AbortSignal): Promise<LinkHub> {
    const { clock } = this.parts.world;
    const until = clock.monotonic() + LOOK;
    this.refusal = undefined;
    for (;;) {
      let isNews = false;
      this.changed = () => {
        isNews = true;
      };
      const hub = await this.search.look(session);
      if (session.isOver || signal.aborted)
        throw new SessionError('unreachable', 'The search for a hub was broken off.');
      if (hub !== undefined) return hub;
      if (this.refusal !== undefined) throw new SessionError('login-refused', this.refusal);
      const rest = until - clock.monotonic();
      if (rest <= 0) throw this.noHub();
      if (!isNews) await this.news(session, rest);
    }
  }

  /** Resolves when somebody comes, the session ends, or the time is over. */
  private news(session: LinkSession, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.parts.world.clock.after(ms, resolve, 'hub on the link');
      const end = () => {
        timer.cancel();
        resolve();
      };
      this.changed = end;
      void session.ended.then(end);
    });
  }

  private noHub(): SessionError {
    const { hub } = this.parts.memory;
    const text =
      hub === undefined
        ? 'There is no hub on this network that speaks without a server. Start one.'
        : `The hub of this thing, ${hub.jid}, is not on this network.`;
    return new SessionError('unreachable', text);
  }
}
